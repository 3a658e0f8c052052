/**
 * The records of a page, one per line, with the very bytes that Duo sent: only the white space between the parts of a
 * record is left out. Nothing is parsed and printed again, so that no number and no string changes.
 *
 * The page is known to be JSON. That makes the scan simple: a value ends where its brackets close, and only what is
 * inside a string may look like a bracket and be none.
 */

import { isMark, isSpace, LINE_FEED } from "../io/grammar.ts";

const QUOTE = 34;
const COMMA = 44;
const LEFT_BRACKET = 91;
const BACKSLASH = 92;
const RIGHT_BRACKET = 93;
const LEFT_BRACE = 123;
const RIGHT_BRACE = 125;

const MARK_BYTES = 3;

/** From the first byte of a value up to, not including, the byte after it. */
type ByteSpan = readonly [start: number, end: number];

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

/** The end of the string whose opening quote is at `start`. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return bytes.length;
}

/** The end of the value that starts at `start`. */
function valueEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at) - 1;
      if (depth === 0) return at + 1;
    } else if (byte === LEFT_BRACE || byte === LEFT_BRACKET) depth++;
    else if (byte === RIGHT_BRACE || byte === RIGHT_BRACKET) {
      // A number or a word ends where what holds it ends.
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || isSpace(byte))) return at;
  }
  return bytes.length;
}

/** The elements of the array that starts at `start`. */
function* elements(bytes: Uint8Array, start: number): Generator<ByteSpan> {
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== RIGHT_BRACKET) {
    const end = valueEnd(bytes, at);
    yield [at, end];
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
}

/** The value of the page's `response`; of several members of that name the last, as everywhere in JSON. */
function responseOf(bytes: Uint8Array): ByteSpan | undefined {
  const start = skipSpace(bytes, isMark(bytes, 0) ? MARK_BYTES : 0);
  if (bytes[start] !== LEFT_BRACE) return undefined;
  let found: ByteSpan | undefined;
  let at = skipSpace(bytes, start + 1);
  while (bytes[at] === QUOTE) {
    const keyEnd = stringEnd(bytes, at);
    const key: unknown = JSON.parse(Buffer.from(bytes.subarray(at, keyEnd)).toString("utf8"));
    const valueStart = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const end = valueEnd(bytes, valueStart);
    if (key === "response") found = [valueStart, end];
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return found;
}

/** Copies a value without the white space outside its strings. Returns where the copy ends. */
function copyCompact(bytes: Uint8Array, [start, end]: ByteSpan, out: Buffer, outAt: number): number {
  let to = outAt;
  for (let at = start; at < end; ) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const after = stringEnd(bytes, at);
      out.set(bytes.subarray(at, after), to);
      to += after - at;
      at = after;
      continue;
    }
    if (!isSpace(byte)) out[to++] = byte;
    at++;
  }
  return to;
}

/** The value of the page's `response`, without the white space between its parts. */
export function compactResponse(page: Uint8Array): Uint8Array {
  const response = responseOf(page) ?? [0, 0];
  const out = Buffer.allocUnsafe(response[1] - response[0]);
  return out.subarray(0, copyCompact(page, response, out, 0));
}

export interface CompactRecords {
  /** Each record on a line of its own, each line ended. */
  readonly body: Buffer;
  readonly records: number;
  /** Elements of `response` that are not objects, and are therefore left out. */
  readonly leftOut: number;
}

/** The records of a page that is known to be JSON. */
export function recordLines(page: Uint8Array): CompactRecords {
  const response = responseOf(page);
  if (response === undefined) return { body: Buffer.alloc(0), records: 0, leftOut: 0 };
  const [start] = response;
  const isList = page[start] === LEFT_BRACKET;
  // Each record is followed by a comma or a bracket, so that its line end finds room.
  const out = Buffer.allocUnsafe(page.length + 1);
  let length = 0;
  let records = 0;
  let leftOut = 0;
  for (const span of isList ? elements(page, start) : [response]) {
    if (page[span[0]] === LEFT_BRACE) {
      length = copyCompact(page, span, out, length);
      out[length++] = LINE_FEED;
      records++;
    } else if (isList) leftOut++;
  }
  return { body: out.subarray(0, length), records, leftOut };
}

/** The length of the longest line, in bytes, without its line end. */
export function longestLine(bytes: Uint8Array): number {
  let longest = 0;
  let start = 0;
  while (start <= bytes.length) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return longest;
}
