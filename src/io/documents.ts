/** The documents of a source: JSON values, whatever stands between them, plain or gzipped. */

import { Buffer, isUtf8 } from "node:buffer";
import { type Issue, issue, type Place } from "../core/issue.ts";
import { documentPath, placedDocuments, type RecordsAt } from "../core/page.ts";
import {
  endOfBroken,
  endsScalar,
  Follower,
  isBetween,
  isOpening,
  LINE_FEED,
  skipBetween,
  startsValue,
} from "./grammar.ts";
import { formatHint, HEAD } from "./hints.ts";
import { parseJson } from "./json.ts";
import { ValueLines } from "./lines.ts";
import { LIMITS, type Piece, piecesOf, type ReadableSource, type Rejection } from "./pieces.ts";
import { charactersIn, firstBadByte, linesIn } from "./utf8.ts";

/** A document of a piece. Its lines are counted from the start of the piece, from 1. */
export type PieceDocument =
  | {
      readonly kind: "document";
      readonly value: unknown;
      /** The value's JSON text. */
      readonly bytes: Buffer;
      readonly lines: ValueLines;
    }
  | { readonly kind: "invalid"; readonly rejected: Rejection };

/** NDJSON may be empty, a page may not. */
const MAY_BE_EMPTY = /\.(?:ndjson|jsonl)(?:\.gz)?$/i;

/** The documents of one piece. */
class PieceReader {
  readonly #piece: Piece;
  readonly #bytes: Buffer;
  readonly #to: number;
  readonly #isUtf8: boolean;
  #follower: Follower | undefined;
  /** How far line feeds have been counted, and how many there are. */
  #countedTo = 0;
  #lines = 0;

  constructor(piece: Piece) {
    const { bytes } = piece;
    this.#piece = piece;
    this.#bytes = bufferOf(piece);
    this.#to = bytes.length;
    this.#isUtf8 = isUtf8(bytes);
  }

