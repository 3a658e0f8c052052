/** Values for the properties: any JSON, records and pages close to Duo's, keys that attack, times that are nearly times. */

import fc from "fast-check";
import { parseLogField } from "../../src/core/cell.ts";
import { planOf } from "../../src/core/plan.ts";
import type { Profile, Row, Table } from "../../src/core/profile.ts";
import { TABLE } from "../../src/profiles/vendor.ts";

const rows: readonly Row[] = TABLE;
const sources = rows
  .filter(({ log_field }) => log_field !== "")
  .map(({ log_field }) => parseLogField(log_field));

/** The fields that the table reads of the record itself. */
const PLAIN_FIELDS: readonly string[] = [
  ...sources.filter(({ container }) => container === undefined).map(({ field }) => field),
  "username",
  "username1",
];

/** The containers that the table reads, each with the fields it reads in them. */
const CONTAINERS = new Map<string, string[]>();
for (const { container, field } of sources) {
  if (container !== undefined) CONTAINERS.set(container, [...(CONTAINERS.get(container) ?? []), field]);
}

/** Every key that the mapping looks for in a document. */
const KNOWN_KEYS: readonly string[] = [
  ...new Set([
    ...PLAIN_FIELDS,
    ...CONTAINERS.keys(),
    ...[...CONTAINERS.values()].flat(),
    ...["response", "stat", "timestamp", "code", "message"],
  ]),
];

export const HOSTILE_KEYS: readonly string[] = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toJSON", "then"],
  ...["__defineGetter__", "__lookupSetter__", "length", "0", ""],
];

/** Text of any UTF-16 code units, unpaired surrogates among them. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom("\ud800", "\udfff", " ", "@", "a"),
  ),
  maxLength: 12,
});

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** `YYYY-MM-DDTHH:MM:SS`, of times that exist and times just beyond. */
export const canonicalTime: fc.Arbitrary<string> = fc
  .tuple(
    fc.integer({ min: 0, max: 9999 }),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 0, max: 32 }),
    fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 61 }),
    fc.integer({ min: 0, max: 61 }),
  )
  .map(
    ([year, month, day, hour, minute, second]) =>
      `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`,
  );

/** Canonical times with zones and fractions, and with one character changed, dropped or added. */
export const nearlyTime: fc.Arbitrary<string> = fc
  .tuple(
    canonicalTime,
    fc.constantFrom("", "Z", "z", ".5", ".123Z", ",9999999", "+01:00", "-0930", "+99:99", "[UTC]", " ", "ZZ"),
    fc.nat({ max: 24 }),
    fc.constantFrom("keep", "change", "drop", "add"),
    fc.constantFrom("0", "9", "-", ":", "T", " ", "Z", "/", "٣", "é", "\u0000"),
  )
  .map(([time, ending, at, what, character]) => {
    const text = time + ending;
    if (what === "keep") return text;
    const before = text.slice(0, at);
    return before + (what === "drop" ? "" : character) + text.slice(what === "add" ? at : at + 1);
  });

/** Keys and values as entries of an object, so that `__proto__` becomes a key like any other. */
function objectOf<T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>, maxLength: number) {
  return fc
    .array(fc.tuple(key, value), { maxLength })
    .map((entries): { [key: string]: T } => Object.fromEntries(entries));
}

const anyKey = fc.oneof(fc.constantFrom(...KNOWN_KEYS), fc.constantFrom(...HOSTILE_KEYS), anyText);

/** Any JSON value, rich in the keys that the mapping looks for and in those that attack. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      objectOf(anyKey, tie("value"), 6),
    ),
  })).value,
);

const BLANKS = ["", " ", "\t\n", "\u00a0", null];

const plausible: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom("Windows 11", "Mac OS X", "linux", "iOS", "Mobile", "false", " FALSE ", "Unknown", "On"),
  {
    weight: 4,
    arbitrary: fc.constantFrom("ada", "ada@example.com", "ada@example.com", "@example.com", "bert@x"),
  },
  canonicalTime,
  nearlyTime,
  fc.constantFrom("1735787045", "1735787045250", "173578704"),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  anyText,
);

/** A value for a field that should hold a scalar: mostly one, sometimes blank, sometimes of a wrong type. */
const fieldValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: plausible },
  { weight: 2, arbitrary: fc.constantFrom(...BLANKS) },
  { weight: 1, arbitrary: anyJson },
);

