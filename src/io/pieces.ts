/**
 * The bytes of a source in pieces of whole documents, a megabyte or a little more each. Where a piece ends follows from
 * the bytes alone, not from how they arrive.
 *
 * In JSON, strings hold no control characters and elements have commas between them. So a line feed among the white
 * space between a bracket that closes and one that opens is the border of two documents, and is found without parsing.
 * Only where there is no such border for long are the brackets followed from the start of the piece.
 */

import { Buffer, constants } from "node:buffer";
import type { DocumentFault } from "../core/issue.ts";
import { InputError, reason } from "./errors.ts";
import { endsScalar, Follower, isClosing, isOpening, LINE_FEED, skipBetween } from "./grammar.ts";
import { type Damage, gunzip } from "./gzip.ts";
import { formatHint, HEAD, isBinary } from "./hints.ts";
import { giveBack } from "./memory.ts";
import { Nesting } from "./nesting.ts";
import type { Opened } from "./opened.ts";
import type { Source } from "./sources.ts";
import { charactersIn, firstBadByte, linesIn, placeIn } from "./utf8.ts";
import { Window } from "./window.ts";

export interface Limits {
  /** A piece ends at the first border after this number of bytes. */
  readonly piece: number;
  /** A piece ends after this number of lines too: each may be a document. */
  readonly lines: number;
  /** Without a border in this number of bytes, brackets are followed. */
  readonly followed: number;
  /** The longest document. */
  readonly document: number;
}

/** A document can be as long as V8 can have strings. */
export const LIMITS: Limits = {
  piece: 1 << 20,
  lines: 100_000,
  followed: 1 << 25,
  document: constants.MAX_STRING_LENGTH,
};

/** As much of a source as reading it needs. */
export type ReadableSource = Pick<Source, "name" | "modified" | "open">;

/** Where and why a document is not JSON. */
export interface Rejection {
  /** From 1, counted from the start of the piece, or from that of the line on which the piece starts. */
  readonly line: number;
  readonly column: number;
  readonly fault?: DocumentFault;
  readonly hint?: string;
  /** What is wrong, where it is not the JSON. */
  readonly code?: "OBJECT_CHANGED";
}

/** Plain data, which can be sent to another thread. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Line feeds of the source before the piece that belong to no other piece. */
  readonly linesBefore: number;
  /** Characters that stand before it on its first line. */
  readonly columnsBefore: number;
  /** Bytes that stand before it on its first line. */
  readonly bytesBefore: number;
  /** Why there may be more after its last document. */
  readonly breaksOff?: "gzip" | "unreadable";
  /** Stands for a document whose bytes were passed over, `lines` of them. */
  readonly rejected?: Rejection & { readonly lines: number };
}

/** The first border from `from` on. Without one yet, -1 minus the place at which to go on. */
function borderIn(bytes: Buffer, from: number): number {
  let feed = bytes.indexOf(LINE_FEED, from);
  while (feed >= 0) {
    const next = skipBetween(bytes, feed + 1, bytes.length);
    // A byte-order mark may be cut.
    if (next + 3 > bytes.length) return -1 - feed;
    let before = feed - 1;
    while (before >= 0 && skipBetween(bytes, before, before + 1) > before) before--;
    if (isClosing(bytes[before]) && isOpening(bytes[next])) return feed + 1;
    feed = bytes.indexOf(LINE_FEED, next);
  }
  return -1 - bytes.length;
}

/** How a line starts on which text of another kind may end: with a bracket, marked as a document's start or not. */
const LINE_STARTS: readonly Buffer[] = ["", "\u001e", "\ufeff", "\u001e\ufeff", "\ufeff\u001e"].flatMap(
  (marks) => ["{", "["].map((bracket) => Buffer.from(`\n${marks}${bracket}`)),
);
const LONGEST_START = Math.max(...LINE_STARTS.map(({ length }) => length));

/** Cuts one source. */
class Cutter {
  readonly #window: Window;
  readonly #limits: Limits;
  #isFirst = true;
  #lines = 0;
  #columns = 0;
  #bytesBefore = 0;
  /** Up to here the window is known to have no border. */
  #searched = 0;

  constructor(window: Window, limits: Limits) {
    this.#window = window;
    this.#limits = limits;
  }

