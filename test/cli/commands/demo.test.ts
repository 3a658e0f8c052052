import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { duoUdm } from "../../support/cli.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("demo", () => {
  it("goes the whole way without configuration, and ends by saying in five lines what was made", async () => {
    const out = join(folder, "demo");
    const { status, stdout } = await duoUdm(["demo", "--users", "300", "--out", out], {
      now: () => new Date(),
    });
    expect(status).toBe(0);
    expect((await readdir(out)).sort()).toEqual(["entities.ndjson", "pages", "preflight.txt", "report.html"]);

    const entities = (await readFile(join(out, "entities.ndjson"), "utf8")).trimEnd().split("\n");
    const lines = stdout.trimEnd().split("\n").slice(-5);
    expect(lines.map((line) => line.split(" ")[0])).toEqual([
      "Pages",
      "Entities",
      "Preflight",
      "Report",
      "Next",
    ]);
    expect(lines[0]).toContain(join(out, "pages/duo/context"));
    expect(lines[1]).toContain(`entities ${entities.length},`);
    expect(lines[2]).toMatch(/\(READY: 0 errors, .+ entities\.\)$/);
    expect(await readFile(join(out, "report.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]+<\/html>\s*$/i);

    const [, example = ""] = /^One of the entities:\n([\s\S]+?)\n\n/.exec(stdout) ?? [];
    expect(entities.map((line) => JSON.parse(line))).toContainEqual(JSON.parse(example));
  });

  it("writes over nothing", async () => {
    const out = join(folder, "demo");
    await duoUdm(["demo", "--users", "10", "--out", out]);
    expect(await duoUdm(["demo", "--users", "10", "--out", out])).toEqual({
      status: 2,
      stdout: "",
      stderr: `duo-udm: ${out}: is not empty; give --out a new directory\n`,
    });
  });
});
