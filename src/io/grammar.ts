/** The grammar of JSON over bytes: where a value ends, and where it breaks. */

const QUOTE = 34;
const MINUS = 45;
const POINT = 46;
const COLON = 58;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

export const LINE_FEED = 10;
const RECORD_SEPARATOR = 30;

export const isOpening = (byte: number | undefined): boolean => byte === OPEN_OBJECT || byte === OPEN_LIST;
export const isClosing = (byte: number | undefined): boolean => byte === CLOSE_OBJECT || byte === CLOSE_LIST;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** White space within a value. */
export const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || byte === LINE_FEED || byte === 13 || byte === 9;

/** What may stand between values: any ASCII white space, and the record separator of RFC 7464. */
export const isBetween = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13) || byte === RECORD_SEPARATOR);

/** Whether a byte-order mark starts at `at`. */
export const isMark = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** White space beyond ASCII, and the byte-order mark: what `\s` matches in JavaScript. */
const WIDE_SPACES: ReadonlySet<number> = new Set(
  ["\u00a0", "\u1680", ..."\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"]
    .concat(..."\u2028\u2029\u202f\u205f\u3000\ufeff")
    .map((space) => Buffer.from(space).reduce((code, byte) => code * 256 + byte, 0)),
);

/** The number of bytes of the wide white space that starts at `at`; 0 where none does. */
function wideSpaceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === 0xc2) return WIDE_SPACES.has(first * 256 + (bytes[at + 1] ?? 0)) ? 2 : 0;
  if (first < 0xe1 || first > 0xef) return 0;
  return WIDE_SPACES.has((first * 256 + (bytes[at + 1] ?? 0)) * 256 + (bytes[at + 2] ?? 0)) ? 3 : 0;
}

/** The place after the white space that starts at `from`: any that Unicode knows. */
export function skipBetween(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (;;) {
    while (at < to && isBetween(bytes[at])) at++;
    if (at >= to || (bytes[at] ?? 0) < 0xc2) return at;
    const length = wideSpaceAt(bytes, at);
    if (length === 0 || at + length > to) return at;
    at += length;
  }
}

/** The closing bracket for an opening one. */
const closingOf = (byte: number): number => byte + 2;

/** A value that was followed as far as it goes. */
export interface Followed {
  /** The place after the value; of a broken value the first byte that JSON does not allow there, or the end of the text. */
  readonly end: number;
  readonly isWhole: boolean;
}

const broken = (end: number): Followed => ({ end, isWhole: false });
const whole = (end: number): Followed => ({ end, isWhole: true });

const ESCAPED = new Set([...'"\\/bfnrt'].map((unit) => unit.charCodeAt(0)));
const isHex = (byte: number | undefined): boolean =>
  byte !== undefined && (isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102));

/** A string, read from after its first quote. */
function followString(bytes: Uint8Array, from: number, to: number): Followed {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return whole(at + 1);
    if (byte < 32) return broken(at);
    if (byte !== BACKSLASH) continue;
    at++;
    if (at >= to) return broken(to);
    if (ESCAPED.has(bytes[at] ?? 0)) continue;
    if (bytes[at] !== 117) return broken(at);
    for (let digit = 0; digit < 4; digit++) {
      at++;
      if (at >= to || !isHex(bytes[at])) return broken(at);
    }
  }
  return broken(to);
}

function followDigits(bytes: Uint8Array, from: number, to: number): Followed {
  let at = from;
  while (at < to && isDigit(bytes[at])) at++;
  return at === from ? broken(at) : whole(at);
}

function followNumber(bytes: Uint8Array, from: number, to: number): Followed {
  const start = bytes[from] === MINUS ? from + 1 : from;
  let found = bytes[start] === 48 && start < to ? whole(start + 1) : followDigits(bytes, start, to);
  if (!found.isWhole) return found;
  if (found.end < to && bytes[found.end] === POINT) found = followDigits(bytes, found.end + 1, to);
  if (!found.isWhole || found.end >= to || (bytes[found.end] !== 69 && bytes[found.end] !== 101))
    return found;
  const sign = bytes[found.end + 1];
  return followDigits(bytes, found.end + (sign === 43 || sign === MINUS ? 2 : 1), to);
}

const WORDS = new Map(
  ["true", "false", "null"].map((word) => [word.charCodeAt(0), [...word].map((unit) => unit.charCodeAt(0))]),
);

function followScalar(bytes: Uint8Array, from: number, to: number): Followed {
  const byte = bytes[from] ?? 0;
  if (byte === QUOTE) return followString(bytes, from + 1, to);
  if (byte === MINUS || isDigit(byte)) return followNumber(bytes, from, to);
  const word = WORDS.get(byte) ?? [];
  let at = 0;
  while (at < word.length && from + at < to && bytes[from + at] === word[at]) at++;
  return at < word.length || at === 0 ? broken(from + at) : whole(from + at);
}

/** Whether a value may start with a byte. */
export function startsValue(byte: number | undefined): boolean {
  return isOpening(byte) || byte === QUOTE || byte === MINUS || isDigit(byte) || WORDS.has(byte ?? 0);
}

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/** Follows values. It remembers what it found, so that a broken text is not read from each of its lines to its end. */
export class Follower {
  readonly #bytes: Uint8Array;
  readonly #to: number;
  /** Where the last value broke, and the starts of the values around that place: they break there too. */
  #fault = 0;
  #around = new Set<number>();

  constructor(bytes: Uint8Array, to = bytes.length) {
    this.#bytes = bytes;
    this.#to = to;
  }

