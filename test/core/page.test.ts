import { describe, expect, it } from "vitest";
import { readPage } from "../../src/core/page.ts";
import { resourceOf } from "../../src/core/resource.ts";
import { mapPage, mapRecord } from "../../src/index.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";
const RECORD = { epkey: "EPPAGE00000000000001" };

/** The entity of {@link RECORD}. */
function entity(collected = COLLECTED_AT, product_object_id = RECORD.epkey): unknown {
  return {
    entity: { asset: { deployment_status: "ACTIVE", product_object_id, type: "LAPTOP" } },
    metadata: {
      collected_timestamp: collected,
      entity_type: "ASSET",
      product_name: "Duo Entity Context Data",
      vendor_name: "Duo",
    },
  };
}

const one = { entities: [entity()], skipped: [], issues: [], records: 1 };

describe("a document", () => {
  it.each<[string, unknown]>([
    ["that is an envelope with a list holds the list's elements", { stat: "OK", response: [RECORD] }],
    ["that is an envelope with an object holds that one record", { stat: "OK", response: RECORD }],
    ["with a response and no stat is an envelope", { response: [RECORD] }],
    ["that is a bare array holds its elements", [RECORD]],
    ["that is any other object is one record", RECORD],
  ])("%s", (_, document) => {
    expect(mapPage(document, { collectedAt: COLLECTED_AT })).toEqual(one);
  });

  it("that is an empty list, or an envelope with one, holds no records and is not odd", () => {
    const none = { entities: [], skipped: [], issues: [], records: 0 };
    expect(mapPage([], { collectedAt: COLLECTED_AT })).toEqual(none);
    expect(mapPage({ stat: "OK", response: [] }, { collectedAt: COLLECTED_AT })).toEqual(none);
  });

  it("is no envelope by an inherited response or stat", () => {
    const document: unknown = Object.assign(Object.create({ stat: "FAIL", response: [] }), RECORD);
    expect(mapPage(document, { collectedAt: COLLECTED_AT })).toEqual(one);
  });

  it("is rejected when it is a scalar or Duo's error, and not for a response without records", () => {
    const isRejected = (document: unknown): boolean =>
      readPage(document).issues.some(({ severity }) => severity === "error");
    const rejected = ["text", 1, null, { stat: "FAIL" }].map(isRejected);
    const kept = [{ stat: "OK" }, { response: null }, [], {}].map(isRejected);
    expect([rejected, kept]).toEqual([
      [true, true, true, true],
      [false, false, false, false],
    ]);
  });

  it("keeps its entities and skips in the order of its records", () => {
    const document = [{ epkey: "b" }, 1, { epkey: "a" }, {}, { epkey: "c" }];
    const { entities, skipped, records } = mapPage(document, { collectedAt: COLLECTED_AT });
    expect(entities).toEqual(["b", "a", "c"].map((epkey) => entity(COLLECTED_AT, epkey)));
    expect(skipped).toEqual([
      { record: 1, reason: "RECORD_NOT_OBJECT" },
      { record: 3, reason: "RECORD_UNRECOGNIZED" },
    ]);
    expect(records).toBe(5);
  });

  it("has issues that name its source, its index there, and the record", () => {
    const { issues } = mapPage([RECORD, { ...RECORD, os_family: "iOS" }], {
      collectedAt: COLLECTED_AT,
      source: "duo-endpoints-00000.json",
      document: 3,
    });
    expect(issues).toEqual([
      {
        severity: "warning",
        code: "PLATFORM_UNMAPPED",
        message: "The mapping table does not know the operating system, so the platform was left out.",
        source: "duo-endpoints-00000.json",
        document: 3,
        record: 1,
        path: "os_family",
        row: "os_family",
      },
    ]);
  });
});

describe("the collection time", () => {
  it("is the record's timestamp, else the envelope's, else the caller's", () => {
    const records = [{ ...RECORD, timestamp: "2025-03-01T00:00:00Z" }, RECORD];
    const context = { collectedAt: COLLECTED_AT };
    const { entities } = mapPage({ stat: "OK", response: records, timestamp: 1735689600 }, context);
    expect(entities).toEqual([entity("2025-03-01T00:00:00Z"), entity("2025-01-01T00:00:00Z")]);
    expect(mapPage({ stat: "OK", response: [RECORD] }, context).entities).toEqual([entity()]);
  });

  it("of a record alone is the pageTimestamp when the record has none", () => {
    const context = { collectedAt: COLLECTED_AT, pageTimestamp: "1735689600" };
    expect(mapRecord(RECORD, context)).toEqual({
      kind: "entity",
      entity: entity("2025-01-01T00:00:00Z"),
      issues: [],
    });
  });

  it("is no timestamp of the document when the document is no envelope", () => {
    const document = Object.assign([RECORD], { timestamp: "2025-01-01T00:00:00Z" });
    expect(mapPage(document, { collectedAt: COLLECTED_AT }).entities).toEqual([entity()]);
  });

  it("is printed in the one form, whatever form the caller gives", () => {
    const forms = ["1767323045", "1767323045000", "2026-01-02T05:04:05+02:00", " 2026-01-02T03:04:05 "];
    const mapped = forms.map((collectedAt) => mapPage(RECORD, { collectedAt }));
    expect(mapped).toEqual(forms.map(() => one));
  });

  it("that cannot be read is the caller's mistake, named by its type and not its value", () => {
    const message =
      "collectedAt must be a timestamp (ISO 8601, or epoch seconds or milliseconds); got an unreadable string";
    expect(() => mapPage([], { collectedAt: "secret" })).toThrow(new RangeError(message));
    expect(() => mapPage("rejected", { collectedAt: "" })).toThrow(new RangeError(message));
    expect(() => mapRecord(RECORD, { collectedAt: "soon" })).toThrow(new RangeError(message));
  });
});

describe("the resource of a page", () => {
  it("is in its name, under any folder and however compressed", () => {
    const names = [
      "duo-phones-00000.json",
      "a/b/duo-desktop_authenticators-00012.ndjson.gz",
      "C:\\d\\duo-users-1.jsonl",
      "s3://bucket/raw/duo-groups-7",
      "duo-tokens-00000.JSON",
    ];
    expect(names.map((name) => resourceOf(name, []))).toEqual([
      "phones",
      "desktop_authenticators",
      "users",
      "groups",
      "tokens",
    ]);
  });

  it("is in the name even when the records say otherwise", () => {
    expect(resourceOf("duo-users-00000.json", [RECORD])).toBe("users");
  });

  it("is else known by the identifying key of its records", () => {
    const keys = ["user_id", "group_id", "phone_id", "epkey", "token_id", "webauthnkey", "dakey"];
    expect(keys.map((key) => resourceOf("page.json", [null, [], { [key]: "x" }]))).toEqual([
      "users",
      "groups",
      "phones",
      "endpoints",
      "tokens",
      "webauthncredentials",
      "desktop_authenticators",
    ]);
  });

  it("is else unknown", () => {
    for (const name of [
      "duo-logs-00000.json",
      "duo-users-1/page.json",
      "duo-users-",
      "my-duo-users-1.json",
    ]) {
      expect(resourceOf(name, [{ id: 1 }])).toBe("unknown");
    }
    expect(resourceOf("-", [Object.create({ epkey: "inherited" })])).toBe("unknown");
  });
});
