import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/core/bytes.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { planOf, TableError } from "../../src/core/plan.ts";
import type { Of, Profile, Row, Rule, Table, UdmCell } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { explainRecord, mapRecord } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { VENDOR_TABLE } from "../../src/profiles/vendor.ts";
import { anyJson } from "../support/arbitraries.ts";
import { leavesOf, schemaErrors, sortLeaves, writtenLeaves } from "../support/invariants.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";

const row = (log_field: string, udm: UdmCell, rule: Rule): Row => ({ log_field, udm, logic: "", rule });
const constant = (udm: UdmCell, value: string, within?: string): Row =>
  row("", udm, { kind: "constant", value, ...(within !== undefined && { within }) });

const KEY = row("epkey", "entity.asset.product_object_id", { kind: "copy" });
const METADATA: readonly Row[] = [
  row("timestamp", "entity.metadata.collected_timestamp", { kind: "timestamp" }),
  constant("entity.metadata.entity_type", "ASSET"),
];
const RELATION: readonly Row[] = [
  constant("entity.relations.entity_type", "USER"),
  constant("entity.relations.relationship", "OWNS"),
];

const tableOf = (...rows: readonly Row[]): Table => ({ ...VENDOR_TABLE, rows: [KEY, ...rows, ...METADATA] });

function profileOf(table: Table): Profile {
  return {
    name: "test",
    tables: {
      users: table,
      groups: table,
      phones: table,
      endpoints: table,
      tokens: table,
      webauthncredentials: table,
      desktop_authenticators: table,
      unknown: table,
    },
  };
}

function mapWith(table: Table, record: object): unknown {
  const mapped = mapRecord(
    { epkey: "EP1", ...record },
    { collectedAt: COLLECTED_AT, profile: profileOf(table) },
  );
  if (mapped.kind === "skipped") throw new Error(mapped.reason);
  const { entity, relations } = mapped.entity;
  const { product_object_id: _, ...asset } = entity.asset ?? {};
  return { asset, ...(relations && { relations }), issues: mapped.issues };
}

