import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/core/bytes.ts";
import { parseLogField, parseUdmCell, type Target } from "../../src/core/cell.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { planOf } from "../../src/core/plan.ts";
import { TableError } from "../../src/core/plan-row.ts";
import type { Row, Rule } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { mapRecord } from "../../src/core/record.ts";
import { UDM_ENTITY_SCHEMA } from "../../src/preflight/schemas/udm-entity.schema.ts";
import { OWNERS, TABLE, VENDOR_TABLE, vendorProfile } from "../../src/profiles/vendor.ts";
import { readText } from "../support/files.ts";

const rows: readonly Row[] = TABLE;
const COPY: Rule = { kind: "copy" };

/** The vendor's rows as they were copied from its page: three cells per line, after the heading. */
function transcript(): { log_field: string; udm: string; logic: string }[] {
  const [heading, ...lines] = readText("fixtures/vendor/table.tsv").trimEnd().split("\n");
  expect(heading).toBe("log_field\tudm\tlogic");
  return lines.map((line) => {
    const [log_field = "", udm = "", logic = ""] = line.split("\t");
    return { log_field, udm, logic };
  });
}

/** The log fields that a rule names beside its own. */
function namedBy(rule: Rule): string[] {
  return rule.kind === "constant" ? [] : [...(rule.unless ?? []), ...(rule.or ?? []).flat()];
}

/** The one place that a cell of the vendor's stands for. */
function placeOf(udm: Row["udm"]): Target {
  const [target, ...others] = parseUdmCell(udm, VENDOR_TABLE.places);
  if (target === undefined || others.length > 0) throw new Error(`${udm} is not one place`);
  return target;
}

/** The rows by the place they write, for places that more than one row writes. */
function sharedTargets(): Map<string, Row[]> {
  const byTarget = new Map<string, Row[]>();
  for (const row of rows) {
    const { path, label } = placeOf(row.udm);
    const target = [...path, label ?? ""].join(".");
    byTarget.set(target, [...(byTarget.get(target) ?? []), row]);
  }
  return new Map([...byTarget].filter(([, writers]) => writers.length > 1));
}

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly enum?: readonly string[];
  readonly type?: string | readonly string[];
  readonly deprecated?: boolean;
}

const definitions: { readonly [name: string]: Schema } = UDM_ENTITY_SCHEMA.$defs;

function resolve(schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.slice("#/$defs/".length);
  return name === undefined ? schema : definitions[name];
}

/** The fields on the way to a place in the entity, by their path, each with its schema. */
function schemasAlong(path: readonly string[]): { at: string; schema: Schema | undefined }[] {
  let here: Schema | undefined = definitions["Entity"];
  return path.map((name, depth) => {
    const schema: Schema | undefined = here?.properties?.[name];
    here = resolve(schema?.items ?? schema);
    return { at: path.slice(0, depth + 1).join("."), schema };
  });
}

