/** Sources as bytes, and the documents in them. */

import { Readable } from "node:stream";
import { expect } from "vitest";
import { readDocuments } from "../../src/io/documents.ts";
import { LIMITS, type Limits } from "../../src/io/pieces.ts";

interface ReadOptions {
  /** The size in bytes of the chunks that the source arrives in; by default it is one chunk. */
  readonly chunk?: number;
  readonly limits?: Limits;
  readonly name?: string;
}

/** The documents of a source: the value of each, or where and why it is not JSON. */
export async function read(
  bytes: Buffer | string,
  { chunk, limits = LIMITS, name = "pages.json" }: ReadOptions = {},
) {
  const all = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  const step = chunk ?? Math.max(all.length, 1);
  for (let at = 0; at < all.length; at += step) chunks.push(all.subarray(at, at + step));
  const source = {
    name,
    modified: "2026-01-02T03:04:05Z",
    open: async () => ({ bytes: chunk === undefined ? all : Readable.from(chunks) }),
  };
  const documents: unknown[] = [];
  const indexes: (number | undefined)[] = [];
  for await (const document of readDocuments(source, limits)) {
    if (document.kind === "document") {
      documents.push(document.value);
      indexes.push(document.index);
    } else {
      const { line, column, fault, hint, document: index } = document.issue;
      documents.push([`${line}:${column}`, fault, hint].filter((part) => part !== undefined).join(" "));
      indexes.push(index);
    }
  }
  const expected = indexes.length === 1 ? [undefined] : indexes.map((_, at) => at);
  expect(indexes).toEqual(expected);
  return documents;
}

export const A = { epkey: "A", browsers: [{ browser_family: "Chrome" }] };
export const B = { epkey: "B", note: "a } and a { and a , [" };
export const C = { stat: "OK", response: [A, B] };
export const line = (value: unknown): string => JSON.stringify(value);
export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** Limits so small that pieces end wherever they may. */
export const SMALL: Limits = { piece: 1, lines: LIMITS.lines, followed: 20, document: LIMITS.document };
