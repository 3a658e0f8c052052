import { readdirSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { openOutput, unfinished } from "../../src/io/output.ts";

it("a signal finds every temporary file remembered from the moment it is there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
  try {
    for (let at = 0; at < 50; at++) {
      const opening = openOutput(join(folder, "out.ndjson"), false);
      while (readdirSync(folder).length === 0) await setImmediate();
      expect(unfinished.size).toBe(1);
      await (await opening).discard();
      expect(await readdir(folder)).toEqual([]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
