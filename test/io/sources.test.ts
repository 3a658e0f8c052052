import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readDocuments } from "../../src/io/documents.ts";
import { sourceOf } from "../../src/io/sources.ts";

const modified = "2026-01-02T03:04:05.000Z";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it("a file that has become large since it was found is read to its end", async () => {
  const name = join(folder, "page.json");
  const records = Array.from({ length: 60_000 }, (_, n) => ({ epkey: `EP${n}`, model: "x".repeat(60) }));
  await writeFile(name, JSON.stringify({ response: records }));
  const source = sourceOf({ name, relativeName: "page.json", modified, bytes: 2 });
  const values: unknown[] = [];
  for await (const document of readDocuments(source)) {
    values.push(document.kind === "document" ? document.value : document);
  }
  // Not toEqual, which would set out the difference of so much at length.
  expect(isDeepStrictEqual(values, [{ response: records }])).toBe(true);
});

it.each([
  ["each file", 1],
  ["each part of a large file", 8 << 20],
])("signals arrive before %s is read", async (_, bytes) => {
  const name = join(folder, "sparse.json");
  const file = await open(name, "w");
  await file.truncate(bytes);
  await file.close();
  const source = sourceOf({ name, relativeName: "sparse.json", modified, bytes });
  let turns = 0;
  let next = setImmediate(function count() {
    turns++;
    next = setImmediate(count);
  });
  const opened = await source.open();
  const chunks = Buffer.isBuffer(opened.bytes) ? [opened.bytes] : opened.bytes;
  let seen = 0;
  for await (const _chunk of chunks) expect(turns).toBeGreaterThanOrEqual(++seen);
  clearImmediate(next);
  expect(seen).toBe(Math.ceil(bytes / (1 << 20)));
});
