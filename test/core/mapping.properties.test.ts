import fc from "fast-check";
import stableStringify from "fast-json-stable-stringify";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/core/bytes.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { documentsOf, readPage } from "../../src/core/page.ts";
import type { Profile, Table } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { syncedSuffix } from "../../src/core/rules.ts";
import { print } from "../../src/core/scalar.ts";
import { isoTimestamp, isoTimestampByLuxon, timestamp } from "../../src/core/time.ts";
import { explainRecord, type Issue, type MappedPage, mapPage, mapRecord } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { VENDOR } from "../../src/profiles/vendor.ts";
import {
  anyJson,
  anyText,
  canonicalTime,
  HOSTILE_KEYS,
  NEAR_VENDOR,
  type Near,
  nearlyTime,
  nearOf,
} from "../support/arbitraries.ts";
import {
  deepFreeze,
  leavesOf,
  schemaErrors,
  sortLeaves,
  withPollutedPrototype,
  writtenLeaves,
} from "../support/invariants.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";
const CASES = [
  { name: "vendor", profile: VENDOR, near: NEAR_VENDOR },
  { name: "enriched", profile: ENRICHED, near: nearOf(ENRICHED) },
];

/** The tables of a profile. */
const tablesOf = ({ tables }: Profile): Table[] =>
  Object.values(tables).filter((table) => typeof table !== "string");

const anyDocumentNear = ({ page }: Near) => fc.oneof(page, anyJson);

function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 300): void {
  fc.assert(fc.property(arbitrary, property), { numRuns });
}

