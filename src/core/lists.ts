/** What a list of the entity record holds for the record at hand, each equal element once where the table says so. */

import type { Frame } from "./frame.ts";
import type { Elements, Frames } from "./frames.ts";
import type { Notes } from "./notes.ts";
import type { Group, Item, Node } from "./plan.ts";

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

const elementsOf = ({ each }: Item | Group, { elements }: Frames): Elements | undefined =>
  each === undefined ? undefined : elements[each.index];

/** From this number of elements on, equal ones are looked up rather than searched for. */
const MANY = 16;

/** The texts of a list of texts or labels: row by row, each row's in the page's order. Filled anew for each list. */
export class TextList {
  count = 0;
  /** The rows that wrote the texts first. */
  readonly rows: number[] = [];
  readonly texts: string[] = [];
  readonly labels: string[] = [];
  /** The frames that the texts are of. */
  readonly frames: Frame[] = [];
  readonly #frames: Frames;
  #known: Map<string, number> | undefined;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  fill(items: readonly Item[], frame: Frame, isDistinct: boolean, notes: Notes | undefined): void {
    this.count = 0;
    this.#known = undefined;
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

  #add({ row, label = "", value }: Item, frame: Frame, isDistinct: boolean, notes: Notes | undefined): void {
    const text = value ?? frame.texts[row];
    if (text === undefined) return;
    if (isDistinct) {
      const first = this.#find(label, text);
      if (first !== undefined) {
        notes?.repeated(row, first);
        return;
      }
      this.#known?.set(label + text, row);
    }
    this.rows[this.count] = row;
    this.labels[this.count] = label;
    this.frames[this.count] = frame;
    this.texts[this.count++] = text;
  }

  /** The row that wrote an equal element. */
  #find(label: string, text: string): number | undefined {
    if (this.#known === undefined && this.count < MANY) {
      for (let at = 0; at < this.count; at++) {
        if (this.texts[at] === text && this.labels[at] === label) return this.rows[at];
      }
      return undefined;
    }
    this.#known ??= new Map(
      this.texts.slice(0, this.count).map((one, at) => [(this.labels[at] ?? "") + one, this.rows[at] ?? -1]),
    );
    return this.#known.get(label + text);
  }
}

/** The messages of a list so far, by which one that is equal is found. */
class Seen {
  /** By the first text that a message writes: the first message that writes it. */
  readonly firsts = new Map<string, { readonly group: Group; readonly frame: Frame; isKeyed: boolean }>();
  /** By all that tells a message from others: the messages that share their first text with another. */
  readonly keys = new Map<string, Group>();
  readonly isConstant: (key: string) => boolean;

  constructor(groups: readonly Group[]) {
    const constants = constantsOf(groups);
    this.isConstant = (key) => constants.has(key);
  }
}

const knownConstants = new WeakMap<readonly Group[], ReadonlySet<string>>();

/** The fields that are constant in every message of a list. */
function constantsOf(groups: readonly Group[]): ReadonlySet<string> {
  let known = knownConstants.get(groups);
  if (known === undefined) {
    const isConstant = (key: string): boolean =>
      groups.every(({ fields }) => fields.some((node) => node.key === key && node.kind === "constant"));
    known = new Set(groups[0]?.fields.map(({ key }) => key).filter(isConstant));
    knownConstants.set(groups, known);
  }
  return known;
}

/** The first text that a message writes, apart from the fields to `skip`. Equal messages have the same. */
function firstOf(fields: readonly Node[], frame: Frame, skip?: (key: string) => boolean): string {
  for (let i = 0; i < fields.length; i++) {
    const node = fields[i];
    if (node === undefined || skip?.(node.key) === true || !isWritten(node, frame)) continue;
    switch (node.kind) {
      case "constant":
        return node.value;
      case "text":
        return firstText(node.rows, frame) ?? "";
      case "message":
        return firstOf(node.fields, frame);
      case "texts":
      case "labels":
        for (const { row, value } of node.items) {
          const text = value ?? frame.texts[row];
          if (text !== undefined) return text;
        }
        return "";
      case "messages":
        return "";
    }
  }
  return "";
}

/** The messages of one list: group by group, and within a group in the page's order. Filled anew for each record. */
export class MessageList {
  count = 0;
  readonly groups: Group[] = [];
  /** The frames that have the messages' texts. */
  readonly frames: Frame[] = [];
  readonly #frames: Frames;
  readonly #texts: TextList;

  constructor(frames: Frames) {
    this.#frames = frames;
    this.#texts = new TextList(frames);
  }

  fill(groups: readonly Group[], frame: Frame, isDistinct: boolean, notes: Notes | undefined): void {
    this.count = 0;
    let seen: Seen | undefined;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g];
      if (group === undefined) continue;
      const elements = elementsOf(group, this.#frames);
      const count = elements?.count ?? 1;
      for (let at = 0; at < count; at++) {
        const one = elements === undefined ? frame : (elements.frames[at] ?? frame);
        if (!hasText(group.rows, one)) continue;
        if (isDistinct && this.count > 0) {
          seen ??= this.#seenFirst(groups);
          if (this.#isRepeated(group, one, seen, notes)) continue;
        }
        this.groups[this.count] = group;
        this.frames[this.count++] = one;
      }
    }
  }

  /** Begins with the one message that the list has. */
  #seenFirst(groups: readonly Group[]): Seen {
    const seen = new Seen(groups);
    const [group] = this.groups;
    const [frame] = this.frames;
    if (group !== undefined && frame !== undefined) {
      seen.firsts.set(firstOf(group.fields, frame, seen.isConstant), { group, frame, isKeyed: false });
    }
    return seen;
  }

  /** Most messages differ in the first text that they write, so that only the others are compared as a whole. */
  #isRepeated(
    group: Group,
    frame: Frame,
    { firsts, keys, isConstant }: Seen,
    notes: Notes | undefined,
  ): boolean {
    const { rows, fields } = group;
    const first = firstOf(fields, frame, isConstant);
    const before = firsts.get(first);
    if (before === undefined) {
      firsts.set(first, { group, frame, isKeyed: false });
      return false;
    }
    if (!before.isKeyed) {
      before.isKeyed = true;
      keys.set(this.#keyOf(before.group.fields, before.frame), before.group);
    }
    const key = this.#keyOf(fields, frame);
    const same = keys.get(key);
    if (same === undefined) {
      keys.set(key, group);
      return false;
    }
    for (const [at, row] of rows.entries()) {
      if (frame.texts[row] !== undefined) notes?.repeated(row, same.rows[at] ?? row);
    }
    return true;
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
        return list.texts.slice(0, list.count).map((text, at) => [list.labels[at], text]);
      }
      case "messages":
        return node.groups.map((group) => hasText(group.rows, frame) && this.#keyOf(group.fields, frame));
    }
  }
}