  #lineOf(at: number): number {
    this.#lines += linesIn(this.#bytes, this.#countedTo, at);
    this.#countedTo = at;
    return this.#lines + 1;
  }

  #place(at: number, inBytes = false): { line: number; column: number } {
    const line = this.#lineOf(at);
    const start = at === 0 ? 0 : this.#bytes.lastIndexOf(LINE_FEED, at - 1) + 1;
    const before = start === 0 ? this.#piece.columnsBefore : 0;
    const columns = inBytes ? at - start : charactersIn(this.#bytes, start, at);
    return { line, column: before + columns + 1 };
  }

  /** The document in a range of bytes, if the range is JSON. */
  #parsed(from: number, to: number): PieceDocument | undefined {
    if (!this.#isUtf8) {
      const bad = firstBadByte(this.#bytes, from, to);
      if (bad < to) return this.#invalid({ ...this.#place(bad, true), fault: "encoding" }, from);
    }
    try {
      const bytes = this.#bytes.subarray(from, to);
      const value = parseJson(bytes);
      const { bytesBefore } = this.#piece;
      const lines = new ValueLines(this.#bytes, from, to, this.#lineOf(from), bytesBefore);
      return { kind: "document", value, bytes, lines };
    } catch {
      return undefined;
    }
  }

  #invalid(rejected: Rejection, from: number): PieceDocument {
    const hint = this.#piece.isFirst && from === 0 ? formatHint(this.#bytes.subarray(0, HEAD)) : undefined;
    return { kind: "invalid", rejected: hint === undefined ? rejected : { ...rejected, hint } };
  }

  /** The end of a range without the white space there. */
  #trimmed(from: number, to: number): number {
    let end = to;
    while (end > from && isBetween(this.#bytes[end - 1])) end--;
    return end;
  }

  *documents(): Generator<PieceDocument> {
    const bytes = this.#bytes;
    const to = this.#to;
    const { breaksOff } = this.#piece;
    /** The end of the last line that was tried as one document. */
    let tried = -1;
    /** Whether the last document was broken. The next may be too, and finding its end costs less than a parse error. */
    let wasBroken = false;
    let lineEnd = -1;
    let at = skipBetween(bytes, 0, to);
    while (at < to) {
      if (at > lineEnd) {
        const feed = bytes.indexOf(LINE_FEED, at);
        lineEnd = feed < 0 ? to : feed;
      }
      const isValue = startsValue(bytes[at]);
      if (isValue && tried < lineEnd && !wasBroken && this.#isUtf8) {
        tried = lineEnd;
        const line = this.#parsed(at, lineEnd);
        if (line !== undefined) {
          yield line;
          at = skipBetween(bytes, lineEnd, to);
          continue;
        }
      }
      this.#follower ??= new Follower(bytes, to);
      const value = isValue ? this.#follower.follow(at) : { end: at, isWhole: false };
      if (value.isWhole && (isOpening(bytes[at]) || endsScalar(bytes, at, value.end, to))) {
        const document = this.#parsed(at, value.end);
        if (document !== undefined) {
          yield document;
          wasBroken = false;
          at = skipBetween(bytes, value.end, to);
          continue;
        }
      }
      const end = isOpening(bytes[at]) ? endOfBroken(bytes, at, to, this.#follower) : lineEnd;
      const next = skipBetween(bytes, end, to);
      if (next >= to && breaksOff !== undefined) break;
      const last = this.#trimmed(at, end);
      const bad = this.#isUtf8 ? last : firstBadByte(bytes, at, last);
      yield bad < last
        ? this.#invalid({ ...this.#place(bad, true), fault: "encoding" }, at)
        : this.#invalid(this.#place(Math.min(value.end, last)), at);
      wasBroken = true;
      at = next;
    }
    if (breaksOff === "gzip") {
      const rejected = { ...this.#place(this.#trimmed(0, to)), fault: "gzip" } as const;
      yield { kind: "invalid", rejected };
    }
  }
}

/** The documents of a piece, in order. Where text is not JSON, as little of it as possible is rejected. */
export function* documentsIn(piece: Piece, source: string): Generator<PieceDocument> {
  const { rejected, bytes, isFirst, isLast, breaksOff } = piece;
  if (rejected !== undefined) yield { kind: "invalid", rejected };
  else if (bytes.length > 0) yield* new PieceReader(piece).documents();
  else if (isFirst && isLast && breaksOff === undefined && !MAY_BE_EMPTY.test(source)) {
    yield { kind: "invalid", rejected: { line: 1, column: 1 } };
  }
  if (breaksOff === "gzip" && bytes.length === 0) {
    yield { kind: "invalid", rejected: { line: 1, column: 1, fault: "gzip" } };
  }
}

/** The bytes of a piece, which another thread may have sent, as a buffer: that finds a byte in a third of the time. */
const bufferOf = ({ bytes }: Piece): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** Line feeds of a piece. */
export function linesOf(piece: Piece): number {
  return piece.rejected?.lines ?? linesIn(bufferOf(piece), 0, piece.bytes.length);
}

export type SourceDocument =
  /**
   * `index` counts the documents of a source from 0; a source of one document has none. `modified` is when the
   * source was last written.
   */
  | {
      readonly kind: "document";
      readonly value: unknown;
      /** The value's JSON text. */
      readonly bytes: Buffer;
      readonly index?: number;
      readonly modified: string;
    }
  /** A document that is not JSON. */
  | { readonly kind: "invalid"; readonly issue: Issue };

/** What is wrong with a document, and where; `linesBefore` are the line feeds before its piece. */
export function rejectionIssue(
  { line, column, fault, hint, code }: Rejection,
  place: Place,
  linesBefore = 0,
): Issue {
  if (code !== undefined) return issue(code, place);
  const at = { ...place, line: line + linesBefore, column };
  // Text may have millions of such lines.
  if (fault === undefined && hint === undefined) return issue("JSON_INVALID", at);
  const more = { ...(fault !== undefined && { fault }), ...(hint !== undefined && { hint }) };
  return issue("JSON_INVALID", { ...at, ...more });
}

/**
 * Reads the documents of one source, in order and one at a time. What is not JSON comes as `invalid`, with its
 * place. The documents after it still come.
 *
 * @throws InputError when the source itself cannot be read.
 */
export async function* readDocuments(
  source: ReadableSource,
  limits = LIMITS,
): AsyncGenerator<SourceDocument> {
  let index = 0;
  let linesBefore = 0;
  for await (const piece of piecesOf(source, limits)) {
    linesBefore += piece.linesBefore;
    const documents = documentsIn(piece, source.name);
    let next = documents.next();
    while (next.done !== true) {
      const document = next.value;
      next = documents.next();
      const isOnly = piece.isLast && index === 0 && next.done === true;
      const { modified } = piece;
      if (document.kind === "document") {
        const { value, bytes } = document;
        yield { kind: "document", value, bytes, modified, ...(!isOnly && { index }) };
      } else {
        const place = { source: source.name, ...(!isOnly && { document: index }) };
        yield { kind: "invalid", issue: rejectionIssue(document.rejected, place, linesBefore) };
      }
      index++;
    }
    if (!piece.isLast) linesBefore += linesOf(piece);
  }
}

/** A document by itself: a page, a list of records, or one record. Its index counts all of the source. */
export type SingleDocument =
  | {
      readonly kind: "document";
      readonly value: unknown;
      readonly index?: number;
      readonly modified: string;
      /** Where it stands in the JSON value that was read: empty for the value itself. */
      readonly at: string;
    }
  | { readonly kind: "invalid"; readonly issue: Issue };

/**
 * Reads a source document by document: the JSON values, or what stands in them at a path. Of a list of pages every page
 * is a document of its own.
 *
 * @param isDocument true of a value that is a document itself, whatever the path
 * @throws InputError when the source itself cannot be read.
 */
export async function* readSingly(
  source: ReadableSource,
  recordsAt?: RecordsAt,
  isDocument: (value: unknown) => boolean = () => false,
): AsyncGenerator<SingleDocument> {
  let index = 0;
  for await (const read of readDocuments(source)) {
    if (read.kind === "invalid") {
      const isOnly = read.issue.document === undefined;
      yield { kind: "invalid", issue: isOnly ? read.issue : { ...read.issue, document: index } };
      index++;
      continue;
    }
    const { value, modified } = read;
    const path = recordsAt !== undefined && isDocument(value) ? undefined : recordsAt;
    const documents = placedDocuments(value, path);
    const isOnly = read.index === undefined && documents.length === 1;
    for (const one of documents) {
      if (one.document === undefined) {
        const place = { source: source.name, ...(!isOnly && { document: index }) };
        yield { kind: "invalid", issue: issue("RECORDS_AT_NOTHING", place) };
      } else {
        const at = documentPath(one);
        yield { kind: "document", value: one.document, modified, at, ...(!isOnly && { index }) };
      }
      index++;
    }
  }
}