describe.each(CASES)("the mapping by $name, whatever it is given,", ({ profile, near }) => {
  const context = { collectedAt: COLLECTED_AT, profile };
  const nearRecord = near.record;
  const nearPage = near.page;
  const anyDocument = anyDocumentNear(near);
  const anyRecord = fc.oneof({ weight: 4, arbitrary: nearRecord }, { weight: 1, arbitrary: anyJson });
  /** The entities of a document as text. */
  const bytes = (document: unknown): string => JSON.stringify(mapPage(document, context));

  it("is total: any JSON value is mapped, skipped or rejected, and every record is accounted for", () => {
    check(anyDocument, (document) => {
      const { entities, skipped, records } = mapPage(document, context);
      expect(entities.length + skipped.length).toBe(records);
      expect(explainRecord(document, context).kind).toBe(mapRecord(document, context).kind);
    });
  });

  it("is deterministic: the same document gives the same bytes, also when it was parsed anew", () => {
    check(anyDocument, (document) => {
      const first = bytes(document);
      expect(bytes(document)).toBe(first);
      expect(bytes(JSON.parse(JSON.stringify(document)))).toBe(first);
    });
  });

  it("leaves its input untouched, even frozen all through", () => {
    check(anyDocument, (document) => {
      const before = JSON.stringify(document);
      const mapped = bytes(document);
      deepFreeze(document);
      expect(bytes(document)).toBe(mapped);
      expect(JSON.stringify(document)).toBe(before);
    });
  });

  it("maps a page as it maps the page's records one by one, issues and all", () => {
    check(anyDocument, (document) => {
      const documents = documentsOf(document);
      const expected: MappedPage = { entities: [], skipped: [], issues: [], records: 0 };
      for (const [at, one] of documents.entries()) {
        const place = documents.length === 1 ? {} : { document: at };
        const { records, timestamp: pageTimestamp, issues } = readPage(one, place);
        expected.issues.push(...issues);
        expected.records += records.length;
        for (const [record, raw] of records.entries()) {
          const mapped = mapRecord(raw, { ...context, pageTimestamp });
          expected.issues.push(...mapped.issues.map((issue): Issue => ({ ...issue, ...place, record })));
          if (mapped.kind === "entity") expected.entities.push(mapped.entity);
          else expected.skipped.push({ record, reason: mapped.reason });
        }
      }
      // Hints say where in the page the records seem to lie, which a record alone cannot know.
      const withoutHints = (page: MappedPage): MappedPage => ({
        ...page,
        issues: page.issues.map(({ hint: _, ...issue }) => issue),
      });
      expect(withoutHints(mapPage(document, context))).toEqual(withoutHints(expected));
    });
  });

  it("gives an explanation whose outcome and issues are those of the mapping", () => {
    check(fc.tuple(anyRecord, anyJson), ([record, pageTimestamp]) => {
      const { rows, ...explained } = explainRecord(record, { ...context, pageTimestamp });
      expect(explained).toEqual(mapRecord(record, { ...context, pageTimestamp }));
      expect([0, ...tablesOf(profile).map((table) => table.rows.length)]).toContain(rows.length);
    });
  });

  it("prints a record as the bytes of its entity's stable stringify, with the same issues", () => {
    const out = new ByteWriter();
    check(
      fc.tuple(anyRecord, anyJson),
      ([record, pageTimestamp]) => {
        const mapped = mapRecord(record, { ...context, pageTimestamp });
        const run = startRun(COLLECTED_AT, pageTimestamp, {}, true);
        const shown = recordMapper(profile).map(record, run, {});
        shown.print(out);
        const printed = new TextDecoder("utf-8", { fatal: true }).decode(out.take());
        expect(shown.issues).toEqual(mapped.issues);
        expect(shown.reason).toBe(mapped.kind === "skipped" ? mapped.reason : undefined);
        expect(printed).toBe(mapped.kind === "skipped" ? "" : `${stableStringify(mapped.entity)}\n`);
      },
      1000,
    );
  });

  it("maps a record the same, whatever records came before it", () => {
    const out = new ByteWriter();
    const lineOf = (mapper: ReturnType<typeof recordMapper>, raw: unknown, withNotes: boolean): string => {
      const run = startRun(COLLECTED_AT, undefined, {}, true);
      const mapped = mapper.map(raw, run, { withNotes });
      mapped.print(out);
      return JSON.stringify([mapped.issues, mapped.reason, mapped.rows(), Array.from(out.take())]);
    };
    /** A record with the same fields, some of them of another value. */
    const alike = fc.tuple(fc.nat(), fc.constantFrom<unknown>(undefined, null, "", [], {}, "other"));
    const sequence = fc.array(fc.record({ of: fc.nat(2), alike, withNotes: fc.boolean() }), { maxLength: 8 });
    check(
      fc.tuple(fc.array(nearRecord, { minLength: 3, maxLength: 3 }), sequence),
      ([records, steps]) => {
        const mapper = recordMapper({ ...profile });
        for (const {
          of,
          alike: [bits, value],
          withNotes,
        } of steps) {
          const fields = Object.entries(records[of] ?? {});
          const raw = Object.fromEntries(
            fields.map(([field, own], at) => [field, (bits >> (at % 31)) % 3 === 0 ? value : own]),
          );
          expect(lineOf(mapper, raw, withNotes)).toBe(lineOf(recordMapper({ ...profile }), raw, withNotes));
        }
      },
      150,
    );
  });

  it("has each leaf of an entity written by exactly one row of the table, as that row says", () => {
    check(nearRecord, (record) => {
      const explained = explainRecord(record, context);
      if (explained.kind === "skipped") return;
      expect(sortLeaves(writtenLeaves(explained.rows))).toEqual(sortLeaves(leavesOf(explained.entity)));
    });
  });

  it("says of each row that it wrote if and only if something was written", () => {
    check(nearRecord, (record) => {
      const { rows } = explainRecord(record, context);
      const violations = rows.filter(
        ({ outcome, writes }) => (outcome === "wrote" || outcome === "default") !== writes.length > 0,
      );
      expect(violations).toEqual([]);
    });
  });

  it("makes entities that are valid against the UDM entity schema", () => {
    check(nearPage, (document) => {
      expect(mapPage(document, context).entities.flatMap(schemaErrors)).toEqual([]);
    });
  });

  it("makes entities whose JSON is their stable stringify, byte for byte", () => {
    check(anyDocument, (document) => {
      for (const entity of mapPage(document, context).entities) {
        expect(JSON.stringify(entity)).toBe(stableStringify(entity));
      }
    });
  });

  it("writes only well-formed text: no empty strings, lists or objects, and no unpaired surrogates", () => {
    check(anyDocument, (document) => {
      const leaves = mapPage(document, context).entities.flatMap((entity) => leavesOf(entity));
      const isText = (value: unknown): boolean =>
        typeof value === "string" && value !== "" && value.isWellFormed();
      expect(leaves.filter(({ value }) => !isText(value))).toEqual([]);
    });
  });

  it("has an identity in every entity it makes, and none in a record it skips for that", () => {
    check(nearPage, (document) => {
      const { entities } = mapPage(document, context);
      const without = entities.filter(({ entity: { asset, user, group } }) => {
        const ids = [asset?.asset_id, asset?.product_object_id, asset?.hostname, group?.product_object_id];
        return [...ids, user?.product_object_id, user?.userid, user?.email_addresses].every(
          (id) => id === undefined,
        );
      });
      expect(without).toEqual([]);
    });
  });
});

