import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TABLE } from "../../../src/profiles/vendor.ts";
import { duoUdm } from "../../support/cli.ts";

const ROOT = join(import.meta.dirname, "../../..");
describe("table", () => {
  it("prints the vendor's table as tsv, byte for byte", async () => {
    const { status, stdout } = await duoUdm(["table", "--format", "tsv"]);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(ROOT, "fixtures/vendor/table.tsv"), "utf8"));
  });

  it("prints all of every row as JSON", async () => {
    const { stdout } = await duoUdm(["table", "--format", "json"]);
    const rows: unknown[] = JSON.parse(stdout);
    expect(rows.length).toBe(TABLE.length);
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

  it("is a list that fits a terminal, and Markdown where it is asked for or piped", async () => {
    const { stdout } = await duoUdm(["table"], { columns: 60 });
    expect(stdout.split("\n").filter((line) => line.length > 60)).toEqual([]);
    for (const { log_field } of TABLE) expect(stdout).toContain(log_field || "(constant)");
    const markdown = (await duoUdm(["table"])).stdout;
    expect(markdown).toMatch(/^\| Log field \|/);
    expect((await duoUdm(["table", "--format", "md"], { columns: 60 })).stdout).toBe(markdown);
  });
});
