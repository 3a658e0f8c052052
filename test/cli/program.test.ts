import { readFileSync } from "node:fs";
import { join } from "node:path";
import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { explainRecord } from "../../src/index.ts";
import { duoUdm } from "../support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const at = ["--collected-at", "2026-01-02T03:04:05Z"];

const RECORD = {
  epkey: "EPX1",
  phone_id: "DPX1",
  email: "ada@example.com",
  last_seen: "yesterday",
  os_family: "iOS",
  browsers: [{ browser_family: "Safari" }, { browser_version: "18" }],
  users: [{ email: "ada@example.com", username: "ada" }],
  type: null,
};

const explain = (...argv: string[]) =>
  duoUdm(["explain", "-", ...at, ...argv], { stdin: JSON.stringify([{ user_id: "DUX1" }, RECORD, 7]) });

describe("explain", () => {
  it("says for every row what it read and wrote, or why not, in 80 columns", async () => {
    const { status, stdout, stderr } = await explain("--record", "1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(readFileSync(join(ROOT, "golden/cli/explain.txt"), "utf8"));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("gives the same as canonical JSON, with the vendor's cells of each row", async () => {
    const { stdout } = await explain("--record", "1", "--format", "json");
    const { rows, ...rest } = explainRecord(RECORD, { collectedAt: "2026-01-02T03:04:05Z" });
    const subject = { source: "-", record: 1, resource: "users" };
    const flat = rows.map(({ row, ...trace }) => ({ ...row, ...trace }));
    expect(stdout).toBe(`${stableStringify({ ...subject, ...rest, rows: flat })}\n`);
  });

  it("takes the first record, or the first with an id that Duo or the table knows it by", async () => {
    expect((await explain()).stdout.split("\n")[0]).toBe("-, record 0 (users)");
    for (const id of ["EPX1", "DPX1"]) {
      expect((await explain("--id", id)).stdout.split("\n")[0]).toBe("-, record 1 (users)");
    }
  });

  it("says why a record makes no entity", async () => {
    expect((await explain("--record", "2")).stdout).toBe(
      [
        "-, record 2 (users)",
        "makes no entity: RECORD_NOT_OBJECT",
        "The record is not a JSON object and was skipped.",
        "",
        "Issues",
        "    error RECORD_NOT_OBJECT",
        "",
      ].join("\n"),
    );
  });

  it("counts records over all documents of the input", async () => {
    const ran = await duoUdm(["explain", "-", "--record", "2", ...at], {
      stdin: '[{"epkey":"A"},{}]\n{"epkey":"B"}\n',
    });
    expect(ran.stdout.split("\n")[0]).toBe("-, document 1, record 0 (endpoints)");
  });

  it.each([
    [["--record", "3"], "duo-udm: -: holds no record 3; it holds 3 records\n"],
    [["--id", "someone@example.com"], "duo-udm: -: holds no record with that id; it holds 3 records\n"],
  ])(
    "ends with status 2 when there is no such record (%j), without repeating an id",
    async (argv, stderr) => {
      expect(await explain(...argv)).toEqual({ status: 2, stdout: "", stderr });
    },
  );
});

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