describe.each(CASES)("what is not the record's own, by $name,", ({ profile, near }) => {
  const context = { collectedAt: COLLECTED_AT, profile };
  const nearRecord = near.record;
  const anyDocument = anyDocumentNear(near);
  const bytes = (document: unknown): string => JSON.stringify(mapPage(document, context));

  it("is nothing: inherited fields are ignored, as if the record were empty", () => {
    check(nearRecord, (record) => {
      const { __proto__: _, ...inherited } = record;
      const empty: unknown = Object.create(inherited);
      expect(mapRecord(empty, context)).toEqual(mapRecord({}, context));
      expect(mapRecord({ epkey: "EP1", users: [empty], browsers: [empty] }, context)).toEqual(
        mapRecord({ epkey: "EP1", users: [{}], browsers: [{}] }, context),
      );
    });
  });

  it("is nothing: hostile keys in a record and its parts are only data that no row reads", () => {
    const attack = fc
      .array(fc.tuple(fc.constantFrom(...HOSTILE_KEYS), fc.oneof(nearRecord, anyJson)), {
        minLength: 1,
        maxLength: 5,
      })
      .map((entries) => Object.entries(Object.fromEntries(entries)));
    check(fc.tuple(nearRecord, attack), ([record, hostile]) => {
      const clean = Object.entries(record).filter(([key]) => !HOSTILE_KEYS.includes(key));
      const attacked: unknown = Object.fromEntries([...hostile, ...clean]);
      expect(mapRecord(attacked, context)).toEqual(mapRecord(Object.fromEntries(clean), context));
      const part: unknown = Object.fromEntries([...hostile, ["username", "ada"], ["browser_family", "A"]]);
      expect(mapRecord({ epkey: "EP1", users: [part], browsers: part }, context)).toEqual(
        mapRecord({ epkey: "EP1", users: [{ username: "ada" }], browsers: { browser_family: "A" } }, context),
      );
    });
  });

  it("is nothing: a polluted Object.prototype changes no mapping, no issue and no explanation", () => {
    const values = fc.oneof(nearRecord, fc.constantFrom("ada@example.com", 1, false, "2025-01-02T03:04:05"));
    const pollution = fc.dictionary(fc.constantFrom(...near.keys), values, { minKeys: 1, maxKeys: 6 });
    const both = (document: unknown): string =>
      JSON.stringify([
        mapPage(document, context),
        readPage(document).records.map((record) => explainRecord(record, context)),
      ]);
    check(fc.tuple(anyDocument, pollution), ([document, properties]) => {
      const clean = both(document);
      expect(withPollutedPrototype(properties, () => both(document))).toBe(clean);
    });
  });

  it("is nothing: an inherited field does not stand where the record before had its own", () => {
    expect(mapRecord({ epkey: "EP1", model: "Model 1" }, context).kind).toBe("entity");
    const alone = mapRecord({ epkey: "EP2" }, context);
    mapRecord({ epkey: "EP1", model: "Model 1" }, context);
    expect(withPollutedPrototype({ model: "Model 2" }, () => mapRecord({ epkey: "EP2" }, context))).toEqual(
      alone,
    );
  });

  it("is nothing: after a getter that throws, the next record has nothing of the one before", () => {
    const alone = mapRecord({ epkey: "EP3", browsers: [{ browser_family: "A" }] }, context);
    expect(mapRecord({ epkey: "EP1", model: "Model 1" }, context).kind).toBe("entity");
    const thrower = {
      get browser_family(): string {
        throw new Error("no browser");
      },
    };
    expect(() => mapRecord({ epkey: "EP2", browsers: [thrower] }, context)).toThrow("no browser");
    expect(mapRecord({ epkey: "EP3", browsers: [{ browser_family: "A" }] }, context)).toEqual(alone);
  });

  it("is nothing: not even where only the envelope could have it", () => {
    const documents = [
      [{ epkey: "EP1" }],
      { epkey: "EP1" },
      { stat: "FAIL" },
      { response: [{ epkey: "EP1" }] },
    ];
    const clean = documents.map(bytes);
    const polluted = withPollutedPrototype(
      { timestamp: 1e9, code: 1, message: "m", response: [], stat: "FAIL" },
      () => documents.map(bytes),
    );
    expect(polluted).toEqual(clean);
  });
});