describe("a table that reads each object of a list", () => {
  it("makes a message of each, where a list of messages is written", () => {
    const table = tableOf(
      row("users.email", "entity.user.email_addresses", { kind: "address", of: "each" }),
      ...RELATION,
    );
    const users = [{ email: "ada@example.com" }, {}, { email: "bert@example.com" }];
    const relation = (email: string) => ({
      entity: { user: { email_addresses: [email] } },
      entity_type: "USER",
      relationship: "OWNS",
    });
    expect(mapWith(table, { users })).toEqual({
      asset: {},
      relations: [relation("ada@example.com"), relation("bert@example.com")],
      issues: [],
    });
  });

  it("writes all values into a list of texts, each once", () => {
    const table: Table = {
      ...tableOf(
        row("users.email", "entity.user.email_addresses", { kind: "address", of: "each" }),
        row("users.phone", "entity.user.phone_numbers", { kind: "copy", of: "each" }),
      ),
      places: { "entity.metadata": ["metadata"], "entity.user": ["entity.user"] },
    };
    const users = [
      { email: "ada@example.com", phone: "1" },
      { email: "ada@example.com", phone: 2 },
    ];
    const mapped = mapRecord(
      { epkey: "EP1", users },
      { collectedAt: COLLECTED_AT, profile: profileOf(table) },
    );
    expect(mapped.kind === "entity" && mapped.entity.entity.user).toEqual({
      email_addresses: ["ada@example.com"],
      phone_numbers: ["1", "2"],
    });
  });

  it("may read the first object of the same list too", () => {
    const table = tableOf(
      row("users.email", "entity.user.email_addresses", { kind: "address", of: "first" }),
      row(
        "users[].username",
        'entity.asset.attribute.labels.key: "user", entity.asset.attribute.labels.value',
        {
          kind: "copy",
        },
      ),
      ...RELATION,
    );
    expect(
      mapWith(table, { users: [{ email: "a@example.com", username: "ada" }, { username: "bert" }] }),
    ).toEqual({
      asset: {
        attribute: {
          labels: [
            { key: "user", value: "ada" },
            { key: "user", value: "bert" },
          ],
        },
      },
      relations: [
        {
          entity: { user: { email_addresses: ["a@example.com"] } },
          entity_type: "USER",
          relationship: "OWNS",
        },
      ],
      issues: [],
    });
    expect(mapWith(table, { users: "nobody" })).toMatchObject({
      issues: [{ code: "FIELD_TYPE", path: "users" }],
    });
  });

  it("holds a row to what outranks it, of its own object or of the record", () => {
    const table = tableOf(
      row("browsers.browser_family", "entity.asset.software.name", {
        kind: "copy",
        of: "each",
        unless: ["browsers.hidden", "quiet"],
      }),
    );
    const browsers = [{ browser_family: "A", hidden: true }, { browser_family: "B" }];
    expect(mapWith(table, { browsers })).toEqual({ asset: { software: [{ name: "B" }] }, issues: [] });
    expect(mapWith(table, { browsers, quiet: 1 })).toEqual({ asset: {}, issues: [] });
  });

  it("gives each object the row's alternatives, default and issues", () => {
    const table = tableOf(
      row("parts.os", "entity.asset.software.name", { kind: "platform", of: "each", or: ["parts.family"] }),
      row("parts.kind", "entity.asset.software.version", { kind: "asset_type", of: "each" }),
    );
    const parts = [{ os: "BeOS", family: "Mac" }, { os: "Windows", kind: "Mobile" }, {}];
    expect(mapWith(table, { parts })).toMatchObject({
      asset: {
        software: [
          { name: "MAC", version: "LAPTOP" },
          { name: "WINDOWS", version: "MOBILE" },
          { version: "LAPTOP" },
        ],
      },
      issues: [{ code: "PLATFORM_UNMAPPED", path: "parts[0].os", row: "parts.os" }],
    });
  });
});

describe("a list whose elements stand once", () => {
  it("tells a label and its value from others that are spelt the same together, however many there are", () => {
    const label = (key: string): UdmCell =>
      `entity.asset.attribute.labels.key: "${key}", entity.asset.attribute.labels.value`;
    const record = {
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, at])),
      a: "bc",
      ab: "c",
    };
    const names = Object.keys(record);
    const table = {
      ...tableOf(...names.map((name) => row(name, label(name), { kind: "copy" }))),
      distinct: true,
    };
    const labels = Object.entries(record).map(([key, value]) => ({ key, value: String(value) }));
    expect(mapWith(table, record)).toEqual({ asset: { attribute: { labels } }, issues: [] });
  });

  it("tells messages by what is written, whether rows or constants wrote it", () => {
    const rows = [
      row("parts[].version", "entity.asset.software.version", { kind: "copy" }),
      constant("entity.asset.software.name", "x", "parts"),
      row("others[].name", "entity.asset.software.name", { kind: "copy" }),
      row("others[].version", "entity.asset.software.version", { kind: "copy" }),
    ];
    const record = { parts: [{ version: 1 }], others: [{ name: "x", version: 1 }] };
    expect(mapWith({ ...tableOf(...rows), distinct: true }, record)).toEqual({
      asset: { software: [{ name: "x", version: "1" }] },
      issues: [],
    });
  });
});