  /** Drops bytes that belong to no document. */
  #drop(length: number): undefined {
    if (length === 0) return;
    this.#pass(this.#window.bytes.subarray(0, length));
    this.#window.drop(length);
  }

  /** Counts the lines of what belongs to no piece. */
  #pass(bytes: Buffer): void {
    this.#lines += linesIn(bytes, 0, bytes.length);
    this.#moveTo(bytes);
  }

  /** Counts what stands before what comes next on its line. */
  #moveTo(bytes: Buffer): void {
    this.#searched = Math.max(this.#searched - bytes.length, 0);
    const start = bytes.lastIndexOf(LINE_FEED) + 1;
    this.#bytesBefore = bytes.length - start + (start === 0 ? this.#bytesBefore : 0);
    this.#columns = charactersIn(bytes, start, bytes.length) + (start === 0 ? this.#columns : 0);
  }

  async #skipBlank(): Promise<void> {
    const window = this.#window;
    for (;;) {
      await window.fill(HEAD);
      const { bytes } = window;
      const start = skipBetween(bytes, 0, bytes.length);
      // A byte-order mark does not count as a column.
      const isMarked = start >= 3 && bytes[start - 1] === 0xbf;
      this.#drop(start);
      if (isMarked) this.#columns = 0;
      if (window.length >= 3 || window.isEnded) return;
    }
  }

  #piece(bytes: Buffer, rest: Partial<Piece> = {}): Piece {
    const piece = {
      bytes,
      isFirst: this.#isFirst,
      isLast: this.#window.isEnded && this.#window.length === 0,
      linesBefore: this.#lines,
      columnsBefore: this.#columns,
      bytesBefore: this.#bytesBefore,
      ...rest,
    };
    this.#isFirst = false;
    this.#lines = 0;
    return piece;
  }

  /** Passes over the start of a source that is not JSON, up to a line that starts with a bracket. */
  async #foreign(): Promise<Piece | undefined> {
    const window = this.#window;
    const head = Buffer.from(window.bytes.subarray(0, HEAD));
    const end = head.length;
    const hasLines = !isBinary(head);
    if (hasLines) {
      if (isOpening(head[0])) return undefined;
      const value = new Follower(head).follow(0);
      if (value.isWhole && endsScalar(head, 0, value.end, end)) return undefined;
    }
    const lineEnd = head.indexOf(LINE_FEED);
    const bad = firstBadByte(head, 0, end);
    const isText = bad === end || (bad > end - 4 && window.length > end);
    const place = isText
      ? placeIn(head, new Follower(head, lineEnd < 0 ? end : lineEnd).follow(0).end, this.#columns)
      : placeIn(head, bad, this.#columns, true);
    const hint = formatHint(head);
    const piece = this.#piece(Buffer.alloc(0));
    let passed = 0;
    let isTooLong = false;
    for (let isFound = false; !isFound && hasLines && !isTooLong; ) {
      const { bytes } = window;
      const [next = -1] = LINE_STARTS.map((start) => bytes.indexOf(start))
        .filter((at) => at >= 0)
        .sort((a, b) => a - b);
      isFound = next >= 0;
      // The start of a line may be cut.
      const last = window.isEnded ? -1 : bytes.indexOf(LINE_FEED, Math.max(bytes.length - LONGEST_START, 0));
      const length = isFound ? next + 1 : last >= 0 ? last : bytes.length;
      passed += length;
      this.#drop(length);
      if (isFound || window.isEnded) break;
      await window.more();
      isTooLong = passed > this.#limits.document;
    }
    if (!hasLines || isTooLong) {
      window.drop(window.length);
      window.isEnded = true;
      window.close();
    }
    const rejected = {
      ...place,
      ...(!isText && { fault: "encoding" as const }),
      ...(hint !== undefined && { hint }),
      lines: this.#lines,
    };
    this.#lines = 0;
    return { ...piece, isLast: window.isEnded && window.length === 0, rejected };
  }

  /** The first end of a document after as many lines as a piece may have; undefined where there are not so many. */
  #endOfLines(): number | undefined {
    const { bytes } = this.#window;
    const { lines, piece } = this.#limits;
    let at = 0;
    for (let line = 0; line < lines; line++) {
      const feed = bytes.indexOf(LINE_FEED, at);
      if (feed < 0 || feed >= piece) return undefined;
      at = feed + 1;
    }
    const nesting = new Nesting();
    let end = nesting.next(bytes, 0);
    while (end >= 0 && end < at) end = nesting.next(bytes, end);
    return end < 0 ? undefined : end;
  }

  /** Where the piece at the start of the window ends; undefined when its document was too long and was passed over. */
  async #end(): Promise<number | undefined> {
    const window = this.#window;
    const { piece, followed } = this.#limits;
    await window.fill(piece + 1);
    const early = this.#endOfLines();
    if (early !== undefined) return early;
    for (let from = Math.max(piece, this.#searched); window.length > piece; ) {
      const found = borderIn(window.bytes.subarray(0, followed), from);
      if (found >= 0) return found;
      from = -1 - found;
      this.#searched = from;
      if (window.length >= followed) return this.#endByBrackets();
      if (window.isEnded) break;
      await window.fill(Math.min(window.length * 2, followed));
    }
    return window.length;
  }

  /** The first end of a document after a piece's bytes, if it is near, else the last before, else the first of all. */
  async #endByBrackets(): Promise<number | undefined> {
    const window = this.#window;
    const { piece, followed, document } = this.#limits;
    const nesting = new Nesting();
    let passed = 0;
    let last = 0;
    for (let part: Buffer | undefined = window.bytes; part !== undefined; part = await window.more()) {
      for (let at = nesting.next(part, 0); at >= 0; at = nesting.next(part, at)) {
        const end = passed + at;
        if (end < piece) last = end;
        else if (last > 0 && end > followed) return last;
        else if (last === 0 && end > document) return this.#drop(end);
        else return end;
      }
      passed += part.length;
      if (last > 0 && passed > followed) return last;
      if (passed > document) return this.#dropTo(nesting);
    }
    return window.length;
  }

  /** Passes over the rest of a document that is too long to be kept. */
  async #dropTo(nesting: Nesting): Promise<undefined> {
    const window = this.#window;
    this.#drop(window.length);
    for (let part = await window.more(); part !== undefined; part = await window.more()) {
      const end = nesting.next(part, 0);
      this.#drop(end < 0 ? part.length : end);
      if (end >= 0) return;
    }
  }

  async *cut(): AsyncGenerator<Piece> {
    const window = this.#window;
    await this.#skipBlank();
    if (window.length > 0) {
      const foreign = await this.#foreign();
      if (foreign !== undefined) yield foreign;
      await this.#skipBlank();
    }
    while (window.length > 0) {
      const columns = this.#columns;
      const lines = this.#lines;
      const end = await this.#end();
      if (end === undefined) {
        const rejected = {
          line: 1,
          column: columns + 1,
          fault: "too large",
          lines: this.#lines - lines,
        } as const;
        this.#lines = lines;
        const piece = this.#piece(Buffer.alloc(0), { columnsBefore: columns, rejected });
        await this.#skipBlank();
        yield { ...piece, isLast: window.isEnded && window.length === 0 };
        continue;
      }
      const bytes = window.take(end);
      const piece = this.#piece(bytes);
      if (!piece.isLast) this.#moveTo(bytes);
      await this.#skipBlank();
      yield { ...piece, isLast: window.isEnded && window.length === 0 };
    }
    if (this.#isFirst) yield this.#piece(Buffer.alloc(0), { linesBefore: 0 });
  }
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

/** The bytes, unpacked where they are gzip. */
async function* unpacked(bytes: Opened["bytes"], damage: Damage): AsyncGenerator<Buffer> {
  const packed = new Window(bytes);
  try {
    await packed.fill(2);
    yield* isGzip(packed.bytes) ? gunzip(packed.rest(), damage) : packed.rest();
  } finally {
    packed.close();
  }
}

/** Stands for an object whose bytes are not those that a manifest lists. */
const CHANGED: Piece = {
  bytes: Buffer.alloc(0),
  isFirst: true,
  isLast: true,
  linesBefore: 0,
  columnsBefore: 0,
  bytesBefore: 0,
  rejected: { line: 1, column: 1, lines: 0, code: "OBJECT_CHANGED" },
};

/**
 * Cuts a source into pieces, at least one.
 *
 * @throws InputError when the source cannot be read, or not to its end; what was read before has been given out.
 */
export async function* piecesOf(
  source: ReadableSource,
  limits = LIMITS,
): AsyncGenerator<Piece & { readonly modified: string }> {
  const unreadable = (error: unknown): InputError =>
    error instanceof InputError
      ? error
      : new InputError(`${source.name}: cannot be read: ${reason(error)}`, { cause: error });
  const opened = await source.open().catch((error: unknown) => {
    throw unreadable(error);
  });
  const modified = opened.modified ?? source.modified;
  if (opened.isChanged === true) {
    yield { ...CHANGED, modified };
    return;
  }
  const damage: Damage = { isFound: false };
  const { bytes } = opened;
  const isWhole = Buffer.isBuffer(bytes) && !isGzip(bytes);
  const window = new Window(isWhole ? bytes : unpacked(bytes, damage));
  try {
    for await (const piece of new Cutter(window, limits).cut()) {
      const isUnreadable = window.error !== undefined;
      const breaksOff = !piece.isLast
        ? undefined
        : isUnreadable
          ? "unreadable"
          : damage.isFound
            ? "gzip"
            : undefined;
      yield {
        ...piece,
        modified,
        isLast: piece.isLast && !isUnreadable,
        ...(breaksOff !== undefined && { breaksOff }),
      };
    }
    if (window.error !== undefined) throw unreadable(window.error);
  } finally {
    window.close();
    if (Buffer.isBuffer(bytes)) giveBack(bytes);
  }
}
