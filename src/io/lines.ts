/** The lines of a JSON value: where its records start, and how long they are. */

import type { PlacedDocument, RecordsAt } from "../core/page.ts";
import { isClosing, isOpening, isSpace, LINE_FEED } from "./grammar.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;

/** Where a value starts, and where those in it do that a record's line may be asked of. */
type Spot = number | Spots;

interface Spots {
  readonly line: number;
  /** Of a list, its elements. */
  items?: Spot[];
  /** Of an object, the field that leads to the documents. */
  field?: Spot;
  /** Of an object that is a document, its records. */
  records?: Spot;
}

/** What is looked for in a value: documents, or the records of one. */
type Wanted = "documents" | "page" | "records" | "nothing";

/** The fields of a page, and of an import's body, that hold records; the latter may stand in a field themselves. */
const HOLDERS: ReadonlySet<string> = new Set(["response", "entities"]);
const BODIES: ReadonlySet<string> = new Set(["inline_source", "inlineSource"]);

const lineOf = (spot: Spot): number => (typeof spot === "number" ? spot : spot.line);

/** Walks over JSON text once. The text is valid, so nothing is checked. */
class LineScanner {
  readonly #bytes: Buffer;
  #at: number;
  #line: number;

  constructor(bytes: Buffer, at: number, line: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#line = line;
  }

