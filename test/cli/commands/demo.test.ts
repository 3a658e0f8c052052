import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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

const demo = (out: string, ...argv: string[]) =>
  duoUdm(["demo", "--users", "300", "--out", out, ...argv], { now: () => new Date() });

/** The JSON under a heading of the output, and what follows it up to an empty line. */
function under(heading: RegExp, stdout: string): { value: unknown; rest: string } {
  const part = stdout.split("\n\n").find((text) => heading.test(text)) ?? "";
  const [, json = "", rest = ""] = /^.*\n(\{\n[\s\S]+?\n\})\n?([\s\S]*)$/.exec(part) ?? [];
  return { value: JSON.parse(json), rest };
}

describe("demo", () => {
  it("goes the whole way without configuration, and ends with what was made, where, and what comes next", async () => {
    const out = join(folder, "demo");
    const { status, stdout, stderr } = await demo(out);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^duo-udm: collecting an invented account of 300 users from http:/);
    const made = [".duo-udm-demo", "entities.ndjson", "pages", "preflight.txt", "report.html"];
    expect((await readdir(out)).sort()).toEqual(made);
    expect(await readFile(join(out, "report.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]+<\/html>\s*$/i);

    const entities = (await readFile(join(out, "entities.ndjson"), "utf8")).trimEnd().split("\n");
    expect(stdout).toContain(`\n${entities.length.toLocaleString("en-US")} of `);
    expect(stdout).toMatch(/\nREADY: 0 errors, /);
    const end = stdout.slice(stdout.lastIndexOf("\n\n") + 2);
    for (const name of ["pages/duo/context", "entities.ndjson", "preflight.txt", "report.html"]) {
      expect(end).toContain(join(out, name));
    }
    expect(end).toMatch(/\nNext {7}duo-udm explain /);
  });

  it("shows a laptop with its owner, and a record that makes no entity with the reason", async () => {
    const out = join(folder, "demo");
    const { stdout } = await demo(out);
    const laptop = under(/^A laptop with its owner/, stdout).value;
    expect(laptop).toMatchObject({
      entity: { asset: { type: "LAPTOP" } },
      relations: [{ relationship: "OWNS", entity: { user: expect.any(Object) } }],
    });
    const entities = (await readFile(join(out, "entities.ndjson"), "utf8")).trimEnd().split("\n");
    expect(entities.map((line): unknown => JSON.parse(line))).toContainEqual(laptop);

    const { value, rest } = under(/^A record that makes no entity/, stdout);
    expect(value).toHaveProperty("group_id");
    expect(rest).toMatch(/^The record makes no entity \(NO_ASSET_IDENTITY\): it has no usable /);
  });

  it("says no word beside its results with --quiet", async () => {
    const out = join(folder, "demo");
    const { stdout, stderr } = await demo(out, "--quiet");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/ make entities; [\s\S]+\nREADY: [\s\S]+\nReport /);
    expect(await readFile(join(out, "preflight.txt"), "utf8")).toContain("\nREADY: ");
  });

  it("replaces what an earlier demo made, and nothing else", async () => {
    const out = join(folder, "demo");
    await demo(out);
    await writeFile(join(out, "notes.txt"), "mine");
    await writeFile(join(out, "pages", "old.json"), "{}");
    const { status } = await demo(out, "--users", "10");
    expect(status).toBe(0);
    expect(await readFile(join(out, "notes.txt"), "utf8")).toBe("mine");
    expect(await readdir(join(out, "pages"))).toEqual(["duo"]);
  });

  it("writes into no directory that it did not make", async () => {
    await writeFile(join(folder, "entities.ndjson"), "mine");
    expect(await demo(folder)).toEqual({
      status: 2,
      stdout: "",
      stderr: `duo-udm: ${folder}: is not empty, and no demo made it; give --out a new directory\n`,
    });
    expect(await readFile(join(folder, "entities.ndjson"), "utf8")).toBe("mine");
  });
});
