import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { check } from "../../../src/cli/commands/check.ts";
import { ISSUES } from "../../../src/core/issue.ts";
import { parseRecordsAt } from "../../../src/core/page.ts";
import { captured, type Ran } from "../../support/cli.ts";
import { COLLECTED_AT } from "../../support/fixtures.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const OPTIONS = { format: "text", strict: false, showValues: false, collectedAt: COLLECTED_AT } as const;

function run(
  inputs: readonly string[],
  options: Partial<Parameters<typeof check>[1]> = {},
  stdin = "",
): Promise<Ran> {
  return captured((io) => check(inputs, { ...OPTIONS, ...options }, io), { stdin });
}

const page = (...records: object[]): string => JSON.stringify({ stat: "OK", response: records });
const GOOD = { epkey: "EP1", email: "ada@example.com" };
const UDM = {
  entity: { asset: { product_object_id: "EP9", colour: "secret-blue" } },
  metadata: { entity_type: "ASSET" },
  relations: [
    { entity: { user: { email_addresses: ["ada@example.com"] } }, entity_type: "USER", relationship: "OWNS" },
  ],
};

describe("check", () => {
  it("says that a page is ready", async () => {
    const file = await write("page.json", page(GOOD));
    expect(await run([file])).toEqual({
      status: 0,
      stdout:
        "1 record makes an entity.\n" +
        "READY: 0 errors, 0 warnings, 0 for information in 1 document, 1 record, 1\nentity.\n",
      stderr: "",
    });
  });

  it("groups equal issues, with their number, the first three places, and what to do", async () => {
    const records = Array.from({ length: 1200 }, (_, at) => ({ ...GOOD, epkey: `EP${at}`, type: ["x"] }));
    await write("duo-endpoints-00000.json", page(...records));
    const { status, stdout } = await run([folder]);
    expect(status).toBe(1);
    const lines = stdout.split("\n");
    const start = lines.indexOf("error RAW_SCHEMA, 1,200");
    expect(stdout).toContain(ISSUES.RAW_SCHEMA.message);
    expect(lines.slice(start).join("\n")).toContain("    1,200  type\n");
    expect(stdout.match(/, record \d+$/gm)).toEqual([0, 1, 2, 0, 1, 2].map((record) => `, record ${record}`));
    expect(lines.at(-3)).toBe(
      "NOT READY: 1,200 errors, 1,200 warnings, 0 for information in 1 document, 1,200",
    );
  });

  it("fits 80 columns, however long names are, and prints no control characters", async () => {
    const name = `${"n".repeat(300)}\u001b[31m`;
    const file = await write(`${"f".repeat(200)}.json`, page({ ...GOOD, [name]: 1, users: [{ [name]: 2 }] }));
    const { stdout } = await run([file], { showValues: true });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain("\u001b");
  });

  it("prints at most ten paths of a code, and says how many more there are", async () => {
    const novel = Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`field_${at}`, at]));
    const file = await write("duo-endpoints-00000.json", page({ ...GOOD, ...novel }));
    const { stdout } = await run([file]);
    expect(stdout.match(/^ +1 {2}field_\d+$/gm)).toHaveLength(10);
    expect(stdout).toContain("and 2,490 in other fields; --format json has all");
  });

  it("checks UDM entities and raw records side by side, told apart by what they hold", async () => {
    const file = await write(
      "mixed.ndjson",
      `${JSON.stringify(UDM)}\n${page(GOOD)}\n${JSON.stringify(GOOD)}\n`,
    );
    const { status, stdout } = await run([file], { format: "json" });
    const { issues, summary } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(issues.map(({ code, document, path }: Record<string, unknown>) => [code, document, path])).toEqual(
      [
        ["UDM_SCHEMA", 0, "entity.asset.colour"],
        ["DUPLICATE_ENTITY", 2, "entity.asset.product_object_id"],
      ],
    );
    expect(summary).toEqual({
      codes: { DUPLICATE_ENTITY: 1, UDM_SCHEMA: 1 },
      documents: 3,
      entities: 3,
      errors: 1,
      ignored: {},
      infos: 0,
      ready: false,
      reasons: [],
      records: 3,
      resources: [
        { resource: "endpoints", records: 2, entities: 2, skipped: {}, without_owner: 0 },
        { resource: "udm", records: 1, entities: 1, skipped: {}, without_owner: 0 },
      ],
      unreadable: 0,
      warnings: 1,
    });
  });

  it("prints JSON of nothing when there is nothing", async () => {
    const { stdout } = await run(["-"], { format: "json" }, page(GOOD));
    expect(JSON.parse(stdout)).toMatchObject({ issues: [], summary: { ready: true } });
  });

  it("says how many files of a directory it passed over, whose names are not those of pages", async () => {
    await write("page.json", page(GOOD));
    await write("page.json.zst", "");
    await write("._page.json", "");
    expect((await run([folder])).stdout).toMatch(/1 document, 1 record, 1\s+entity;\s+passed\s+over 1\.\n$/);
    expect((await run([folder], { format: "github" })).stderr).toMatch(/1 entity; passed over 1\.\n$/);
  });

  it("shows values only when asked", async () => {
    const file = await write("entities.ndjson", `${JSON.stringify(UDM)}\n`);
    for (const format of ["text", "json"] as const) {
      expect((await run([file], { format })).stdout).not.toContain("secret-blue");
      expect((await run([file], { format, showValues: true })).stdout).toContain("secret-blue");
    }
  });

  it("fails on warnings only when strict", async () => {
    const file = await write("page.json", page({ ...GOOD, device_name: "Ada's host" }));
    expect((await run([file])).status).toBe(0);
    const strict = await run([file], { strict: true });
    expect(strict.status).toBe(1);
    expect(strict.stdout).toContain("NOT READY (--strict): 0 errors, 1 warning,");
  });

  it("says on which line a record starts", async () => {
    const odd = { ...GOOD, device_name: "Ada's host" };
    const file = await write(
      "pages.json",
      `${JSON.stringify({ stat: "OK", response: [GOOD, odd] }, null, 1)}\n${JSON.stringify(odd)}\n`,
    );
    const { stdout } = await run([file], { format: "json", ignore: new Set(["DUPLICATE_ENTITY"] as const) });
    const { issues }: { issues: { code: string; line: number; record: number }[] } = JSON.parse(stdout);
    expect(
      issues.filter(({ code }) => code === "HOSTNAME_FORMAT").map(({ line, record }) => [line, record]),
    ).toEqual([
      [8, 1],
      [15, 0],
    ]);
  });

  it("says so of records in lists of pages, at a path, and of entities in an import's body", async () => {
    const odd = { ...GOOD, device_name: "Ada's host" };
    const pages = [
      { stat: "OK", response: [GOOD, odd] },
      { stat: "OK", response: [odd] },
    ];
    const linesIn = async (value: unknown, path = ""): Promise<number[]> => {
      const file = await write("pages.json", JSON.stringify(value, null, 1));
      const recordsAt = parseRecordsAt(path);
      const options = { ...OPTIONS, format: "json" } as const;
      const { stdout } = await captured((io) => check([file], options, { ...io, recordsAt }));
      const { issues }: { issues: { code: string; line: number }[] } = JSON.parse(stdout);
      return issues.filter(({ code }) => code === "HOSTNAME_FORMAT").map(({ line }) => line);
    };
    expect(await linesIn(pages)).toEqual([9, 19]);
    expect(await linesIn({ logs: pages.map((data) => ({ data })) }, "logs[].data")).toEqual([11, 23]);
    expect(await linesIn({ body: JSON.stringify(pages[0]) }, "body")).toEqual([2]);
    const { asset } = UDM.entity;
    const entity = { ...UDM, entity: { asset: { ...asset, hostname: "Ada's host" } } };
    expect(await linesIn({ inline_source: { entities: [UDM, entity] } })).toEqual([28]);
  });

  it("warns of a line that no feed takes, once, however its documents are laid out", async () => {
    const note = "x".repeat(2_500_000);
    const long = { ...GOOD, notes: note, model: note };
    const longLines = async (text: string): Promise<(number | undefined)[]> => {
      const { stdout } = await run([await write("duo-endpoints-00000.json", text)], { format: "json" });
      const { issues }: { issues: { code: string; line?: number }[] } = JSON.parse(stdout);
      return issues.filter(({ code }) => code === "LINE_TOO_LONG").map(({ line }) => line);
    };
    expect(await longLines(`\n${page(long)}\n${page(GOOD)}\n`)).toEqual([2]);
    expect(await longLines(JSON.stringify([long], null, 1))).toEqual([]);
    const half = page({ ...GOOD, notes: note });
    expect(await longLines(half + half)).toEqual([1]);
    expect(await longLines(`${half}\n${half}\n`)).toEqual([]);
    expect(await longLines(JSON.stringify({ ...UDM, additional: { note, more: note } }))).toEqual([]);
  });

  it("warns of such a line once, however many pieces it is read in", async () => {
    const note = "x".repeat(1_000_000);
    const line = Array.from({ length: 40 }, (_, at) => page({ ...GOOD, epkey: `EP${at}`, notes: note }));
    const file = await write("duo-endpoints-00000.json", `${page(GOOD)}\n${line.join("")}\n`);
    const { stdout } = await run([file], { format: "json" });
    const { issues }: { issues: { code: string; line?: number }[] } = JSON.parse(stdout);
    expect(issues.filter(({ code }) => code === "LINE_TOO_LONG").map(({ line }) => line)).toEqual([2]);
  });

  it("is not ready without an entity", async () => {
    const file = await write("groups.json", page({ group_id: "DG1" }));
    const { status, stdout } = await run([file]);
    expect(status).toBe(1);
    expect(stdout).toContain("NOT READY (--min-entities 1): 0 errors");
    const gate = { minEntities: { value: 0, isPercent: false } };
    expect((await run([file], gate)).status).toBe(0);
  });

  it("leaves an ignored code out of counts and verdict, says so, and keeps it in the list", async () => {
    const file = await write("page.json", page({ ...GOOD, type: ["x"] }));
    const ignore = new Set(["RAW_SCHEMA", "FIELD_TYPE"] as const);
    const failOn = new Set(["RAW_SCHEMA"] as const);
    const text = await run([file], { strict: true, ignore, failOn });
    expect(text.status).toBe(0);
    expect(text.stdout).toContain("error RAW_SCHEMA, 1 (ignored)\n");
    expect(text.stdout).toContain("READY: 0 errors, 0 warnings,");
    expect(text.stdout.replaceAll("\n", " ")).toContain("Ignored: FIELD_TYPE 1, RAW_SCHEMA 1.");
    const json = await run([file], { format: "json", ignore });
    const { issues, summary } = JSON.parse(json.stdout);
    expect(issues.map(({ code }: { code: string }) => code)).toEqual(["FIELD_TYPE", "RAW_SCHEMA"]);
    expect(summary).toMatchObject({
      errors: 0,
      warnings: 0,
      codes: {},
      ignored: { FIELD_TYPE: 1, RAW_SCHEMA: 1 },
      ready: true,
    });
  });

  it("says the verdict on standard error where a machine reads standard output", async () => {
    const file = await write("page.json", page(GOOD));
    for (const format of ["github", "junit", "sarif"] as const) {
      const { status, stderr } = await run([file], { format });
      expect({ status, stderr: stderr.slice(0, 20) }).toEqual({ status: 0, stderr: "duo-udm: READY: 0 er" });
    }
  });

  it("shows keys that may be somebody's data only when values are asked for", async () => {
    const record = { ...GOOD, "bob@example.com": 1, users: [{ aliases: { "Bob Bobson": "x" } }] };
    const file = await write("duo-phones-00000.json", page(record));
    for (const format of ["text", "json", "github", "junit", "sarif"] as const) {
      expect((await run([file], { format })).stdout).not.toMatch(/bob@|Bobson/);
    }
    expect((await run([file], { showValues: true })).stdout).toContain("bob@example.com");
  });

  it("counts what is not JSON, goes on, and says where it is", async () => {
    const bad = await write("a.json", '{\n "epkey": }');
    const good = await write("b.json", page(GOOD));
    const { status, stdout } = await run([bad, good]);
    expect(status).toBe(1);
    expect(stdout).toContain("a.json:2:11");
    expect(stdout).toContain("in 2 documents, 1 record");
  });

  it("ends with status 3 when an input cannot be read", async () => {
    await write("b.json", page(GOOD));
    await symlink(join(folder, "nowhere"), join(folder, "a.json"));
    const { status, stdout, stderr } = await run([folder]);
    expect(stderr).toBe(`duo-udm: ${join(folder, "a.json")}: cannot be read: no such file or directory\n`);
    expect(status).toBe(3);
    expect(stdout).toContain("NOT FINISHED: ");
  });

  it("takes the file's own time when no collection time is given", async () => {
    const file = await write("page.json", page({ ...GOOD, timestamp: "2100-01-01T00:00:00Z" }));
    const { collectedAt: _, ...options } = OPTIONS;
    const { stdout } = await captured((io) => check([file], options, io));
    expect(stdout).toContain("warning TIMESTAMP_FUTURE, 1");
  });
});