describe("a constant", () => {
  it("alone in a list of messages is not written, nor is a message that would hold nothing else", () => {
    const table = tableOf(
      row("user", "entity.relations.entity.user.userid", { kind: "copy" }),
      constant("entity.relations.entity.asset.software.name", "x"),
    );
    expect(mapWith(table, { user: "ada" })).toEqual({
      asset: {},
      relations: [{ entity: { user: { userid: "ada" } } }],
      issues: [],
    });
  });

  it("of one container stands in a list within the messages that are made of it", () => {
    const table = tableOf(
      row("phones[].version", "entity.relations.entity.asset.software.version", { kind: "copy" }),
      row("tokens[].version", "entity.relations.entity.asset.software.version", { kind: "copy" }),
      constant("entity.relations.entity.asset.software.name", "x", "phones"),
    );
    const relation = (software: object) => ({ entity: { asset: { software: [software] } } });
    expect(mapWith(table, { phones: [{ version: 1 }], tokens: [{ version: 2 }] })).toEqual({
      asset: {},
      relations: [relation({ name: "x", version: "1" }), relation({ version: "2" })],
      issues: [],
    });
  });
});

describe("a table that cannot be run is refused, with a sentence", () => {
  it.each<[string, Row[], string]>([
    [
      "two rows for one value",
      [
        row("a", "entity.asset.hostname", { kind: "copy" }),
        row("b", "entity.asset.hostname", { kind: "copy" }),
      ],
      'Row "a" and row "b" may both write to "entity.asset.hostname", which takes one value.',
    ],
    [
      "a row that outranks by its field alone, although the other row has a second",
      [
        row("a", "entity.asset.hostname", { kind: "copy", or: ["c"] }),
        row("b", "entity.asset.hostname", { kind: "copy", unless: ["a"] }),
      ],
      'Row "a" and row "b" may both write to "entity.asset.hostname", which takes one value.',
    ],
    [
      "a constant where a row writes",
      [row("a", "entity.asset.category", { kind: "copy" }), constant("entity.asset.category", "x")],
      'Row "a" and the constant "x" may both write to "entity.asset.category", which takes one value.',
    ],
    [
      "a list into a single value",
      [row("users[].name", "entity.asset.hostname", { kind: "copy" })],
      'Row "users[].name" gives a list, and "entity.asset.hostname" takes one value.',
    ],
    [
      "an element of one list that depends on another's",
      [row("users[].name", "entity.asset.software.name", { kind: "copy", or: ["groups[].name"] })],
      'Row "users[].name" names "groups[].name", which has a value for each element of another list.',
    ],
  ])("%s", (_, rows, message) => {
    expect(() => planOf(tableOf(...rows))).toThrow(new TableError(message));
  });

  it("a place that no entity has", () => {
    const table: Table = {
      ...tableOf(),
      places: { "entity.metadata": ["metadata"], "entity.asset": ["asset"] },
    };
    expect(() => planOf(table)).toThrow(
      new TableError('Row "epkey" writes to "asset.product_object_id", which is no place of an entity.'),
    );
  });

  it("nothing for the metadata, or for the entity", () => {
    const without: Table = { ...tableOf(), rows: [KEY] };
    expect(() => planOf(without)).toThrow(
      new TableError('No row writes to "metadata", which every entity record has.'),
    );
    // A constant stands beside a value, and a record may have none.
    const maybe: Table = {
      ...tableOf(),
      rows: [
        KEY,
        constant("entity.metadata.entity_type", "ASSET"),
        row("a", "entity.metadata.product_entity_id", { kind: "copy" }),
      ],
    };
    expect(() => planOf(maybe)).toThrow(
      new TableError('A record may have nothing for "metadata", which every entity record has.'),
    );
    const elsewhere: Table = {
      ...tableOf(),
      places: { "entity.metadata": ["metadata"], "entity.asset": [] },
    };
    expect(() => planOf(elsewhere)).toThrow(
      new TableError('No row writes to "entity", which every entity record has.'),
    );
  });
});

const FIELDS = ["a", "b", "c"];
const LISTS = ["l", "m"];
const KINDS = [
  "copy",
  "lower_case",
  "address",
  "platform",
  "iso8601",
  "asset_type",
  "mailbox",
  "machine",
] as const;

