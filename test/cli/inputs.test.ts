import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const RECORD = { epkey: "EPHINT00000000000001", device_name: "host-1" };

/** Pages whose records lie deeper, in a list and at a path. */
const INPUTS: readonly [value: unknown, path: readonly string[], hinted: string][] = [
  [[{ offset: 1, result: RECORD }], [], "[].result"],
  [[{ stat: "OK", response: [{ _raw: JSON.stringify(RECORD) }] }], [], "[].response[]._raw"],
  [{ logs: [{ data: { event: RECORD, time: 1 } }] }, ["--records-at", "logs[].data"], "logs[].data.event"],
];

describe("the hint about records that lie deeper", () => {
  const report = (): string => join(folder, "report.html");

  it.each(INPUTS)("names the same path in every command: %j", async (value, path, hinted) => {
    const stdin = JSON.stringify(value);
    for (const command of [
      ["map", "-"],
      ["check", "-", "--format", "json"],
      ["coverage", "-"],
      ["explain", "-", "--format", "json"],
      ["report", "-", "--out", report()],
      ["import", "-", "--dry-run"],
    ]) {
      const { stdout, stderr } = await duoUdm([...command, ...path], { stdin });
      expect({ command, hint: (stdout + stderr).match(/--records-at (\S+) reads/)?.[1] }).toEqual({
        command,
        hint: hinted,
      });
    }
    expect(await readFile(report(), "utf8")).toContain("data-verdict");
  });
});
