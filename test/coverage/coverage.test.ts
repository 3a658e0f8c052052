import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import stableStringify from "fast-json-stable-stringify";
import { afterAll, describe, expect, it } from "vitest";
import { type CoverageOptions, coverage as coverageCommand } from "../../src/cli/commands/coverage.ts";
import { readPage } from "../../src/core/page.ts";
import { resourceOf } from "../../src/core/resource.ts";
import {
  baselineOf,
  type Drift,
  driftOf,
  parseBaseline,
  printBaseline,
} from "../../src/coverage/baseline.ts";
import { type Coverage, CoverageCounter, coverage } from "../../src/coverage/coverage.ts";
import { coverageLines } from "../../src/coverage/text.ts";
import { explainRecord } from "../../src/index.ts";
import { ConfigError } from "../../src/io/errors.ts";
import { TABLE } from "../../src/profiles/vendor.ts";
import { linesText } from "../../src/text/lines.ts";
import { captured, type Ran } from "../support/cli.ts";
import { rootUrl } from "../support/files.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { expectGolden } from "../support/golden.ts";

const FIXTURES = fileURLToPath(rootUrl("fixtures/pages"));
const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(text: string, name = `${files++}.json`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const run = (inputs: readonly string[], options: Partial<CoverageOptions> = {}): Promise<Ran> =>
  captured((io) => coverageCommand(inputs, { format: "text", ...options }, io));

const fixturePages = PAGES.map((page) => ({ document: readFixture(page), source: page }));

const page = (...response: readonly unknown[]) => ({ stat: "OK", response });

/** The paths of one document's fields. */
const pathsOf = (document: unknown): string[] =>
  coverage([{ document }]).resources.flatMap(({ fields }) => fields.map(({ path }) => path));

describe("the coverage of the fixture pages", () => {
  it("is the golden text, in lines of 80 printable columns", async () => {
    const { status, stdout, stderr } = await run([FIXTURES]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expectGolden("golden/coverage/fixtures.txt", stdout);
    expect(stdout.split("\n").filter((line) => !/^[\x20-\x7e]{0,80}$/.test(line))).toEqual([]);
  });

  it("keeps to its columns when there are very many records", () => {
    const much: Coverage = JSON.parse(JSON.stringify(coverage(fixturePages)), (_, value: unknown) =>
      typeof value === "number" ? value * 100_000 : value,
    );
    expect(
      linesText(coverageLines(much))
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it("is the same as canonical JSON", async () => {
    const { stdout } = await run([FIXTURES], { format: "json" });
    expect(stdout).toBe(`${stableStringify(coverage(fixturePages))}\n`);
  });

  it("counts for each row what explain says of the records that make an entity", () => {
    const expected = new Map<string, number>();
    for (const { document, source } of fixturePages) {
      const { records, timestamp } = readPage(document);
      for (const record of records) {
        const { kind, rows } = explainRecord(record, { collectedAt: COLLECTED_AT, pageTimestamp: timestamp });
        for (const [at, { outcome }] of kind === "entity" ? rows.entries() : []) {
          const key = `${resourceOf(source, records)} ${at} ${outcome}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
      }
    }
    const counted = coverage(fixturePages).resources.flatMap(({ resource, rows }) =>
      rows.flatMap(({ outcomes }, at) =>
        Object.entries(outcomes).map(([outcome, count]) => [`${resource} ${at} ${outcome}`, count] as const),
      ),
    );
    expect(new Map(counted.filter(([, count]) => count > 0))).toEqual(expected);
  });

  it("accounts for each record, and for each entity in every row", () => {
    for (const { records, entities, skipped, rows } of coverage(fixturePages).resources) {
      expect(records).toBe(entities + skipped.NO_ASSET_IDENTITY + skipped.RECORD_NOT_OBJECT);
      expect(rows.map(({ log_field }) => log_field)).toEqual(TABLE.map(({ log_field }) => log_field));
      for (const { outcomes } of rows) {
        expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(entities);
      }
    }
  });

  it("is the same page by page as at once", () => {
    const counter = new CoverageCounter();
    for (const one of fixturePages) counter.add(one);
    expect(counter.result()).toEqual(coverage(fixturePages));
    expect(counter.result()).toEqual(counter.result());
  });
});

describe("the fields that no row reads", () => {
  it("are found by path, with records, share and types, those of most records first", () => {
    const records = [
      {
        epkey: "E1",
        odd: 1,
        browsers: [{ browser_family: "F", flash: "no" }],
        users: [{ email: "", age: 1 }],
      },
      { epkey: "E2", odd: null, username1: "u", user: { email: "e" } },
      { epkey: "E3", odd: "x", browsers: { browser_version: "1", flash: 1 }, capabilities: ["auto", "push"] },
      [],
    ];
    const [first] = coverage([{ document: page(...records) }]).resources;
    expect(first?.unmapped).toEqual([
      { path: "odd", records: 3, share: 1, types: { null: 1, number: 1, string: 1 } },
      { path: "browsers.flash", records: 1, share: 0.3333, types: { number: 1 } },
      { path: "browsers[].flash", records: 1, share: 0.3333, types: { string: 1 } },
      { path: "capabilities", records: 1, share: 0.3333, types: { array: 1 } },
      { path: "user", records: 1, share: 0.3333, types: { object: 1 } },
      { path: "user.email", records: 1, share: 0.3333, types: { string: 1 } },
      { path: "users[].age", records: 1, share: 0.3333, types: { number: 1 } },
    ]);
  });

  it("count a record once, however many of its objects have the field", () => {
    const [first] = coverage([
      { document: page({ epkey: "E", groups: [{ name: "a" }, { name: "b" }] }) },
    ]).resources;
    expect(first?.unmapped.find(({ path }) => path === "groups[].name")).toEqual({
      path: "groups[].name",
      records: 1,
      share: 1,
      types: { string: 2 },
    });
  });

  it("never include the fields that the table names", () => {
    const record = Object.fromEntries(
      TABLE.filter(({ log_field }) => !log_field.includes(".")).map(({ log_field }) => [log_field, "x"]),
    );
    const [first] = coverage([{ document: { ...record, "": "x" } }]).resources;
    expect(first?.unmapped.map(({ path }) => path)).toEqual(['[""]']);
  });
});

describe("keys that are someone's data", () => {
  it("of objects known to be free are counted as one", () => {
    expect(
      pathsOf({ user_id: "U", aliases: { alias1: "a", ada: "b" }, custom_attributes: { badge: 1 } }),
    ).toEqual(["aliases", "aliases.*", "custom_attributes", "custom_attributes.*", "user_id"]);
  });

  it("such as addresses and numbers never become names, wherever they stand", () => {
    const object = { "ada@example.com": 1, "15035550123": 1, ["long".repeat(20)]: 1, plain: 1 };
    expect(pathsOf({ ...object, list: [object], within: object })).toEqual([
      ...["*", "list", "list[]", "list[].*", "list[].plain", "plain", "within", "within.*", "within.plain"],
    ]);
  });

  it("of an object within a record are names only in Duo's own spelling", () => {
    expect(pathsOf({ by: { "Ada Lovelace": 1, Ada: 1, last_login: 1 } })).toEqual([
      "by",
      "by.*",
      "by.last_login",
    ]);
  });

  it("of a map, whose objects share few of them, are counted as one", () => {
    const records = ["ada", "grace", "edsger"].map((name) => ({ by: { [name]: { seen: 1 } } }));
    expect(pathsOf(page(...records))).toEqual(["by", "by.*", "by.*.seen"]);
  });

  it("are counted as one when there are too many, in any order", () => {
    const records = Array.from({ length: 300 }, (_, at) => ({
      [`field_${at}`]: at,
      ["other_".repeat(1 + (at % 5))]: "x",
    }));
    const expected = [{ path: "*", records: 300, types: { number: 300, string: 300 } }];
    for (const list of [records, records.toReversed()]) {
      expect(coverage([{ document: list }]).resources[0]?.fields).toEqual(expected);
    }
  });

  it("and deep nesting do not make the paths grow without end", () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 2000; depth++) value = { a: [value] };
    expect(pathsOf({ value }).length).toBeLessThan(10);
  });
});

describe("any JSON value", () => {
  it("has a coverage, and the same baseline in any order of its pages", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (documents) => {
        const of = (list: readonly unknown[]) => coverage(list.map((document) => ({ document })));
        expect(baselineOf(of(documents.toReversed()))).toEqual(baselineOf(of(documents)));
        const text = printBaseline(baselineOf(of(documents)));
        expect(printBaseline(parseBaseline(text) ?? { version: 1, resources: [] })).toBe(text);
      }),
    );
  });
});

describe("a baseline", () => {
  const baselineFor = (...documents: readonly unknown[]) =>
    baselineOf(coverage(documents.map((document) => ({ document }))));
  const drift = (before: unknown, today: unknown): Drift[] =>
    driftOf(baselineFor(before), baselineFor(today));

  it("of the fixture pages is the golden one: canonical JSON, one line per field", async () => {
    const path = join(folder, "fixtures-baseline.json");
    expect((await run([FIXTURES], { writeBaseline: path })).status).toBe(0);
    const text = readFileSync(path, "utf8");
    expectGolden("golden/coverage/baseline.json", text);
    expect(text.replace(/\n */g, "")).toBe(stableStringify(JSON.parse(text)));
  });

  it("stays the same when there is more of the same", () => {
    const once = printBaseline(baselineOf(coverage(fixturePages)));
    expect(printBaseline(baselineOf(coverage([...fixturePages, ...fixturePages.toReversed()])))).toBe(once);
  });

  it("against its own pages shows no drift, and says so", async () => {
    const baseline = join(folder, "own.json");
    await run([FIXTURES], { writeBaseline: baseline });
    const { status, stdout } = await run([FIXTURES], { baseline });
    expect(status).toBe(0);
    expect(stdout.split("\n")[0]).toBe("drift: none, the fields are those of the baseline");
  });

  it("shows new, vanished and retyped fields, with status 1", async () => {
    const before = {
      epkey: "E",
      kept: 1,
      gone: "x",
      changed: "1",
      groups: [{ name: "g", desc: "" }],
      model: "",
    };
    const today = { epkey: "E", kept: 2, changed: 1, groups: [{ name: "g", fresh: true }], model: 7 };
    const baseline = join(folder, "before.json");
    await run([fileOf(JSON.stringify(before))], { writeBaseline: baseline });
    const input = fileOf(JSON.stringify(today));
    const text = await run([input], { baseline });
    expect(text.status).toBe(1);
    expect(text.stdout.slice(0, text.stdout.indexOf("1 document"))).toBe(
      [
        "drift: 5 differences from the baseline",
        "  retyped   endpoints: model (string -> number), read by row model",
        "  retyped   endpoints: changed (string -> number)",
        "  new       endpoints: groups[].fresh (boolean)",
        "  vanished  endpoints: gone (string)",
        "  vanished  endpoints: groups[].desc (string)",
        "",
        "",
      ].join("\n"),
    );
    const json = await run([input], { baseline, format: "json" });
    const { drift: found }: { drift: Drift[] } = JSON.parse(json.stdout);
    expect({ status: json.status, found }).toEqual({ status: 1, found: drift(before, today) });
  });

  it("takes a field for vanished only while its resource and its object are there", () => {
    const before = page({ epkey: "E", groups: [{ name: "g" }], user: { email: "" } });
    expect(drift(before, page({ phone_id: "P" })).map(({ change }) => change)).toEqual(["new"]);
    expect(drift(before, page())).toEqual([]);
    expect(drift(before, page({ epkey: "E", groups: [], user: null }))).toEqual([]);
    expect(drift(before, page({ epkey: "E" })).map(({ path }) => path)).toEqual(["groups", "user"]);
  });

  it("takes a further type for a change, but not fewer types, nor null", () => {
    const before = page({ epkey: "E", a: 1 }, { epkey: "E", a: "" });
    expect(drift(before, page({ epkey: "E", a: "" }))).toEqual([]);
    expect(drift(before, page({ epkey: "E", a: null }))).toEqual([]);
    expect(drift(before, page({ epkey: "E", a: [] }))).toEqual([
      { resource: "endpoints", path: "a", change: "retyped", types: ["array"], was: ["number", "string"] },
    ]);
  });

  it("takes null beside another type, or before one, for no change", () => {
    const of = (...values: readonly unknown[]) => page(...values.map((a) => ({ epkey: "E", a })));
    expect(drift(of(null), of("x"))).toEqual([]);
    expect(drift(of(null), of("x", null))).toEqual([]);
    expect(drift(of("x", null), of("x"))).toEqual([]);
    expect(drift(of("x", null), of(1, null)).map(({ change }) => change)).toEqual(["retyped"]);
  });

  it("is updated by what is new, and keeps what is not there today", async () => {
    const baseline = join(folder, "updated.json");
    await run([fileOf(JSON.stringify([{ epkey: "E", a: 1, gone: 1 }]))], { writeBaseline: baseline });
    const input = fileOf(JSON.stringify([{ epkey: "E", a: "x", b: true }, { phone_id: "P" }]));
    expect((await run([input], { baseline, updateBaseline: baseline })).status).toBe(1);
    const { resources } = JSON.parse(readFileSync(baseline, "utf8"));
    expect(resources).toEqual([
      {
        resource: "endpoints",
        fields: [
          { path: "a", types: ["number", "string"] },
          { path: "b", types: ["boolean"] },
          { path: "epkey", types: ["string"] },
          { path: "gone", types: ["number"] },
        ],
      },
      { resource: "phones", fields: [{ path: "phone_id", types: ["string"] }] },
    ]);
    expect((await run([input], { baseline })).stdout.split("\n")[0]).toBe(
      "drift: 1 difference from the baseline",
    );
  });

  it.each([
    ["is not there", undefined],
    ["is no JSON", "{"],
    ["is another JSON", "[]"],
    ["is of a later version", '{"resources":[],"version":2}'],
    [
      "names no types",
      '{"resources":[{"fields":[{"path":"a","types":["text"]}],"resource":"users"}],"version":1}',
    ],
  ])("that %s is the caller's mistake", async (_, text) => {
    const baseline = text === undefined ? join(folder, "nowhere.json") : fileOf(text);
    await expect(run([FIXTURES], { baseline })).rejects.toThrow(ConfigError);
    await expect(run([FIXTURES], { baseline })).rejects.toThrow(
      text === undefined
        ? `${baseline}: no such file or directory`
        : `${baseline}: is not a baseline; coverage --write-baseline FILE writes one`,
    );
  });
});

describe("a part of the coverage", () => {
  it("is that of one resource", async () => {
    const { stdout } = await run([FIXTURES], { format: "json", resource: "tokens" });
    const { records, resources }: Coverage = JSON.parse(stdout);
    expect(resources.map(({ resource }) => resource)).toEqual(["tokens"]);
    expect(records).toBe(resources[0]?.records);
  });

  it("is that of the fields no row reads", async () => {
    const text = await run([FIXTURES], { unmapped: true });
    expect(text.stdout).toContain("field no row reads");
    expect(text.stdout).not.toContain("outranked");
    const json = await run([FIXTURES], { unmapped: true, format: "json", resource: "groups" });
    const { resources }: Coverage = JSON.parse(json.stdout);
    expect(resources.map((resource) => Object.keys(resource))).toEqual([["resource", "unmapped"]]);
  });
});

describe("what is wrong with an input", () => {
  it("is complained about with status 1, and nothing else is lost", async () => {
    const directory = mkdtempSync(join(folder, "mixed-"));
    writeFileSync(join(directory, "duo-phones-00000.json"), JSON.stringify(page({ phone_id: "P" }, 7)));
    writeFileSync(join(directory, "duo-phones-00001.json"), '{"stat": "OK", "response": [');
    writeFileSync(join(directory, "duo-users-00000.json"), '{"stat": "FAIL", "code": 40103}');
    const { status, stdout, stderr } = await run([directory], { format: "json" });
    const { documents, records, entities, resources } = JSON.parse(stdout);
    expect({ status, documents, records, entities }).toEqual({
      status: 1,
      documents: 2,
      records: 2,
      entities: 1,
    });
    expect(resources.map(({ resource }: { resource: string }) => resource)).toEqual(["users", "phones"]);
    expect(stderr.split("\n").map((line) => /[A-Z]+_[A-Z_]+/.exec(line)?.[0])).toEqual([
      "RECORD_NOT_OBJECT",
      "JSON_INVALID",
      "DUO_STAT_FAIL",
      undefined,
    ]);
  });

  it("gives status 3 when it cannot be read, and leaves an old baseline as it is", async () => {
    const directory = mkdtempSync(join(folder, "unreadable-"));
    writeFileSync(join(directory, "a.json"), JSON.stringify({ phone_id: "P" }));
    symlinkSync(join(directory, "nowhere"), join(directory, "b.json"));
    const writeBaseline = join(directory, "baseline.out");
    const { status, stdout, stderr } = await run([directory], { writeBaseline });
    expect(status).toBe(3);
    expect(stdout.split("\n")[0]).toBe("1 document, 1 record, 1 entity");
    expect(stderr).toContain("b.json: cannot be read: no such file or directory");
    expect(readdirSync(directory)).toEqual(["a.json", "b.json"]);
  });
});