  /** Follows the value that starts at `from`. */
  follow(from: number): Followed {
    if (this.#around.has(from)) return broken(this.#fault);
    const bytes = this.#bytes;
    const to = this.#to;
    const starts: number[] = [];
    const fail = (at: number): Followed => {
      this.#fault = at;
      this.#around = new Set(starts);
      return broken(at);
    };
    let expected: Expected = "value";
    for (let at = from; ; ) {
      while (at < to && isSpace(bytes[at])) at++;
      if (at >= to) return fail(to);
      const byte = bytes[at] ?? 0;
      const start = starts.at(-1) ?? -1;
      const isInObject = bytes[start] === OPEN_OBJECT;
      const mayEnd = expected === "value or end" || expected === "key or end" || expected === "comma or end";
      if (mayEnd && start >= 0 && byte === closingOf(bytes[start] ?? 0)) {
        starts.pop();
        at++;
      } else if (expected === "comma or end") {
        if (byte !== COMMA) return fail(at);
        expected = isInObject ? "key" : "value";
        at++;
        continue;
      } else if (expected === "colon") {
        if (byte !== COLON) return fail(at);
        expected = "value";
        at++;
        continue;
      } else if (expected === "key" || expected === "key or end") {
        if (byte !== QUOTE) return fail(at);
        const key = followString(bytes, at + 1, to);
        if (!key.isWhole) return fail(key.end);
        expected = "colon";
        at = key.end;
        continue;
      } else if (isOpening(byte)) {
        starts.push(at);
        expected = byte === OPEN_OBJECT ? "key or end" : "value or end";
        at++;
        continue;
      } else {
        const scalar = followScalar(bytes, at, to);
        if (!scalar.isWhole) return fail(scalar.end);
        at = scalar.end;
      }
      // A value has ended.
      if (starts.length === 0) return whole(at);
      expected = "comma or end";
    }
  }
}

/** Whether a scalar that ends at `end` may be a document: another value may follow it, or white space, but no other text. */
export function endsScalar(bytes: Uint8Array, start: number, end: number, to: number): boolean {
  if (end >= to) return true;
  const next = bytes[end] ?? 0;
  if (isBetween(next) || isOpening(next) || next === QUOTE || wideSpaceAt(bytes, end) > 0) return true;
  const isNumber = bytes[start] === MINUS || isDigit(bytes[start]);
  return WORDS.has(next) || (!isNumber && (next === MINUS || isDigit(next)));
}

/** What a line within a value may start with. */
const STARTS = new Set([...'{}[],:"-0123456789tfn'].map((unit) => unit.charCodeAt(0)));

/**
 * Where a document ends that starts with a bracket and is not JSON:
 * - after its last bracket, if it spans lines and closes them all;
 * - after its first line, if it closes them there or breaks off within a string;
 * - else before the first line that can only start another document, or at the end of the text.
 *
 * In JSON a value comes after a comma, a colon, or a bracket that opens a list. A line that starts with a bracket in its
 * first column therefore starts another document where the bracket around it is not that of a list, where no comma or
 * bracket comes before it, or where the lines of the broken document are indented.
 *
 * The second line starts another document, whatever it begins with, if it is a whole value that no comma, colon or
 * bracket follows, or not JSON at all: then the first line was cut. The exception is a first line of one bracket,
 * because such text is written line by line.
 */
export function endOfBroken(bytes: Uint8Array, from: number, to: number, follower: Follower): number {
  const open: number[] = [];
  let lineEnd = -1;
  let lines = 0;
  let isIndented = false;
  let last = 0;
  let lastAt = from;
  let isString = false;
  const restOfLine = (at: number): number => {
    const end = bytes.indexOf(LINE_FEED, at);
    return end < 0 || end >= to ? to : end + 1;
  };
  /** Whether the second line, which starts at `at`, is a document of its own. */
  const standsAlone = (at: number): boolean => {
    if (lastAt === from) return false;
    const value = follower.follow(at);
    if (!value.isWhole) return !STARTS.has(bytes[at] ?? 0);
    const next = skipBetween(bytes, value.end, to);
    const byte = bytes[next];
    return next >= to || (byte !== COMMA && byte !== COLON && !isClosing(byte));
  };
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === LINE_FEED) {
      if (lineEnd < 0) {
        if (isString) return at + 1;
        lineEnd = at;
      }
      isString = false;
      const next = at + 1;
      const first = bytes[next];
      if (first === undefined || first === LINE_FEED || first === 13) continue;
      // No value holds one of these between its lines.
      if (first === RECORD_SEPARATOR || isMark(bytes, next)) return next;
      lines++;
      if (lines === 1) isIndented = isSpace(first);
      if (!isOpening(first)) {
        if (lines === 1 && !isIndented && standsAlone(next)) return next;
        continue;
      }
      const isInList = open.at(-1) === CLOSE_LIST && (last === COMMA || last === OPEN_LIST);
      if (isIndented || !isInList || (lines === 1 && standsAlone(next))) return next;
      continue;
    }
    if (isString) {
      if (byte === BACKSLASH && bytes[at + 1] !== LINE_FEED) at++;
      else if (byte === QUOTE) isString = false;
      last = byte;
      lastAt = at;
      continue;
    }
    if (isSpace(byte)) continue;
    last = byte;
    lastAt = at;
    if (byte === QUOTE) isString = true;
    else if (isOpening(byte)) open.push(closingOf(byte));
    else if (isClosing(byte)) {
      // Brackets within that are left open are passed over.
      const matching = open.lastIndexOf(byte);
      open.length = Math.max(matching, 0);
      if (open.length === 0) return lineEnd < 0 ? restOfLine(at) : at + 1;
    }
  }
  return to;
}
