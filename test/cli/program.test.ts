import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
describe("table", () => {
  it("prints the vendor's table as tsv, byte for byte", async () => {
    const { status, stdout } = await duoUdm(["table", "--format", "tsv"]);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(ROOT, "fixtures/vendor/table.tsv"), "utf8"));
  });

  it("prints all of every row as JSON", async () => {
    const { stdout } = await duoUdm(["table", "--format", "json"]);
    const rows: unknown[] = JSON.parse(stdout);
    expect(rows.length).toBe(32);
    expect(rows[17]).toEqual({
      log_field: "phone_id",
      udm: "entity.asset.product_object_id",
      logic: "Used as 'product_object_id' if 'epkey' is not present, otherwise uses 'token_id'.",
      rule: { kind: "copy", unless: ["epkey"] },
      decisions: [5],
    });
  });

  it("finds the table of the documentation to be that of the code", async () => {
    const page = join(ROOT, "docs/mapping.md");
    expect(await duoUdm(["table", "--check", page])).toEqual({
      status: 0,
      stdout: "",
      stderr: `${page}: holds the mapping table as it is\n`,
    });
  });

  it("names the first line that a stale file lacks", async () => {
    const stale = join(ROOT, "DECISIONS.md");
    const { status, stderr } = await duoUdm(["table", "--format", "tsv", "--check", stale]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `duo-udm: ${stale}: the mapping table in it is stale: it lacks the line: log_field\\u0009udm\\u0009logic\n`,
    });
  });
});

describe("the command", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(await duoUdm(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each(["map", "explain", "table", "check", "coverage", "report", "collect", "simulate", "demo"])(
    "has help with examples for %s, in 80 columns",
    async (command) => {
      const { status, stdout } = await duoUdm([command, "--help"]);
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`\\nExamples:\\n  \\$ duo-udm ${command}`));
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

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
});
