/** Renders the texts of rows as one line of canonical JSON, without making the object. */

import { BRACE, BRACKET, type ByteWriter, type Piece, piece } from "./bytes.ts";
import type { Frame } from "./frame.ts";
import type { Frames } from "./frames.ts";
import { firstText, hasText, MessageList, TextList } from "./lists.ts";
import type { Group, Item, Node, Plan } from "./plan.ts";

const OPEN = piece("{");
const QUOTE = piece('"');
const NONE: readonly never[] = [];

const OPENING = { text: '"', message: "{", texts: "[", labels: "[", messages: "[" } as const;

/** What stands before a node's value; of a constant, all of it. */
function headOf(node: Node): string {
  const value = node.kind === "constant" ? `${JSON.stringify(node.value)},` : OPENING[node.kind];
  return `${JSON.stringify(node.key)}:${value}`;
}

/** A node made ready to be written, in one shape for all kinds. Constants that follow each other are one field. */
class Field {
  readonly kind: Node["kind"];
  readonly rows: readonly number[];
  readonly head: Piece;
  readonly fields: readonly Field[];
  readonly items: readonly Item[];
  /** What stands before the value of a label, by its key. */
  readonly labels: ReadonlyMap<string, Piece>;
  readonly groups: readonly Group[];
  readonly fieldsByGroup: ReadonlyMap<Group, readonly Field[]>;
  readonly messages: MessageList;

  constructor(node: Node, head: string, frames: Frames) {
    this.kind = node.kind;
    this.rows = node.rows;
    this.head = piece(head);
    this.fields = node.kind === "message" ? fieldsOf(node.fields, frames) : NONE;
    this.items = node.kind === "texts" || node.kind === "labels" ? node.items : NONE;
    this.labels = new Map(
      this.items.map(({ label = "" }) => [label, piece(`{"key":${JSON.stringify(label)},"value":"`)]),
    );
    this.groups = node.kind === "messages" ? node.groups : NONE;
    this.fieldsByGroup = new Map(this.groups.map((group) => [group, fieldsOf(group.fields, frames)]));
    this.messages = new MessageList(frames);
  }
}

function fieldsOf(nodes: readonly Node[], frames: Frames): Field[] {
  const fields: Field[] = [];
  let head = "";
  for (const [at, node] of nodes.entries()) {
    head += headOf(node);
    if (node.kind === "constant" && nodes[at + 1]?.kind === "constant") continue;
    fields.push(new Field(node, head, frames));
    head = "";
  }
  return fields;
}

/** Every member and element ends with a comma. What closes an object or a list is written over the last comma. */
export class Printer {
  readonly #fields: readonly Field[];
  readonly #frames: Frames;
  readonly #isDistinct: boolean;
  readonly #texts: TextList;

  constructor({ tree, table }: Plan, frames: Frames) {
    this.#fields = fieldsOf(tree, frames);
    this.#frames = frames;
    this.#isDistinct = table.distinct;
    this.#texts = new TextList(frames);
  }

  /** Writes the entity record as a line. */
  print(out: ByteWriter): void {
    out.piece(OPEN);
    this.#message(this.#fields, this.#frames.record, out);
    out.endLine();
  }

  #message(fields: readonly Field[], frame: Frame, out: ByteWriter): void {
    for (let n = 0; n < fields.length; n++) {
      const field = fields[n];
      if (field === undefined) continue;
      const { kind, rows } = field;
      if (kind === "text") {
        const text = firstText(rows, frame);
        if (text === undefined) continue;
        out.piece(field.head);
        out.string(text);
      } else if (rows.length === 0 || hasText(rows, frame)) {
        out.piece(field.head);
        if (kind === "message") this.#message(field.fields, frame, out);
        else if (kind !== "constant") {
          if (kind === "messages") this.#messages(field, frame, out);
          else this.#list(field, frame, out);
          out.close(BRACKET);
        }
      }
    }
    out.close(BRACE);
  }

  #list({ kind, items, labels }: Field, frame: Frame, out: ByteWriter): void {
    const list = this.#texts;
    const isLabels = kind === "labels";
    list.fill(items, frame, !isLabels || this.#isDistinct, undefined);
    for (let at = 0; at < list.count; at++) {
      out.piece(isLabels ? (labels.get(list.labels[at] ?? "") ?? QUOTE) : QUOTE);
      out.string(list.texts[at] ?? "");
      if (isLabels) out.close(BRACE);
    }
  }

  #messages({ messages, groups, fieldsByGroup }: Field, frame: Frame, out: ByteWriter): void {
    messages.fill(groups, frame, this.#isDistinct, undefined);
    for (let at = 0; at < messages.count; at++) {
      const group = messages.groups[at];
      const fields = group && fieldsByGroup.get(group);
      if (fields === undefined) continue;
      out.piece(OPEN);
      this.#message(fields, messages.frames[at] ?? frame, out);
    }
  }
}