const fieldsOf = (names: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fieldValue])), { requiredKeys: [] });

function containerValue(names: readonly string[]): fc.Arbitrary<unknown> {
  const element = fc.oneof({ weight: 8, arbitrary: fieldsOf(names) }, { weight: 1, arbitrary: fieldValue });
  return fc.oneof(
    { weight: 8, arbitrary: fc.array(element, { maxLength: 4 }) },
    { weight: 1, arbitrary: element },
    { weight: 1, arbitrary: anyJson },
  );
}

const containers = fc.record(
  Object.fromEntries([...CONTAINERS].map(([container, names]) => [container, containerValue(names)])),
  { requiredKeys: [] },
);

/** A record close to Duo's: the table's fields, mostly with values they may have, and now and then another key. */
export const nearRecord: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(objectOf(anyKey, anyJson, 2), fieldsOf(PLAIN_FIELDS), containers)
  .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))));

const typical: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  ...["ada@example.com", "ada", "Unknown", "iPhone", "Windows", "iOS", "00000000", "1735787045", "Mobile"],
  ...[1735787045, true, false, null, "", " "],
  'Staff (from AD sync "Example")',
);

/** Records of a table: the fields that it reads, mostly with values they may have. */
export function recordsOf(table: Table): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.oneof({ weight: 6, arbitrary: typical }, { weight: 1, arbitrary: anyJson });
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const { container, reads, of } of planOf(table).scopes) {
    if (container === undefined) {
      for (const { field, of: how } of reads) if (how !== "length") fields[field] = value;
      continue;
    }
    const names = reads.map(({ field }) => [field, value] as const).filter(([field]) => field !== "");
    const object = fc.record(Object.fromEntries(names), { requiredKeys: [] });
    const element = of === "each" ? fc.oneof({ weight: 5, arbitrary: object }, value) : value;
    const list =
      of === "values"
        ? fc.dictionary(fc.string(), value, { maxKeys: 3 })
        : fc.array(element, { maxLength: 4 });
    fields[container] = fc.oneof({ weight: 5, arbitrary: list }, { weight: 1, arbitrary: element });
  }
  return fc.record(fields, { requiredKeys: [] });
}

/** Pages close to Duo's, of such records, in each of the shapes that a document may have. */
function pagesOf(record: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const records = fc.array(fc.oneof({ weight: 8, arbitrary: record }, { weight: 1, arbitrary: anyJson }), {
    maxLength: 5,
  });
  return fc.oneof(
    fc.record(
      {
        stat: fc.oneof({ weight: 8, arbitrary: fc.constant("OK") }, { weight: 1, arbitrary: anyJson }),
        response: fc.oneof({ weight: 8, arbitrary: records }, { weight: 1, arbitrary: anyJson }),
        timestamp: fieldValue,
        code: fieldValue,
        message: fieldValue,
      },
      { requiredKeys: ["response"] },
    ),
    records,
    record,
  );
}

/** A page close to Duo's, in each of the shapes a document may have. */
export const nearPage: fc.Arbitrary<unknown> = pagesOf(nearRecord);

/** What the properties of a mapping are tried with. */
export interface Near {
  readonly record: fc.Arbitrary<Record<string, unknown>>;
  readonly page: fc.Arbitrary<unknown>;
  /** Every key that the mapping looks for in a document. */
  readonly keys: readonly string[];
}

/** Records and pages close to those that the tables of a profile map. */
export function nearOf({ tables }: Profile): Near {
  const all = Object.values(tables).filter((table) => typeof table !== "string");
  const record = fc
    .tuple(objectOf(anyKey, anyJson, 2), fc.oneof(...all.map(recordsOf)))
    .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))));
  const scopes = all.flatMap((table) => planOf(table).scopes);
  const names = scopes.flatMap(({ container = "", reads }) => [
    container,
    ...reads.map(({ field }) => field),
  ]);
  const keys = new Set([...KNOWN_KEYS, ...names.filter((name) => name !== "")]);
  return { record, page: pagesOf(record), keys: [...keys] };
}

export const NEAR_VENDOR: Near = { record: nearRecord, page: nearPage, keys: KNOWN_KEYS };
