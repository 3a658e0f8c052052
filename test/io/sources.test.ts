import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import { readDocuments } from "../../src/io/documents.ts";
import { sourceOf } from "../../src/io/sources.ts";

it("a file that has become large since it was found is read to its end", async () => {
  const folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
  try {
    const name = join(folder, "page.json");
    const records = Array.from({ length: 60_000 }, (_, n) => ({ epkey: `EP${n}`, model: "x".repeat(60) }));
    await writeFile(name, JSON.stringify({ response: records }));
    const modified = "2026-01-02T03:04:05.000Z";
    const source = sourceOf({ name, relativeName: "page.json", modified, bytes: 2 });
    const values: unknown[] = [];
    for await (const document of readDocuments(source)) {
      values.push(document.kind === "document" ? document.value : document);
    }
    // Not toEqual, which would set out the difference of so much at length.
    expect(isDeepStrictEqual(values, [{ response: records }])).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