/** Cells of texts that stand alone, of lists, of labels and of lists of messages. */
const CELLS: readonly UdmCell[] = [
  "entity.asset.hostname",
  "entity.asset.platform_software.platform_version",
  "entity.asset.software.name",
  "entity.asset.software.version",
  "entity.asset.hardware.model",
  "entity.user.email_addresses",
  "entity.user.phone_numbers",
  "entity.user.userid",
  'entity.asset.attribute.labels.key: "one", entity.asset.attribute.labels.value',
  'entity.asset.attribute.labels.key: "two", entity.asset.attribute.labels.value',
  "entity.relations.entity.asset.software.name",
  "entity.relations.entity.asset.software.version",
];

const logField = fc.oneof(
  fc.constantFrom(...FIELDS).map((field) => ({ log_field: field })),
  fc
    .tuple(fc.constantFrom(...LISTS), fc.constantFrom(...FIELDS), fc.constantFrom<Of>("first", "each"))
    .map(([list, field, of]) => ({ log_field: `${list}.${field}`, of })),
  fc.constantFrom(...LISTS).map((list) => ({ log_field: `${list}[]` })),
  fc.constantFrom(...LISTS).map((list) => ({ log_field: `${list}.*` })),
  fc.constantFrom(...LISTS).map((list) => ({ log_field: list, of: "length" as const })),
);

const others = fc.array(fc.constantFrom(...FIELDS, "l.a", "m.b"), { maxLength: 2 });

const anyRow: fc.Arbitrary<Row> = fc
  .record({
    at: logField,
    udm: fc.constantFrom(...CELLS),
    kind: fc.constantFrom(...KINDS),
    or: others,
    unless: others,
    fallback: fc.boolean(),
  })
  .map(({ at: { log_field, ...of }, udm, kind, or, unless, fallback }) =>
    row(log_field, udm, {
      kind,
      ...of,
      ...(or.length > 0 && { or }),
      ...(unless.length > 0 && { unless }),
      ...(fallback && { fallback }),
    }),
  );

const anyConstant: fc.Arbitrary<Row> = fc
  .tuple(
    fc.constantFrom(...CELLS),
    fc.constantFrom("x", "7"),
    fc.constantFrom<(string | undefined)[]>(undefined, undefined, "", ...LISTS),
  )
  .map(([udm, text, within]) => constant(udm, text, within));

const rowOrConstant = fc.oneof({ weight: 5, arbitrary: anyRow }, { weight: 1, arbitrary: anyConstant });

/** Tables of any rows, most of which can be run. */
const anyTable: fc.Arbitrary<Table> = fc
  .record({ rows: fc.array(rowOrConstant, { minLength: 1, maxLength: 8 }), distinct: fc.boolean() })
  .map(({ rows, distinct }) => ({ ...tableOf(...rows, ...RELATION), distinct }));

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Windows", "ada@example.com", "x", "2025-01-02", "0000", 7, true) },
  { weight: 1, arbitrary: anyJson },
);
const object = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });
const list = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.oneof({ weight: 4, arbitrary: object }, value), { maxLength: 3 }) },
  { weight: 1, arbitrary: object },
  { weight: 1, arbitrary: value },
);
const anyRecord = fc.record(
  { epkey: fc.constant("EP1"), a: value, b: value, c: value, l: list, m: list },
  { requiredKeys: ["epkey"] },
);

const recordWithLongLists = fc
  .tuple(anyRecord, fc.array(object, { maxLength: 30, size: "max" }))
  .map(([record, l]) => ({ ...record, l }));

/** A value whose lists, at any depth, have each element that is written alike once. */
function withoutEqualElements(whole: unknown): unknown {
  if (Array.isArray(whole)) {
    const elements = whole.map(withoutEqualElements);
    return [...new Map(elements.map((element) => [JSON.stringify(element), element])).values()];
  }
  if (typeof whole !== "object" || whole === null) return whole;
  return Object.fromEntries(Object.entries(whole).map(([key, one]) => [key, withoutEqualElements(one)]));
}

/** True of a table that the planner does not refuse. */
function isRunnable(table: Table): boolean {
  try {
    planOf(table);
    return true;
  } catch (error) {
    if (error instanceof TableError) return false;
    throw error;
  }
}