  #space(): number {
    let byte = this.#bytes[this.#at] ?? 0;
    while (isSpace(byte)) {
      if (byte === LINE_FEED) this.#line++;
      byte = this.#bytes[++this.#at] ?? 0;
    }
    return byte;
  }

  /** Passes over a string, whose first quote is at hand. */
  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.#at = at + 1;
  }

  /** Passes over a value. */
  #skip(): void {
    let depth = 0;
    for (;;) {
      const byte = this.#space();
      if (byte === QUOTE) this.#string();
      else {
        if (isOpening(byte)) depth++;
        else if (isClosing(byte)) depth--;
        this.#at++;
        if (depth === 0 && !isClosing(byte)) this.#rest();
      }
      if (depth === 0) return;
    }
  }

  /** Passes over the rest of a number or a word. */
  #rest(): void {
    const bytes = this.#bytes;
    for (let byte = bytes[this.#at]; byte !== undefined; byte = bytes[++this.#at]) {
      if (isSpace(byte) || byte === COMMA || isClosing(byte)) return;
    }
  }

  /** Whether another element or field comes after the bracket or the element at hand. Passes over the last bracket. */
  #hasNext(): boolean {
    if (!isClosing(this.#bytes[this.#at])) {
      this.#at++;
      if (!isClosing(this.#space())) return true;
    }
    this.#at++;
    return false;
  }

  /** The key at hand. */
  #key(): string {
    const start = this.#at;
    this.#string();
    const key: unknown = JSON.parse(this.#bytes.toString("utf8", start, this.#at));
    this.#space();
    // The colon.
    this.#at++;
    return String(key);
  }

  /** The spot of the value at hand, which `path` leads from to what is wanted. */
  spot(path: RecordsAt, wanted: Wanted): Spot {
    const [step, ...rest] = path;
    const byte = this.#space();
    const line = this.#line;
    const isList = byte === OPEN_LIST && (step === undefined ? wanted !== "page" : step === "each");
    const isObject = byte === OPEN_OBJECT && (step === undefined ? wanted !== "records" : step !== "each");
    if (wanted === "nothing" || !(isList || isObject)) {
      this.#skip();
      return line;
    }
    if (isList) {
      const within: Wanted = step !== undefined ? wanted : wanted === "documents" ? "page" : "nothing";
      const items: Spot[] = [];
      while (this.#hasNext()) {
        items.push(this.spot(rest, within));
        this.#space();
      }
      return { line, items };
    }
    const spots: Spots = { line };
    while (this.#hasNext()) {
      const key = this.#key();
      if (step !== undefined) {
        if (step !== "each" && step.field === key) spots.field = this.spot(rest, wanted);
        else this.#skip();
      } else if (HOLDERS.has(key)) spots.records = this.spot([], "records");
      else if (BODIES.has(key)) {
        const body = this.spot([{ field: "entities" }], "records");
        if (typeof body !== "number" && body.field !== undefined) spots.records = body.field;
      } else this.#skip();
      this.#space();
    }
    return spots.records === undefined && spots.field === undefined ? line : spots;
  }
}

/** The lines of one document. */
export interface DocumentLines {
  /** The line on which it starts. */
  readonly first: number;
  /** The line on which the record with this index starts. */
  of(record: number): number;
  /** The first line of more than `limit` bytes that the document's value stands on, if there is one. */
  longer(limit: number): number | undefined;
}

/** A JSON value's text, looked through only when somebody asks for a line. */
export class ValueLines {
  readonly #bytes: Buffer;
  readonly #from: number;
  readonly #to: number;
  /** Bytes that stand before `#bytes` on its first line. */
  readonly #before: number;
  /** The line on which the value starts. */
  readonly first: number;
  #spot: Spot | undefined;

  constructor(bytes: Buffer, from: number, to: number, first: number, before = 0) {
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.first = first;
    this.#before = before;
  }

  /** The lines of a document of the value. All its documents stand at the path `recordsAt`. */
  under(document: PlacedDocument, recordsAt: RecordsAt = []): DocumentLines {
    return new LinesUnder(this, document, recordsAt);
  }

  longer(limit: number): number | undefined {
    const bytes = this.#bytes;
    if (bytes.length + this.#before <= limit) return undefined;
    let start = this.#from === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, this.#from - 1) + 1;
    for (let line = this.first; start < this.#to; line++) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed < 0 ? bytes.length : feed;
      // A line that was too long before these bytes has been reported.
      const before = start === 0 ? this.#before : 0;
      if (before <= limit && end - start + before > limit) return line;
      start = end + 1;
    }
    return undefined;
  }

  /** The spot to which some steps lead; without a spot of its own, the line of what is around it. */
  spotOf(steps: PlacedDocument["steps"], recordsAt: RecordsAt): Spot {
    this.#spot ??= this.#find(recordsAt);
    let spot = this.#spot;
    for (const step of steps) {
      if (typeof spot === "number") return spot;
      spot = (typeof step === "number" ? spot.items?.[step] : spot.field) ?? spot.line;
    }
    return spot;
  }

  #find(recordsAt: RecordsAt): Spot {
    const feed = this.#bytes.indexOf(LINE_FEED, this.#from);
    if (feed < 0 || feed >= this.#to) return this.first;
    return new LineScanner(this.#bytes, this.#from, this.first).spot(recordsAt, "documents");
  }
}

/** The lines of a document of a value. A class, because there is one for each line of NDJSON. */
class LinesUnder implements DocumentLines {
  readonly #value: ValueLines;
  readonly #document: PlacedDocument;
  readonly #recordsAt: RecordsAt;

  constructor(value: ValueLines, document: PlacedDocument, recordsAt: RecordsAt) {
    this.#value = value;
    this.#document = document;
    this.#recordsAt = recordsAt;
  }

  get #spot(): Spot {
    return this.#value.spotOf(this.#document.steps, this.#recordsAt);
  }

  get first(): number {
    const { steps, from } = this.#document;
    if (from > 0) return lineOf(recordSpot(this.#spot, from));
    return steps.length === 0 ? this.#value.first : lineOf(this.#spot);
  }

  of(record: number): number {
    return lineOf(recordSpot(this.#spot, this.#document.from + record));
  }

  longer(limit: number): number | undefined {
    return this.#value.longer(limit);
  }
}

/** The spot of a record of the document at a spot. */
function recordSpot(spot: Spot, record: number): Spot {
  if (typeof spot === "number") return spot;
  const { items, records, line } = spot;
  if (items !== undefined) return items[record] ?? line;
  if (records === undefined) return line;
  return typeof records === "number" ? records : (records.items?.[record] ?? records.line);
}
