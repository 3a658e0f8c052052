/** Renders the texts of rows as one line of canonical JSON, without making the object. */

import { BRACE, BRACKET, type ByteWriter, utf8 } from "./bytes.ts";
import type { Frame, Frames } from "./frames.ts";
import { isWritten, messagesOf, textsOf } from "./lists.ts";
import type { Node } from "./plan.ts";

const OPEN = utf8("{");
const QUOTE = utf8('"');

/** What stands before a field's value: its name, and what opens the value. */
interface Head {
  readonly bytes: Uint8Array;
  /** A label's opening, by its key. */
  readonly labels: ReadonlyMap<string, Uint8Array>;
}

const OPENING = { constant: '"', text: '"', message: "{", texts: "[", labels: "[", messages: "[" } as const;

function headsOf(fields: readonly Node[], heads: Map<Node, Head>): void {
  for (const node of fields) {
    const bytes = utf8(`${JSON.stringify(node.key)}:${OPENING[node.kind]}`);
    const items = node.kind === "labels" ? node.items : [];
    const labels = items.map(({ label = "" }): [string, Uint8Array] => [
      label,
      utf8(`{"key":${JSON.stringify(label)},"value":"`),
    ]);
    heads.set(node, { bytes, labels: new Map(labels) });
    if (node.kind === "message") headsOf(node.fields, heads);
    if (node.kind === "messages") for (const group of node.groups) headsOf(group.fields, heads);
  }
}

/** Every member and element is written with a comma behind it; what closes an object or a list goes over the last. */
export class Printer {
  readonly #frames: Frames;
  readonly #isDistinct: boolean;
  readonly #heads = new Map<Node, Head>();

  constructor(tree: readonly Node[], frames: Frames, isDistinct: boolean) {
    this.#frames = frames;
    this.#isDistinct = isDistinct;
    headsOf(tree, this.#heads);
  }

  /** Writes a tree's fields as a line. */
  print(fields: readonly Node[], out: ByteWriter): void {
    out.raw(OPEN);
    this.#fields(fields, this.#frames.record, out);
    out.endLine();
  }

  #fields(fields: readonly Node[], frame: Frame, out: ByteWriter): void {
    for (let n = 0; n < fields.length; n++) {
      const node = fields[n];
      if (node !== undefined && isWritten(node, frame)) this.#field(node, frame, out);
    }
    out.close(BRACE);
  }

  #field(node: Node, frame: Frame, out: ByteWriter): void {
    const head = this.#heads.get(node);
    if (head === undefined) return;
    out.raw(head.bytes);
    switch (node.kind) {
      case "constant":
        out.string(node.value);
        break;
      case "text":
        out.string(textOf(node.rows, frame));
        break;
      case "message":
        this.#fields(node.fields, frame, out);
        break;
      case "texts":
        for (const { text } of textsOf(node, frame, this.#frames, true, undefined)) {
          out.raw(QUOTE);
          out.string(text);
        }
        out.close(BRACKET);
        break;
      case "labels":
        for (const { text, label } of textsOf(node, frame, this.#frames, this.#isDistinct, undefined)) {
          out.raw(head.labels.get(label) ?? QUOTE);
          out.string(text);
          out.close(BRACE);
        }
        out.close(BRACKET);
        break;
      case "messages":
        for (const one of messagesOf(node, frame, this.#frames, this.#isDistinct, undefined)) {
          out.raw(OPEN);
          this.#fields(one.fields, one.frame, out);
        }
        out.close(BRACKET);
    }
  }
}

function textOf(rows: readonly number[], { texts }: Frame): string {
  for (let i = 0; i < rows.length; i++) {
    const text = texts[rows[i] ?? -1];
    if (text !== undefined) return text;
  }
  return "";
}
