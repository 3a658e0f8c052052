/** Renders the texts of rows as one line of canonical JSON, without making the object. */

import { BRACE, BRACKET, type ByteWriter, type FixedText, fixedText } from "./bytes.ts";
import type { Frame } from "./frame.ts";
import type { Frames } from "./frames.ts";
import { firstText, hasText, MessageList, TextList } from "./lists.ts";
import { isAlwaysWritten, type Plan } from "./plan.ts";
import type { Group, Item, Node } from "./tree.ts";

const NONE: readonly never[] = [];

const OPENING = { text: '"', message: "{", texts: "[", labels: "[", messages: "[" } as const;

/** What stands before a node's value; of a constant, all of it. */
function headOf(node: Node): string {
  const value = node.kind === "constant" ? `${JSON.stringify(node.value)},` : OPENING[node.kind];
  return `${JSON.stringify(node.key)}:${value}`;
}

const headOfItem = ({ label }: Item): string =>
  label === undefined ? '"' : `{"key":${JSON.stringify(label)},"value":"`;

/** A row's value in a list, with what stands before it. */
type PrintedItem = Item & { readonly head: FixedText };

/** The messages of a list that are made of one thing, ready to be written. */
type PrintedGroup = Group & { readonly parts: readonly PrintedPart[] };

/** Text that is always written, or a node and what stands before it. One shape for all kinds. */
interface PrintedPart {
  readonly kind: Node["kind"];
  readonly rows: readonly number[];
  readonly head: FixedText;
  readonly items: readonly PrintedItem[];
  readonly groups: readonly PrintedGroup[];
  readonly messages: MessageList<PrintedGroup> | undefined;
  /** The parts of a message, with its head. */
  readonly parts: readonly PrintedPart[];
}

const NO_PART: PrintedPart = {
  kind: "constant",
  rows: NONE,
  head: fixedText(""),
  items: NONE,
  groups: NONE,
  messages: undefined,
  parts: NONE,
};

/** What all messages of a plan are laid out with. */
interface Common {
  readonly frames: Frames;
  readonly isDistinct: boolean;
  /** The rows that have a text for every record. */
  readonly certain: ReadonlySet<number>;
}

/**
 * Lays a message out as parts, with as much text as possible in one piece: a message in it that is written whenever it
 * is itself is no part of its own.
 */
class Layout {
  readonly #parts: PrintedPart[] = [];
  readonly #common: Common;
  /** The message is written when one of these has a text. */
  readonly #rows: readonly number[];
  /** Text that is to be written, and whether it goes over the last comma. */
  #text: string;
  #isOver = false;

  constructor(opening: string, rows: readonly number[], common: Common) {
    this.#text = opening;
    this.#rows = rows;
    this.#common = common;
  }

  /** The parts of a message with these fields. */
  parts(fields: readonly Node[], end: string): readonly PrintedPart[] {
    this.#add(fields);
    this.#close(end);
    this.#cut();
    return this.#parts;
  }

  /** Adds fields of the message, or of a message in it that is written whenever it is. */
  #add(fields: readonly Node[]): void {
    for (const node of fields) {
      const isAlways = isAlwaysWritten(node, this.#common.certain, this.#rows);
      if (!isAlways) this.#cut();
      this.#text += headOf(node);
      if (node.kind === "message" && isAlways) {
        this.#add(node.fields);
        this.#close("},");
      } else if (node.kind !== "constant") this.#parts.push(this.#part(node));
    }
  }

  /** Goes over the comma that every member and element ends with. */
  #close(end: string): void {
    this.#isOver ||= this.#text === "";
    this.#text = this.#text.slice(0, -1) + end;
  }

  /** Makes a part of the text so far: what comes next may not be written. */
  #cut(): void {
    if (this.#text !== "") this.#parts.push({ ...NO_PART, head: this.#head() });
  }

  /** Takes the text so far. */
  #head(): FixedText {
    const head = fixedText(this.#text, this.#isOver);
    this.#text = "";
    this.#isOver = false;
    return head;
  }

  #part(node: Node): PrintedPart {
    const common = this.#common;
    const { kind, rows } = node;
    const part = { ...NO_PART, kind, rows };
    switch (node.kind) {
      case "message": {
        const opening = this.#text;
        this.#text = "";
        return { ...part, parts: new Layout(opening, rows, common).parts(node.fields, "},") };
      }
      case "texts":
      case "labels": {
        const items = node.items.map((item) => ({ ...item, head: fixedText(headOfItem(item)) }));
        return { ...part, head: this.#head(), items };
      }
      case "messages": {
        const groups = node.groups.map((group) => ({
          ...group,
          parts: new Layout("{", group.rows, common).parts(group.fields, "},"),
        }));
        return {
          ...part,
          head: this.#head(),
          groups,
          messages: new MessageList(common.frames, common.isDistinct),
        };
      }
      default:
        return { ...part, head: this.#head() };
    }
  }
}

/** Every member and element ends with a comma. What closes an object or a list is written over the last comma. */
export class Printer {
  readonly #parts: readonly PrintedPart[];
  readonly #frames: Frames;
  readonly #isDistinct: boolean;
  readonly #texts: TextList<PrintedItem>;

  constructor({ tree, table, certain, identity }: Plan, frames: Frames) {
    this.#frames = frames;
    this.#isDistinct = table.distinct;
    this.#parts = new Layout("{", identity, { frames, certain, isDistinct: table.distinct }).parts(
      tree,
      "}\n",
    );
    this.#texts = new TextList(frames);
  }

  /** Writes the entity record as a line. One of the rows that identify it has a text. */
  print(out: ByteWriter): void {
    this.#message(this.#parts, this.#frames.record, out);
  }

  #message(parts: readonly PrintedPart[], frame: Frame, out: ByteWriter): void {
    for (let p = 0; p < parts.length; p++) {
      const part = parts[p];
      if (part === undefined) continue;
      const { kind, rows, head } = part;
      if (kind === "constant") {
        out.fixed(head);
      } else if (kind === "text") {
        const text = firstText(rows, frame);
        if (text === undefined) continue;
        out.fixed(head);
        out.string(text);
      } else if (rows.length === 0 || hasText(rows, frame)) {
        if (kind === "message") this.#message(part.parts, frame, out);
        else {
          out.fixed(head);
          if (kind === "messages") this.#messages(part, frame, out);
          else this.#list(part, frame, out);
          out.close(BRACKET);
        }
      }
    }
  }

  #list({ kind, items }: PrintedPart, frame: Frame, out: ByteWriter): void {
    const list = this.#texts;
    const isLabels = kind === "labels";
    list.fill(items, frame, !isLabels || this.#isDistinct, undefined);
    for (let at = 0; at < list.count; at++) {
      const item = list.items[at];
      if (item === undefined) continue;
      out.fixed(item.head);
      out.string(list.texts[at] ?? "");
      if (isLabels) out.close(BRACE);
    }
  }

  #messages({ messages, groups }: PrintedPart, frame: Frame, out: ByteWriter): void {
    if (messages === undefined) return;
    messages.start(groups, frame, undefined);
    while (messages.next()) this.#message(messages.group?.parts ?? NONE, messages.frame, out);
  }
}
