import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/program.ts";
import { run } from "../../src/cli/run.ts";
import { duoUdm } from "../support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = join(ROOT, "fixtures/pages/groups");

/** The names of all commands, as the help lists them. */
const { stdout: overview } = await duoUdm(["--help"]);
const NAMES = Array.from(overview.matchAll(/^ {2}([a-z]+) (?:\[options\]|<)/gm), ([, name = ""]) => name);

describe("the command", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(await duoUdm(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("lists every command in its help", () => {
    expect(NAMES.length).toBe(COMMANDS.length);
  });

  it.each(NAMES)("has help with examples for %s, in 80 columns", async (name) => {
    const { status, stdout } = await duoUdm([name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n  \\$ duo-udm ${name}`));
    expect(stdout).toMatch(/\n {2}--quiet [\s\S]+\n {2}--no-color /);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    ["nonsense"],
    ["map", "--nonsense", "-"],
    ["table", "--format", "xml"],
    ["explain", "-", "--record", "-1"],
  ])("refuses %s with status 2", async (...argv) => {
    const { status, stdout, stderr } = await duoUdm(argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .+\n/);
  });

  it.each([
    ["ENOSPC", 3, "duo-udm: standard output: cannot be written: no space left on the device\n"],
    ["EPIPE", 0, ""],
  ])("ends a help that cannot be written (%s) with status %i", async (code, status, complaint) => {
    let stderr = "";
    const io = {
      stdin: Readable.from([]),
      stdout: new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
      }).on("error", () => {}),
      stderr: new Writable({
        write: (chunk, _encoding, done) => {
          stderr += chunk;
          done();
        },
      }),
      env: {},
      now: () => new Date(),
    };
    expect(await run(["--help"], io)).toBe(status);
    expect(stderr).toBe(complaint);
  });
});

describe("the width of a terminal", () => {
  it("is 80 columns where nobody gave it a size", async () => {
    const { stdout } = await duoUdm(["check", PAGE], { columns: 0, env: { NO_COLOR: "1" } });
    expect(stdout).toBe((await duoUdm(["check", PAGE])).stdout);
  });
});

describe("colour", () => {
  const ESCAPE = "\u001b[";
  const check = (argv: string[], env = {}) =>
    duoUdm(["check", PAGE, "--min-entities", "0", ...argv], { columns: 80, env });

  it("marks severities and verdicts on a terminal", async () => {
    expect((await check([])).stdout).toContain(`${ESCAPE}32mREADY`);
    expect((await duoUdm(["check", PAGE])).stdout).not.toContain(ESCAPE);
  });

  it.each<[string, string[], Record<string, string>]>([
    ["--no-color", ["--no-color"], {}],
    ["NO_COLOR", [], { NO_COLOR: "1" }],
    ["a terminal that knows none", [], { TERM: "dumb" }],
  ])("stays away with %s", async (_, argv, env) => {
    expect((await check(argv, env)).stdout).not.toContain(ESCAPE);
  });

  it("marks what went wrong on standard error", async () => {
    const { stderr } = await duoUdm(["map", "nowhere.json"], { isTerminal: true });
    expect(stderr).toBe(`${ESCAPE}31mduo-udm:${ESCAPE}39m nowhere.json: no such file or directory\n`);
    const plain = await duoUdm(["map", "nowhere.json", "--no-color"], { isTerminal: true });
    expect(plain.stderr).toBe("duo-udm: nowhere.json: no such file or directory\n");
  });
});

describe("--quiet", () => {
  it("leaves the results, and no word beside them", async () => {
    const loud = await duoUdm(["map", PAGE]);
    const quiet = await duoUdm(["map", PAGE, "--quiet"]);
    expect(loud.stderr).toMatch(/^documents \d/);
    expect(quiet).toEqual({ ...loud, stderr: "" });
    expect(await duoUdm(["--quiet", "map", PAGE])).toEqual(quiet);
  });

  it("leaves of a check its errors, and the verdict where that is not READY", async () => {
    const ready = await duoUdm(["check", join(ROOT, "fixtures/pages/phones"), "--quiet"]);
    expect(ready).toEqual({ status: 0, stdout: "", stderr: "" });
    const { stdout } = await duoUdm(["check", "-", "--quiet"], {
      stdin: '[{"epkey":"A","os_family":"iOS"},7]',
    });
    expect(stdout).toMatch(/^error RECORD_NOT_OBJECT, 1\n[\s\S]+\nNOT READY/);
    expect(stdout).not.toMatch(/^(?:warning|info) /m);
  });

  it("leaves errors", async () => {
    const { stderr } = await duoUdm(["map", "-", "--quiet"], { stdin: "{" });
    expect(stderr).toMatch(/^duo-udm: -:1:2: JSON_INVALID: /);
  });
});
