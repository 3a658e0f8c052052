/** What a list of the entity record holds for the record at hand, each equal element once where the table says so. */

import type { Frame } from "./frame.ts";
import { type Elements, FRAMES_KEPT, type Frames } from "./frames.ts";
import type { Notes } from "./notes.ts";
import type { Group, Item, Node } from "./tree.ts";

/** True when one of the rows has a text. */
export function hasText(rows: readonly number[], { texts }: Frame): boolean {
  for (let i = 0; i < rows.length; i++) if (texts[rows[i] ?? -1] !== undefined) return true;
  return false;
}

/** True when a field of the entity record is written. Constants alone are, with the message around them. */
export function isWritten({ rows }: Node, frame: Frame): boolean {
  return rows.length === 0 || hasText(rows, frame);
}

/** The text of the first row that has one. */
export function firstText(rows: readonly number[], { texts }: Frame): string | undefined {
  for (let i = 0; i < rows.length; i++) {
    const text = texts[rows[i] ?? -1];
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What tells an element from the others of its list. No label holds a quotation mark. */
const elementKey = (label: string | undefined, text: string): string =>
  label === undefined ? text : `${label}"${text}`;

const elementsOf = ({ each }: Item | Group, { elements }: Frames): Elements | undefined =>
  each === undefined ? undefined : elements[each.index];

/** From this number of elements on, equal ones are looked up rather than searched for. */
const MANY = 16;

/** The texts of a list of texts or labels: row by row, each row's in the page's order. Filled anew for each list. */
export class TextList<I extends Item> {
  count = 0;
  /** The items that wrote the texts first. */
  readonly items: I[] = [];
  readonly texts: string[] = [];
  /** The frames that the texts are of. */
  readonly frames: Frame[] = [];
  readonly #frames: Frames;
  /** The rows that wrote the texts, by the keys of the elements; where there are many. */
  #known: Map<string, number> | undefined;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  fill(items: readonly I[], frame: Frame, isDistinct: boolean, notes: Notes | undefined): void {
    this.count = 0;
    this.#known = undefined;
    if (this.frames.length > FRAMES_KEPT) this.frames.length = FRAMES_KEPT;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item === undefined) continue;
      const elements = elementsOf(item, this.#frames);
      if (elements === undefined) this.#add(item, frame, isDistinct, notes);
      else {
        for (let at = 0; at < elements.count; at++) {
          this.#add(item, elements.frames[at] ?? frame, isDistinct, notes);
        }
      }
    }
  }

  #add(item: I, frame: Frame, isDistinct: boolean, notes: Notes | undefined): void {
    const { row, label, value } = item;
    const text = value ?? frame.texts[row];
    if (text === undefined) return;
    if (isDistinct) {
      const first = this.#find(label, text);
      if (first !== undefined) {
        notes?.repeated(row, first);
        return;
      }
      this.#known?.set(elementKey(label, text), row);
    }
    this.items[this.count] = item;
    this.frames[this.count] = frame;
    this.texts[this.count++] = text;
  }

  /** The row that wrote an equal element. */
  #find(label: string | undefined, text: string): number | undefined {
    if (this.#known === undefined && this.count < MANY) {
      for (let at = 0; at < this.count; at++) {
        const item = this.items[at];
        if (this.texts[at] === text && item?.label === label) return item?.row;
      }
      return undefined;
    }
    this.#known ??= new Map(
      this.items
        .slice(0, this.count)
        .map((item, at) => [elementKey(item.label, this.texts[at] ?? ""), item.row]),
    );
    return this.#known.get(elementKey(label, text));
  }
}

/** Goes through the messages of one list: group by group, and within a group in the page's order. */
export class MessageList<G extends Group> {
  /** The message at hand, and the frame that has its texts. */
  group: G | undefined;
  frame: Frame;
  readonly #frames: Frames;
  #groups: readonly G[] = [];
  /** The frame of those that are not an element of a list. */
  #around: Frame;
  #notes: Notes | undefined;
  /** The message to look at next: its group, and in it the element. */
  #next = 0;
  #element = 0;
  readonly #known: KnownMessages<G> | undefined;

  /** @param isDistinct whether equal messages stand once */
  constructor(frames: Frames, isDistinct: boolean) {
    this.#frames = frames;
    this.frame = frames.record;
    this.#around = frames.record;
    this.#known = isDistinct ? new KnownMessages(frames) : undefined;
  }

  /** Starts with the list of a record, or of an element in it. */
  start(groups: readonly G[], frame: Frame, notes: Notes | undefined): void {
    this.#groups = groups;
    this.#around = frame;
    this.#notes = notes;
    this.#next = 0;
    this.#element = 0;
    this.#known?.clear();
  }

