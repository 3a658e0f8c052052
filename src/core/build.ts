/** Renders the texts of rows as the object of an entity record. */

import type { Frame } from "./frame.ts";
import type { Frames } from "./frames.ts";
import { firstText, isWritten, MessageList, TextList } from "./lists.ts";
import type { Notes } from "./notes.ts";
import type { Plan } from "./plan.ts";
import type { Group, Item, Node } from "./tree.ts";

/** An object of an entity record, its keys in code-point order. */
export interface Built {
  [field: string]: Built | string | readonly (Built | string)[];
}

/** Where the notes are told of writes: the path of the message that is built. */
interface Noting {
  readonly notes: Notes;
  readonly path: string;
}

const below = ({ notes, path }: Noting, step: string): Noting => ({ notes, path: path + step });

/** Adds an element. A list that starts with one has room for one; what is pushed on an empty list makes room for 17. */
function added<T>(list: T[] | undefined, element: T): T[] {
  if (list === undefined) return [element];
  list.push(element);
  return list;
}

export class Builder {
  readonly #tree: readonly Node[];
  readonly #frames: Frames;
  readonly #isDistinct: boolean;
  readonly #texts: TextList<Item>;
  readonly #messages = new Map<Node, MessageList<Group>>();

  constructor({ tree, table }: Plan, frames: Frames) {
    this.#tree = tree;
    this.#frames = frames;
    this.#isDistinct = table.distinct;
    this.#texts = new TextList(frames);
  }

  build(notes: Notes | undefined): Built {
    return this.#message(this.#tree, this.#frames.record, notes && { notes, path: "" });
  }

  #message(fields: readonly Node[], frame: Frame, noting: Noting | undefined): Built {
    const built: Built = {};
    for (let n = 0; n < fields.length; n++) {
      const node = fields[n];
      if (node === undefined) continue;
      const { key } = node;
      const inField = noting && below(noting, noting.path === "" ? key : `.${key}`);
      if (node.kind === "text") {
        const text = this.#text(node.rows, frame, inField);
        if (text !== undefined) built[key] = text;
      } else if (isWritten(node, frame)) built[key] = this.#value(node, frame, inField);
    }
    return built;
  }

  #text(rows: readonly number[], frame: Frame, noting: Noting | undefined): string | undefined {
    const text = firstText(rows, frame);
    if (noting === undefined || text === undefined) return text;
    const row = rows.find((one) => frame.texts[one] !== undefined);
    if (row !== undefined) noting.notes.wrote(row, noting.path, text, frame);
    return text;
  }

  #value(node: Exclude<Node, { kind: "text" }>, frame: Frame, noting: Noting | undefined): Built[string] {
    switch (node.kind) {
      case "constant":
        noting?.notes.wrote(node.row, noting.path, node.value);
        return node.value;
      case "message":
        return this.#message(node.fields, frame, noting);
      case "texts":
        return this.#textsOf(node.items, frame, noting);
      case "labels":
        return this.#labelsOf(node.items, frame, noting);
      case "messages":
        return this.#messagesOf(node, frame, noting);
    }
  }

  #textsOf(items: readonly Item[], frame: Frame, noting: Noting | undefined): string[] {
    const list = this.#texts;
    list.fill(items, frame, true, noting?.notes);
    let built: string[] | undefined;
    for (let at = 0; at < list.count; at++) {
      const text = list.texts[at] ?? "";
      noting?.notes.wrote(list.items[at]?.row ?? -1, `${noting.path}[${at}]`, text, list.frames[at]);
      built = added(built, text);
    }
    return built ?? [];
  }

  #labelsOf(items: readonly Item[], frame: Frame, noting: Noting | undefined): Built[] {
    const list = this.#texts;
    list.fill(items, frame, this.#isDistinct, noting?.notes);
    let built: Built[] | undefined;
    for (let at = 0; at < list.count; at++) {
      const value = list.texts[at] ?? "";
      noting?.notes.wrote(list.items[at]?.row ?? -1, `${noting.path}[${at}].value`, value, list.frames[at]);
      built = added(built, { key: list.items[at]?.label ?? "", value });
    }
    return built ?? [];
  }

  #messagesOf(node: Extract<Node, { kind: "messages" }>, frame: Frame, noting: Noting | undefined): Built[] {
    let list = this.#messages.get(node);
    if (list === undefined) {
      list = new MessageList(this.#frames, this.#isDistinct);
      this.#messages.set(node, list);
    }
    list.start(node.groups, frame, noting?.notes);
    let built: Built[] | undefined;
    while (list.next()) {
      const at = built?.length ?? 0;
      const one = this.#message(list.group?.fields ?? [], list.frame, noting && below(noting, `[${at}]`));
      built = added(built, one);
    }
    return built ?? [];
  }
}
