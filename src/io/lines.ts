/** The lines of a document: where its records start, and how long they are. */

import { isBetween, isClosing, isOpening, LINE_FEED } from "./grammar.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const RESPONSE = Buffer.from('"response"');

/** A document's text, looked through only when somebody asks for a line. */
export class RecordLines {
  readonly #bytes: Buffer;
  readonly #from: number;
  readonly #to: number;
  /** The line on which the document starts. */
  readonly first: number;
  #lines: readonly number[] | undefined;

  constructor(bytes: Buffer, from: number, to: number, first: number) {
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.first = first;
  }

  /** The line on which the record with this index starts. */
  of(record: number): number {
    this.#lines ??= this.#find();
    return this.#lines[record] ?? this.first;
  }

  /** The first line of more than `limit` bytes that the document stands on, if there is one. */
  longer(limit: number): number | undefined {
    const bytes = this.#bytes;
    if (bytes.length <= limit) return undefined;
    let start = this.#from === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, this.#from - 1) + 1;
    for (let line = this.first; start < this.#to; line++) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed < 0 ? bytes.length : feed;
      if (end - start > limit) return line;
      start = end + 1;
    }
    return undefined;
  }

  #find(): readonly number[] {
    const feed = this.#bytes.indexOf(LINE_FEED, this.#from);
    return feed < 0 || feed >= this.#to ? [] : this.#starts();
  }

  /** The lines of the elements of the document, or of its `response`. */
  #starts(): number[] {
    const bytes = this.#bytes;
    const isList = bytes[this.#from] === OPEN_LIST;
    let starts: number[] = [];
    /** How deep the records are; the response, where it is no list, is one itself. */
    let level = isList ? 1 : -1;
    let depth = 0;
    let line = this.first;
    let isAtStart = isList;
    for (let at = this.#from; at < this.#to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === LINE_FEED) line++;
      if (isBetween(byte)) continue;
      if (isClosing(byte)) {
        if (depth === level && !isList) level = -1;
        depth--;
        continue;
      }
      if (byte === COMMA) {
        isAtStart = depth === level;
        continue;
      }
      if (isAtStart && depth === level) {
        starts.push(line);
        isAtStart = false;
      }
      if (isOpening(byte)) depth++;
      if (byte !== QUOTE) continue;
      const start = at;
      for (at++; at < this.#to && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
      if (isList || depth !== 1 || at + 1 - start !== RESPONSE.length) continue;
      if (RESPONSE.compare(bytes, start, at + 1) !== 0) continue;
      let value = at + 1;
      const past = (): void => {
        while (isBetween(bytes[value])) if (bytes[value++] === LINE_FEED) line++;
      };
      past();
      at = value - 1;
      if (bytes[value] !== COLON) continue;
      value++;
      past();
      starts = bytes[value] === OPEN_LIST ? [] : [line];
      level = bytes[value] === OPEN_LIST ? 2 : -1;
      isAtStart = level === 2;
      at = value - 1;
      // The list's own bracket is no record.
      if (level === 2) {
        depth++;
        at = value;
      }
    }
    return starts;
  }
}