describe("any table that is not refused", () => {
  const runnable = anyTable.filter(isRunnable);

  it("is not rare among random ones", () => {
    expect(fc.sample(anyTable, 300).filter(isRunnable).length).toBeGreaterThan(60);
  });

  it("prints the stable stringify of the objects it builds, with the same issues", () => {
    fc.assert(
      fc.property(runnable, anyRecord, (table, record) => {
        const profile = profileOf(table);
        const mapped = mapRecord(record, { collectedAt: COLLECTED_AT, profile });
        const out = new ByteWriter();
        const shown = recordMapper(profile).map(record, startRun(COLLECTED_AT, undefined, {}, true), {});
        shown.print(out);
        expect(shown.issues).toEqual(mapped.issues);
        expect(new TextDecoder().decode(out.take())).toBe(
          mapped.kind === "entity" ? `${stableStringify(mapped.entity)}\n` : "",
        );
      }),
      { numRuns: 500 },
    );
  });

  it("maps with notes as without, and each leaf of the entity is written by one row, as that row says", () => {
    fc.assert(
      fc.property(runnable, anyRecord, (table, record) => {
        const context = { collectedAt: COLLECTED_AT, profile: profileOf(table) };
        const { rows, ...explained } = explainRecord(record, context);
        expect(explained).toEqual(mapRecord(record, context));
        if (explained.kind === "skipped") return;
        expect(sortLeaves(writtenLeaves(rows))).toEqual(sortLeaves(leavesOf(explained.entity)));
      }),
      { numRuns: 500 },
    );
  });

  it("makes entities of the published schema", () => {
    fc.assert(
      fc.property(runnable, anyRecord, (table, record) => {
        const mapped = mapRecord(record, { collectedAt: COLLECTED_AT, profile: profileOf(table) });
        if (mapped.kind === "entity") expect(schemaErrors(mapped.entity)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("has each equal element of a list once where the table says so, and is otherwise the same", () => {
    fc.assert(
      fc.property(runnable, recordWithLongLists, (table, record) => {
        const [all, distinct] = [false, true].map((isDistinct) =>
          mapRecord(record, {
            collectedAt: COLLECTED_AT,
            profile: profileOf({ ...table, distinct: isDistinct }),
          }),
        );
        expect(distinct).toEqual(withoutEqualElements(all));
      }),
      { numRuns: 500 },
    );
  });

  it("raises no issue of one code and path twice", () => {
    fc.assert(
      fc.property(runnable, anyRecord, (table, record) => {
        const { issues } = mapRecord(record, { collectedAt: COLLECTED_AT, profile: profileOf(table) });
        const places = issues.map(({ code, path }) => `${code} ${path}`);
        expect(new Set(places).size).toBe(places.length);
      }),
      { numRuns: 300 },
    );
  });
});

/** Collects garbage, and tells how many bytes of the heap are in use. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

describe("what a mapping costs", () => {
  it("is no memory once the next record with the same lists is mapped", () => {
    const map = (length: number): void => {
      const groups = Array.from({ length }, (_, at) => ({ group_id: `DG${at}`, name: "Staff" }));
      mapRecord({ user_id: "DU1", groups }, { collectedAt: COLLECTED_AT, profile: ENRICHED });
    };
    map(1);
    const before = heapInUse();
    map(20_000);
    map(1);
    expect(heapInUse() - before).toBeLessThan(8e6);
  });

  it("grows with the record, notes and all: 20,000 elements are told in one pass", () => {
    const browsers = Array.from({ length: 20_000 }, (_, at) => ({
      browser_family: `B${at}`,
      browser_version: "1",
    }));
    const { rows } = explainRecord({ epkey: "EP1", browsers }, { collectedAt: COLLECTED_AT });
    expect(rows.find(({ row: one }) => one.log_field === "browsers.browser_family")?.writes).toHaveLength(
      20_000,
    );
  });
});