describe("the mapping table", () => {
  it("holds the vendor's 32 rows, verbatim and in the vendor's order", () => {
    expect(rows).toHaveLength(32);
    expect(rows.map(({ log_field, udm, logic }) => ({ log_field, udm, logic }))).toEqual(transcript());
  });

  it("has cells that parse back to what they say", () => {
    const violations = rows.flatMap(({ log_field, udm, rule }) => {
      const { path, label } = placeOf(udm);
      const last = path.at(-1);
      const { container, field } = parseLogField(log_field);
      const dotted = container === undefined ? field : `${container}.${field}`;
      const names = label === undefined ? path : [...path, "value"];
      const found: string[] = [];
      if (dotted !== log_field) found.push(`${log_field}: the log field reads as ${dotted}`);
      if (label === undefined && !udm.endsWith(`.${last}`)) found.push(`${log_field}: the path ends ${last}`);
      if ((label === undefined) === udm.includes(" "))
        found.push(`${log_field}: the label reads as ${label}`);
      if (!names.every((name) => /^[a-z][a-z_]*$/.test(name))) found.push(`${log_field}: ${names.join(".")}`);
      if ((log_field === "") !== (rule.kind === "constant"))
        found.push(`${udm}: a constant has no log field`);
      return found;
    });
    expect(violations).toEqual([]);
  });

  it("writes only to fields of the UDM entity that are strings or hold the value, none of them deprecated", () => {
    const violations = rows.flatMap(({ udm, rule }) => {
      const { path, label } = placeOf(udm);
      const along = schemasAlong(label === undefined ? path : [...path, "value"]);
      const leaf = along.at(-1)?.schema;
      const values = resolve(leaf?.items ?? leaf);
      const found = along
        .filter(({ schema }) => schema === undefined || schema.deprecated === true)
        .map(({ at }) => `${at}: not in the schema, or deprecated`);
      if (values?.type !== "string" && values?.enum === undefined) found.push(`${udm}: takes no text`);
      const isOffEnum = rule.kind === "constant" && values?.enum?.includes(rule.value) === false;
      if (isOffEnum) found.push(`${udm}: the enum lacks the constant`);
      return found;
    });
    expect(violations).toEqual([]);
  });

  it("has the places that several rows write to", () => {
    expect([...sharedTargets().keys()]).toEqual([
      "entity.asset.software.name.",
      "entity.asset.software.version.",
      "relations.entity.user.email_addresses.",
      "entity.asset.product_object_id.",
      "entity.asset.asset_id.",
    ]);
  });

  it("names in its rules only fields that are read: the log field of a row, or the parser's username copies", () => {
    const known = new Set([...rows.map(({ log_field }) => log_field), "username", "username1"]);
    const violations = rows.flatMap(({ log_field, rule }) =>
      namedBy(rule)
        .filter((name) => name === "" || !known.has(name))
        .map((name) => `${log_field} names ${name}`),
    );
    expect(violations).toEqual([]);
  });

  it("has a logic that mentions every field its rule falls back on or is outranked by", () => {
    const violations = rows.flatMap(({ log_field, logic, rule }) => {
      // The first user's username is what the vendor's parser calls username1.
      const others = namedBy(rule).filter((name) => name !== "users.username");
      return others.filter((name) => !logic.includes(`'${name}'`)).map((name) => `${log_field}: ${name}`);
    });
    expect(violations).toEqual([]);
  });

  it("reads dotted fields of the first element or of each, and plain fields of the record", () => {
    const violations = rows
      .filter(({ log_field, rule }) => log_field.includes(".") !== "of" in rule)
      .map(({ log_field }) => log_field);
    expect(violations).toEqual([]);
  });

  it("rests on numbered decisions, in ascending order", () => {
    const violations = rows
      .filter(({ decisions = [] }) => decisions.some((n, at) => n < 1 || n <= (decisions[at - 1] ?? 0)))
      .map(({ log_field }) => log_field);
    expect(violations).toEqual([]);
  });

  it("can be planned, but not with one of its rows made to write where another does", () => {
    expect(planOf(VENDOR_TABLE).rows).toHaveLength(rows.length);
    const rowsTwice = rows.map((row) => (row.log_field === "phone_id" ? { ...row, rule: COPY } : row));
    expect(() => planOf({ ...VENDOR_TABLE, rows: rowsTwice })).toThrow(TableError);
  });
});

describe("the table's types", () => {
  const valid = {
    log_field: "device_name",
    udm: "entity.asset.hostname",
    logic: "Directly mapped from the raw log.",
    rule: { kind: "copy" },
  } as const satisfies Row;

  it("accept a row of the table", () => {
    expect(rows).toContainEqual({ ...valid, decisions: [5] });
  });

  it("refuse a mistyped UDM path, label cell, and message instead of its field", () => {
    // @ts-expect-error: no such field
    const mistyped: Row = { ...valid, udm: "entity.asset.host_name" };
    // @ts-expect-error: a label's value stands beside its key
    const label: Row = { ...valid, udm: 'entity.asset.attribute.labels.key: "x", entity.asset.labels.value' };
    // @ts-expect-error: hardware is a message
    const message: Row = { ...valid, udm: "entity.asset.hardware" };
    expect([mistyped, label, message]).toHaveLength(3);
  });

  it("refuse an unknown rule kind, and an option of another rule", () => {
    // @ts-expect-error: no such rule
    const unknown: Rule = { kind: "no_such_rule" };
    // @ts-expect-error: only a lookup has values
    const option: Rule = { kind: "lower_case", values: { a: "b" } };
    expect([unknown, option]).toHaveLength(2);
  });
});

describe("the owner", () => {
  const record = { epkey: "A", email: "ada@example.com" };
  const ada = { email_addresses: ["ada@example.com"] };

  it.each(OWNERS)("stands where the profile says (%s), in the same bytes as in the object", (owner) => {
    const profile = vendorProfile(owner);
    for (const raw of [record, { epkey: "B" }]) {
      const mapped = recordMapper(profile).map(raw, startRun("2026-01-02T03:04:05Z", undefined, {}), {});
      const out = new ByteWriter();
      mapped.print(out);
      expect(Buffer.from(out.take()).toString()).toBe(`${stableStringify(mapped.entity())}\n`);
    }
    const mapped = mapRecord(record, { collectedAt: "2026-01-02T03:04:05Z", profile });
    const entity = mapped.kind === "entity" ? mapped.entity : undefined;
    expect(entity?.relations).toEqual(
      owner === "noun" ? undefined : [{ entity: { user: ada }, entity_type: "USER", relationship: "OWNS" }],
    );
    expect(entity?.entity.user).toEqual(owner === "relation" ? undefined : ada);
  });
});
