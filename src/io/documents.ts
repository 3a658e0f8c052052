/** The documents of a source: one JSON value, or NDJSON, either of them gzipped. */

import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Issue, issue } from "../core/issue.ts";
import { errorCode, InputError, reason } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { Opened, Source } from "./sources.ts";

export type SourceDocument =
  /**
   * `index` counts the documents of a source from 0; a source of one document has none. `modified` is when the
   * source was last written.
   */
  | { readonly kind: "document"; readonly value: unknown; readonly index?: number; readonly modified: string }
  /** A document that is not JSON. `hint` says what may lie behind it. */
  | { readonly kind: "invalid"; readonly issue: Issue; readonly hint?: string };

/** As much of a source as reading it needs. */
export type ReadableSource = Pick<Source, "name" | "modified" | "open">;

const LINE_FEED = 10;
const GZIP_DAMAGED = "the gzip data is damaged or ends early";

/** What the first characters of a text that is not JSON give away. */
const LOOKS_LIKE: readonly { readonly start: RegExp; readonly hint: string }[] = [
  { start: /^[\0\uFFFD]/, hint: "it looks like UTF-16; save it as UTF-8" },
  { start: /^\s*</, hint: "it looks like an HTML page" },
];

/** The value of JSON text; `undefined` when it is no JSON. */
function parse(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(bytes) };
  } catch {
    return undefined;
  }
}

/** Space, and tab to carriage return. */
const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
const isBlank = (line: Buffer): boolean => line.every(isSpace);

/** Line and column of the first fault in `text`, from 1. */
async function faultOf(text: string): Promise<{ line: number; column: number }> {
  const { visit } = await import("jsonc-parser");
  let fault: { line: number; column: number } | undefined;
  try {
    visit(
      text,
      {
        onError: (_error, _offset, _length, line, character) => {
          fault ??= { line: line + 1, column: character + 1 };
        },
      },
      { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
    );
  } catch {
    // Nested too deep for the visitor: the end of the text is the best that can be said.
  }
  if (fault !== undefined) return fault;
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The first bytes of a stream, at least `count` of them if it has as many, and all of its bytes. */
async function peek(stream: Readable, count: number): Promise<{ head: Buffer; all: Readable }> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let isDone = false;
  while (!isDone && first.reduce((sum, { length }) => sum + length, 0) < count) {
    const next = await chunks.next();
    if (next.done === true) isDone = true;
    else first.push(next.value);
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield* first;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  return { head: Buffer.concat(first), all: Readable.from(all()) };
}

/** The lines of a source, unpacked, without their line feeds; `damage` tells whether gzip data broke off. */
async function* linesOf(bytes: Opened["bytes"], damage: { isFound: boolean }): AsyncGenerator<Buffer> {
  const { head, all } = Buffer.isBuffer(bytes) ? { head: bytes, all: [bytes] } : await peek(bytes, 2);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  // The iteration below sees the error that the callback is given.
  const stream = isGzip ? pipeline(all, createGunzip(), () => {}) : all;
  let open: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        const tail = chunk.subarray(start, end);
        yield open.length === 0 ? tail : Buffer.concat([...open, tail]);
        open = [];
        start = end + 1;
      }
      if (start < chunk.length) open.push(chunk.subarray(start));
    }
  } catch (error) {
    if (errorCode(error)?.startsWith("Z_") !== true) throw error;
    damage.isFound = true;
  }
  if (open.length > 0) yield Buffer.concat(open);
}

interface Line {
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
}

/** The first bytes of a source without a byte-order mark. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The lines that hold anything, numbered; a byte-order mark before the first is dropped. */
async function* numbered(lines: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  for await (const line of lines) {
    number++;
    const bytes = number === 1 ? withoutMark(line) : line;
    if (!isBlank(bytes)) yield { bytes, number };
  }
}

