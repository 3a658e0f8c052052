import { readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openOutput, unfinished, writeWhole } from "../../src/io/output.ts";
import { temporaryDirectory } from "../support/collector.ts";
import { BUCKET, refuse, startS3 } from "../support/s3.ts";

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

it("a new file is for its owner alone, and one that is written over keeps its mode", async () => {
  const folder = await temporaryDirectory();
  const [fresh, old] = [join(folder, "fresh"), join(folder, "old")];
  await writeFile(old, "");
  await chmod(old, 0o664);
  for (const path of [fresh, old]) await writeWhole(path, "x", false);
  const modes = [fresh, old].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o664]);
});

it("a link at the name of another's temporary file is left alone", async () => {
  const folder = await temporaryDirectory();
  const victim = join(folder, "victim");
  await writeFile(victim, "kept");
  await symlink(victim, join(folder, `.out.${process.pid}.tmp`));
  await writeWhole(join(folder, "out"), "new", false);
  expect(readFileSync(victim, "utf8")).toBe("kept");
});

describe("an object in parts", () => {
  const PART = Buffer.alloc(17 << 20, "x");

  /** Starts an S3 that refuses the requests that `refuses` says; `aborted` are the uploads that were given up. */
  async function startParts(refuses: (method: string, part: number) => boolean) {
    const aborted: string[] = [];
    const { bucket } = await startS3({
      intercept: (request, response) => {
        const { method = "", url = "" } = request;
        if (method === "DELETE") aborted.push(url);
        const part = Number(new URL(url, "http://localhost").searchParams.get("partNumber") ?? 0);
        return refuses(method, part) && refuse(response, "AccessDenied");
      },
    });
    return { aborted, bucket };
  }

  it.each([
    ["at its start", (method: string) => method === "POST", 0],
    ["at every part", (method: string) => method === "PUT", 1],
    ["at the second part", (_: string, part: number) => part === 2, 1],
  ])("that the store refuses %s fails with the store's error, and is aborted", async (_, refuses, aborts) => {
    const { aborted, bucket } = await startParts(refuses);
    const output = await openOutput(`s3://${BUCKET}/big.ndjson`, true);
    const write = async () => {
      for (let part = 0; part < 12; part++) await output.write(PART);
      await output.commit();
    };
    await expect(write()).rejects.toThrow(/^s3:\/\/.*: cannot be written: AccessDenied: allow/);
    await output.discard();
    expect([aborted.length, bucket.uploads.size, unfinished.size]).toEqual([aborts, 0, 0]);
  });
});