  /** Takes up the next message; false when there is none. */
  next(): boolean {
    for (; this.#next < this.#groups.length; this.#next++) {
      const group = this.#groups[this.#next];
      const elements = group && elementsOf(group, this.#frames);
      const count = elements?.count ?? 1;
      while (group !== undefined && this.#element < count) {
        const frame = elements === undefined ? this.#around : elements.frames[this.#element];
        this.#element++;
        if (frame === undefined || !hasText(group.rows, frame)) continue;
        if (this.#known?.has(group, frame, this.#notes) === true) continue;
        this.group = group;
        this.frame = frame;
        return true;
      }
      this.#element = 0;
    }
    return false;
  }
}

/** The messages of a list so far. */
class KnownMessages<G extends Group> {
  #count = 0;
  readonly #groups: G[] = [];
  readonly #frames: Frame[] = [];
  /** The texts that tell the messages from most others. */
  readonly #telling: string[] = [];
  /** The first message with each of those texts, where there are many. */
  #firstWith: Map<string, number> | undefined;
  /** Whether `#byKey` has the message; told of the first with each telling text. */
  readonly #hasKey: boolean[] = [];
  /** The messages that share their telling text with another, by all that they write. */
  readonly #byKey = new Map<string, number>();
  readonly #texts: TextList<Item>;

  constructor(frames: Frames) {
    this.#texts = new TextList(frames);
  }

  clear(): void {
    this.#count = 0;
    this.#firstWith = undefined;
    if (this.#byKey.size > 0) this.#byKey.clear();
    if (this.#frames.length > FRAMES_KEPT) this.#frames.length = FRAMES_KEPT;
  }

  /** Whether an equal message is known. One that is not becomes known. */
  has(group: G, frame: Frame, notes: Notes | undefined): boolean {
    const text = firstText(group.telling, frame) ?? "";
    const first = this.#find(text);
    if (first !== undefined && this.#isRepeated(first, group, frame, notes)) return true;
    if (first === undefined) this.#firstWith?.set(text, this.#count);
    this.#telling[this.#count] = text;
    this.#hasKey[this.#count] = false;
    this.#groups[this.#count] = group;
    this.#frames[this.#count++] = frame;
    return false;
  }

  /** The first message with this telling text. */
  #find(text: string): number | undefined {
    if (this.#firstWith === undefined && this.#count < MANY) {
      for (let at = 0; at < this.#count; at++) if (this.#telling[at] === text) return at;
      return undefined;
    }
    if (this.#firstWith === undefined) {
      this.#firstWith = new Map();
      for (let at = this.#count - 1; at >= 0; at--) this.#firstWith.set(this.#telling[at] ?? "", at);
    }
    return this.#firstWith.get(text);
  }

  /** Whether a message is equal to one of those with the same telling text, of which `first` is the first. */
  #isRepeated(first: number, group: G, frame: Frame, notes: Notes | undefined): boolean {
    const groupOfFirst = this.#groups[first];
    if (groupOfFirst !== undefined && this.#hasKey[first] === false) {
      this.#hasKey[first] = true;
      this.#byKey.set(this.#keyOf(groupOfFirst.fields, this.#frames[first] ?? frame), first);
    }
    const key = this.#keyOf(group.fields, frame);
    const same = this.#byKey.get(key);
    if (same === undefined) {
      this.#byKey.set(key, this.#count);
      return false;
    }
    if (notes === undefined) return true;
    const theirs = this.#rowsOf(this.#groups[same]?.fields ?? [], this.#frames[same] ?? frame, undefined);
    for (const [at, row] of this.#rowsOf(group.fields, frame, notes).entries()) {
      if (row !== undefined) notes.repeated(row, theirs[at] ?? row);
    }
    return true;
  }

  /** The rows that wrote the texts of a message, in the order of its key; a constant is undefined. */
  #rowsOf(fields: readonly Node[], frame: Frame, notes: Notes | undefined): (number | undefined)[] {
    const written = fields.filter((node) => isWritten(node, frame));
    return written.flatMap((node) => this.#rowsOfValue(node, frame, notes));
  }

  #rowsOfValue(node: Node, frame: Frame, notes: Notes | undefined): (number | undefined)[] {
    switch (node.kind) {
      case "constant":
        return [undefined];
      case "text":
        return [node.rows.find((row) => frame.texts[row] !== undefined)];
      case "message":
        return this.#rowsOf(node.fields, frame, notes);
      case "texts":
      case "labels": {
        const list = this.#texts;
        list.fill(node.items, frame, true, notes);
        const items = list.items.slice(0, list.count);
        return items.map(({ row, value }) => (value === undefined ? row : undefined));
      }
      case "messages": {
        const groups = node.groups.filter(({ rows }) => hasText(rows, frame));
        return groups.flatMap((group) => this.#rowsOf(group.fields, frame, notes));
      }
    }
  }

  /** What tells a message from others that are equal as written: its texts, by their places. */
  #keyOf(fields: readonly Node[], frame: Frame): string {
    const written = fields.filter((node) => isWritten(node, frame));
    return JSON.stringify(written.map((node) => [node.key, this.#keyOfValue(node, frame)]));
  }

  #keyOfValue(node: Node, frame: Frame): unknown {
    switch (node.kind) {
      case "constant":
        return node.value;
      case "text":
        return firstText(node.rows, frame);
      case "message":
        return this.#keyOf(node.fields, frame);
      case "texts":
      case "labels": {
        const list = this.#texts;
        list.fill(node.items, frame, true, undefined);
        return list.texts.slice(0, list.count).map((text, at) => [list.items[at]?.label, text]);
      }
      case "messages":
        return node.groups.map((group) => hasText(group.rows, frame) && this.#keyOf(group.fields, frame));
    }
  }
}