/** All of a source that is one line, as Duo's pages are. */
function onlyLine(bytes: Opened["bytes"]): Buffer | undefined {
  if (!Buffer.isBuffer(bytes)) return undefined;
  const end = bytes.indexOf(LINE_FEED);
  return end < 0 || end === bytes.length - 1 ? withoutMark(bytes) : undefined;
}

/** True when a line stands for itself: a whole object or array, from its first column on. */
function isDocumentLine({ bytes }: Line): boolean {
  return (bytes[0] === 123 || bytes[0] === 91) && parse(bytes) !== undefined;
}

/** Lines as they stood in the source, blank lines in between included. */
function joined(lines: readonly Line[]): Buffer {
  const parts: Buffer[] = [];
  let number = lines[0]?.number ?? 1;
  for (const line of lines) {
    parts.push(Buffer.alloc(line.number - number, LINE_FEED), line.bytes);
    number = line.number;
  }
  return Buffer.concat(parts);
}

const MAY_BE_EMPTY = /\.(?:ndjson|jsonl)(?:\.gz)?$/i;

async function* split(
  source: ReadableSource,
  opened: Opened,
  damage: { isFound: boolean },
): AsyncGenerator<SourceDocument> {
  const modified = opened.modified ?? source.modified;
  const invalid = (line: number, column: number, index?: number, text = ""): SourceDocument => {
    const looks = LOOKS_LIKE.find(({ start }) => start.test(text))?.hint;
    const hint = damage.isFound ? GZIP_DAMAGED : looks;
    const place = { source: source.name, ...(index !== undefined && { document: index }), line, column };
    return { kind: "invalid", issue: issue("JSON_INVALID", place), ...(hint !== undefined && { hint }) };
  };
  const read = async ({ bytes, number }: Line, index?: number): Promise<SourceDocument> => {
    const parsed = parse(bytes);
    if (parsed !== undefined) {
      return { kind: "document", value: parsed.value, modified, ...(index !== undefined && { index }) };
    }
    const text = bytes.toString("utf8");
    const { line, column } = await faultOf(text);
    return invalid(number + line - 1, column, index, text);
  };

  const line = onlyLine(opened.bytes);
  const only = line === undefined ? undefined : parse(line);
  if (only !== undefined) {
    yield { kind: "document", value: only.value, modified };
    return;
  }
  const lines = numbered(linesOf(opened.bytes, damage));
  const first = await lines.next();
  if (first.done === true) {
    if (!MAY_BE_EMPTY.test(source.name)) yield invalid(1, 1);
    return;
  }
  const second = await lines.next();
  if (second.done === true) {
    yield await read(first.value);
    return;
  }
  let index = 0;
  const head = [first.value, second.value];
  if (parse(first.value.bytes) !== undefined || isDocumentLine(second.value)) {
    for (const line of head) yield await read(line, index++);
    for await (const line of lines) yield await read(line, index++);
    return;
  }
  // One document over many lines; if that fails, it may still be NDJSON whose first lines are broken.
  for await (const line of lines) head.push(line);
  const whole = await read({ bytes: joined(head), number: first.value.number });
  if (whole.kind === "document" || !head.some(isDocumentLine)) yield whole;
  else for (const line of head) yield await read(line, index++);
}

/**
 * Reads the documents of one source, in order and one at a time. What is not JSON comes as `invalid`, with its
 * place, and the documents after it still come.
 *
 * @throws InputError when the source itself cannot be read.
 */
export async function* readDocuments(source: ReadableSource): AsyncGenerator<SourceDocument> {
  const damage = { isFound: false };
  let opened: Opened | undefined;
  let last: SourceDocument | undefined;
  try {
    opened = await source.open();
    for await (const document of split(source, opened, damage)) {
      last = document;
      yield document;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${source.name}: cannot be read: ${reason(error)}`, { cause: error });
  } finally {
    opened?.release?.();
  }
  if (damage.isFound && last?.kind !== "invalid") {
    yield { kind: "invalid", issue: issue("JSON_INVALID", { source: source.name }), hint: GZIP_DAMAGED };
  }
}
