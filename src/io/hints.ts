/** What a file that is not JSON seems to be, by its first bytes. */

import { isBetween, isMark, isOpening } from "./grammar.ts";

/** The number of bytes of a source that are looked at. */
export const HEAD = 4096;

const LOOKS_LIKE = {
  gzip: "it looks like gzip inside gzip; unpack it once more",
  zip: "it looks like a zip archive; unpack it",
  zstd: "it looks like zstd; unpack it",
  utf16: "it looks like UTF-16; save it as UTF-8",
  html: "it looks like an HTML page",
  python: "it looks like a Python repr; write it with json.dumps",
  csv: "it looks like CSV; export it as JSON",
} as const;

const MAGIC: readonly (readonly [first: readonly number[], hint: string])[] = [
  [[0x1f, 0x8b, 0x08], LOOKS_LIKE.gzip],
  [[0x50, 0x4b, 0x03, 0x04], LOOKS_LIKE.zip],
  [[0x28, 0xb5, 0x2f, 0xfd], LOOKS_LIKE.zstd],
  [[0xff, 0xfe], LOOKS_LIKE.utf16],
  [[0xfe, 0xff], LOOKS_LIKE.utf16],
];

/** The hint for a source whose first bytes only one format has. */
function magicHint(head: Uint8Array): string | undefined {
  return MAGIC.find(([first]) => first.every((byte, at) => head[at] === byte))?.[1];
}

/** Whether bytes are ASCII text whose characters take two bytes each. */
function isWide(head: Uint8Array): boolean {
  const pairs = Math.min(head.length >> 1, 32);
  if (pairs < 2) return false;
  const isText = (byte = 0): boolean => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13);
  const every = (text: number, zero: number): boolean => {
    for (let at = 0; at < pairs * 2; at += 2) {
      if (!isText(head[at + text]) || head[at + zero] !== 0) return false;
    }
    return true;
  };
  return every(0, 1) || every(1, 0);
}

/** A page may come after comments, or an XML declaration. */
const HTML =
  /^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|center|h1|p|div)\b/i;
const PYTHON = /^\s*(?:\[\s*)?\{\s*[bu]?'(?:[^'\\]|\\.)*'\s*:/;

/** The name of a column, if it has one. Prose has spaces after its commas. */
const COLUMN = /^(?:"?[\p{L}\d_]|$)/u;
/** The first column, that of an index, may have no name. Logs begin with times. */
const FIRST_COLUMN = /^(?:"?[\p{L}_]|$)/u;
/** Columns with spaces after the commas. Prose is not single words. */
const WORDS = /^[\p{L}_][\p{L}\d_-]*(?:[,;] *[\p{L}\d_-]+){2,}$/u;

/** Whether the first line names columns, and the next has as many fields. */
function isCsv(text: string): boolean {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [head = "", next = ""] = lines;
  const fields = (line: string, comma: string): string[] =>
    line.replace(/"(?:[^"]|"")*"/g, '"x"').split(comma);
  return [",", ";", "\t"].some((comma) => {
    const [first = "", ...others] = fields(head, comma);
    const isHead =
      WORDS.test(head) || (FIRST_COLUMN.test(first) && others.every((name) => COLUMN.test(name)));
    const hasNames = others.some((name) => name !== "");
    return isHead && hasNames && others.length + 1 === fields(next, comma).length;
  });
}

/** What a source that starts with `head` seems to be; nothing without evidence. */
export function formatHint(head: Uint8Array): string | undefined {
  const magic = magicHint(head);
  if (magic !== undefined) return magic;
  if (isWide(head)) return LOOKS_LIKE.utf16;
  const text = Buffer.from(head.subarray(isMark(head, 0) ? 3 : 0, HEAD)).toString("latin1");
  if (HTML.test(text)) return LOOKS_LIKE.html;
  if (PYTHON.test(text)) return LOOKS_LIKE.python;
  return isCsv(text) ? LOOKS_LIKE.csv : undefined;
}

/** The number of bytes by which a source is judged binary or not. */
const TELLING = 64;

/** Control characters that no text has. */
const isControl = (byte: number): boolean => (byte < 32 && !isBetween(byte) && byte !== 27) || byte === 127;

/** Whether a source is binary, so that it has no line at which reading could go on. */
export function isBinary(head: Uint8Array): boolean {
  if (magicHint(head) !== undefined || isWide(head)) return true;
  return head.subarray(0, isOpening(head[0]) ? 4 : TELLING).some(isControl);
}
