import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { explainRecord, mapRecord } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

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
