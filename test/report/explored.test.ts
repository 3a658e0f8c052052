import { describe, expect, it } from "vitest";
import {
  type ExploredRecord,
  ExploredRecords,
  MOST_CHARACTERS,
  MOST_RECORDS,
  packed,
  unpacked,
} from "../../src/report/explored.ts";

const RECORD: ExploredRecord = {
  source: "a.json",
  record: 0,
  json: '{"epkey":"E1"}',
  resource: "endpoints",
  hasOwner: false,
  mayBeDropped: false,
  codes: ["OWNER_MISSING"],
  rows: ["FIELD_TYPE email"],
  gravest: "info",
  modified: "2026-01-02T03:04:05Z",
};

describe("the records that a report holds", () => {
  it("are the same when they are unpacked", () => {
    const records = new ExploredRecords();
    records.add(RECORD);
    records.add({ ...RECORD, document: 3, line: 7, record: 1, hasOwner: true, pageTimestamp: { odd: [1] } });
    records.add({
      ...RECORD,
      json: '"no object"',
      resource: "unknown",
      reason: "RECORD_NOT_OBJECT",
      codes: [],
      mayBeDropped: true,
      pageTimestamp: null,
    });
    const explored = records.explored({ profile: "vendor", owner: "both" });
    expect(unpacked(packed(explored))).toEqual(explored);
  });

  it("are the first that fit: what comes after the first that does not is counted", () => {
    const many = new ExploredRecords();
    for (let record = 0; record < MOST_RECORDS + 3; record++) many.add({ ...RECORD, record });
    const { records, left } = many.explored({});
    expect([records.length, records.at(-1)?.record, left]).toEqual([MOST_RECORDS, MOST_RECORDS - 1, 3]);

    const large = new ExploredRecords();
    for (const length of [1, MOST_CHARACTERS, 1]) large.add({ ...RECORD, json: `"${"x".repeat(length)}"` });
    expect([large.explored({}).records.length, large.explored({}).left]).toEqual([1, 2]);
  });

  it("are not those that are nested too deep to be written: they are counted, and others follow", () => {
    const records = new ExploredRecords();
    for (const json of ["1", undefined, "2"]) records.add({ ...RECORD, json });
    const explored = records.explored({});
    expect([explored.records.map(({ json }) => json), explored.left]).toEqual([["1", "2"], 1]);
  });
});