describe("text", () => {
  it("is verbatim when it is well-formed, and has U+FFFD for each unpaired surrogate when it is not", () => {
    check(anyText, (text) => {
      const paired = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
        found.length === 2 ? found : "\ufffd",
      );
      expect(print(text)).toBe(paired);
    });
  });

  it.each(CASES)("of a record by $name never gets into an issue", ({ profile, near }) => {
    const secret = "\u{1f512}ada@example.com";
    const fields = fc.uniqueArray(fc.constantFrom(...near.keys), { minLength: 1 });
    check(fields, (names) => {
      const record = Object.fromEntries(names.map((name) => [name, secret]));
      const page = { ...record, users: [secret], browsers: [secret], user_id: "DU1", phones: [record] };
      for (const raw of [record, page]) {
        const { issues } = mapRecord(raw, { collectedAt: COLLECTED_AT, profile });
        expect(JSON.stringify(issues)).not.toContain(secret);
      }
    });
  });
});

describe("time", () => {
  it("is read alike by the digits of a canonical form and by luxon", () => {
    check(
      fc.tuple(canonicalTime, fc.constantFrom("", "Z")),
      ([time, zone]) => {
        expect(isoTimestamp(time + zone)).toBe(isoTimestampByLuxon(time + zone));
      },
      3000,
    );
  });

  it("is read alike by both whatever is wrong with it", () => {
    check(
      nearlyTime,
      (text) => {
        expect(isoTimestamp(text)).toBe(isoTimestampByLuxon(text));
      },
      3000,
    );
  });

  it("is what luxon says it is, and always printed in the one form", () => {
    check(nearlyTime, (text) => {
      const read = isoTimestamp(text);
      if (read === undefined) return;
      expect(read).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000)\d{3})?Z$/);
      const judged = DateTime.fromISO(text.trim(), { zone: "utc" });
      expect(DateTime.fromISO(read, { zone: "utc" }).toMillis()).toBe(judged.toMillis());
    });
  });

  it("printed once is printed the same again", () => {
    check(fc.oneof(nearlyTime, fc.double(), fc.integer(), anyText), (value) => {
      const read = timestamp(value);
      if (read !== undefined) expect(timestamp(read)).toBe(read);
    });
  });

  it("of any millisecond from year 1 to 9999 is the same as number, digits and text", () => {
    const milliseconds = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    check(milliseconds, (epoch) => {
      const text = new Date(epoch).toISOString();
      expect(isoTimestamp(text)).toBe(text.replace(".000Z", "Z"));
      if (Math.abs(epoch) >= 1e11) expect(timestamp(epoch)).toBe(isoTimestamp(text));
      if (epoch >= 1e12 && epoch < 1e13) expect(timestamp(String(epoch))).toBe(isoTimestamp(text));
    });
  });
});

it("the seed of this run is the one that was printed", () => {
  expect(fc.readConfigureGlobal()?.seed).toBe(Number(process.env["FC_SEED"]));
  expect(fc.readConfigureGlobal()?.seed).not.toBeNaN();
});

describe("what directory synchronisation appends to a name", () => {
  it("is found where the pattern finds it, however often it begins and wherever lines break", () => {
    const part = fc.constantFrom(" (from ", ' sync "', '")', "\n", "\u2029", "a", "(", '"', "b c");
    const text = fc.array(part, { maxLength: 14 }).map((parts) => `${parts.join("")}")`);
    check(
      text,
      (value) => {
        const [suffix, directory] = / \(from [^"()]+ sync "(.+)"\)$/.exec(value) ?? [];
        expect(syncedSuffix(value)).toEqual(suffix === undefined ? undefined : { suffix, directory });
      },
      3000,
    );
  });
});
