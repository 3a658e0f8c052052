import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Around, duoUdm } from "../support/cli.ts";
import { temporaryDirectory } from "../support/collector.ts";

const AT = "2026-01-02T03:04:05Z";

async function page(): Promise<string> {
  const file = join(await temporaryDirectory(), "page.json");
  await writeFile(file, '{"epkey":"A"}');
  return file;
}

describe("progress of map", () => {
  /** A clock that is two seconds further at every look. */
  const slowly = () => {
    let seconds = 0;
    return () => new Date(Date.UTC(2026, 0, 2) + 2_000 * seconds++);
  };
  const mapSlowly = async (around: Around) => {
    const file = await page();
    const now = slowly();
    const out = join(await temporaryDirectory(), "out.ndjson");
    return (await duoUdm(["map", file, "--out", out, "--collected-at", AT], { now, ...around })).stderr;
  };

  it("is shown on a terminal, for work of a second and more", async () => {
    expect(await mapSlowly({ isTerminal: true, columns: 80 })).toContain("\r\u001b[K0 of 1 input, 0 records");
  });

  it.each<[string, Around]>([
    ["to a pipe", { columns: 80 }],
    ["beside a pipe, whose reader may write to the terminal", { isTerminal: true }],
    ["for work of less than a second", { isTerminal: true, columns: 80, now: () => new Date(AT) }],
  ])("is not shown %s", async (_, around) => {
    const stderr = await mapSlowly(around);
    expect(stderr).toContain("documents 1, records 1, entities 1, ");
    expect(stderr).not.toContain("\r");
  });

  it("is not shown where the entities go to the same terminal", async () => {
    const file = await page();
    const around = { isTerminal: true, columns: 80 };
    const { stderr } = await duoUdm(["map", file, "--collected-at", AT], { ...around, now: slowly() });
    expect(stderr).not.toContain("\r");
  });
});
