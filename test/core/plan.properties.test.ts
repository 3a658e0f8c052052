import fc from "fast-check";
import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/core/bytes.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { planOf } from "../../src/core/plan.ts";
import { TableError } from "../../src/core/plan-row.ts";
import type { Of, Row, Table, UdmCell } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { explainRecord, mapRecord } from "../../src/index.ts";
import { anyJson } from "../support/arbitraries.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";
import { leavesOf, schemaErrors, sortLeaves, writtenLeaves } from "../support/invariants.ts";
import { constant, profileOf, RELATION, row, tableOf } from "../support/tables.ts";

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
