import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sample } from "../../src/secops/sample.ts";

const endpoints = (n: number, start = 0): unknown[] =>
  Array.from({ length: n }, (_, at) => ({ epkey: `EP${start + at}` }));
const phones = (n: number): unknown[] => Array.from({ length: n }, (_, at) => ({ phone_id: `DP${at}` }));
const page = (response: unknown): unknown => ({ stat: "OK", response, metadata: { total_objects: 9 } });

function sampleOf(most: number, ...documents: readonly (readonly [source: string, document: unknown])[]) {
  const sample = new Sample(most);
  const issues = documents.flatMap(([source, document]) => [...sample.add(document, { source })]);
  return { sample, issues, pages: sample.pages() };
}

describe("a sample", () => {
  it("cuts a page to its first records, and leaves all else of it", () => {
    const { pages } = sampleOf(2, ["duo-endpoints-00000.json", page(endpoints(5))]);
    expect(pages.map(({ envelope }) => envelope)).toEqual([page(endpoints(2))]);
    expect(pages[0]?.records.map(({ raw }) => raw)).toEqual(endpoints(2));
  });

  it("takes of each resource alike, and of its pages in order", () => {
    const { pages } = sampleOf(
      8,
      ["duo-endpoints-00000.json", page(endpoints(3))],
      ["duo-endpoints-00001.json", page(endpoints(9, 3))],
      ["duo-phones-00000.json", page(phones(2))],
    );
    expect(pages.map(({ source, records }) => [source, records.length])).toEqual([
      ["duo-endpoints-00000.json", 3],
      ["duo-endpoints-00001.json", 3],
      ["duo-phones-00000.json", 2],
    ]);
  });

  it("leaves out what is nested too deep to be sent", () => {
    const nested: unknown = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
    const [one] = endpoints(1);
    const document = { stat: "OK", metadata: nested, response: [{ epkey: "EP9", x: nested }, one] };
    const { pages } = sampleOf(5, ["duo-endpoints-00000.json", document]);
    expect(pages.map(({ envelope }) => envelope)).toEqual([{ stat: "OK", response: [one] }]);
  });

  it("knows by its name a source that has nothing to add", () => {
    const { sample } = sampleOf(3, ["a/duo-endpoints-00000.json", page(endpoints(5))]);
    expect(sample.has("a/duo-endpoints-00001.json")).toBe(true);
    expect(sample.has("a/duo-phones-00000.json")).toBe(false);
    expect(sample.has("page.json")).toBe(false);
  });

  it("makes a page of records that have none, and keeps a response that is one record", () => {
    const [one, two] = endpoints(2);
    const { pages } = sampleOf(
      5,
      ["a.ndjson", one],
      ["a.ndjson", two],
      ["b.json", page({ phone_id: "DP1" })],
    );
    expect(pages.map(({ envelope }) => envelope)).toEqual([
      { stat: "OK", response: [one, two] },
      page({ phone_id: "DP1" }),
    ]);
  });

  it("holds the same records in both forms, and tells of those that are none", () => {
    const { pages, issues } = sampleOf(5, ["duo-endpoints-00000.json", page([1, { epkey: "EP1" }, null])]);
    expect(pages[0]?.envelope["response"]).toEqual([{ epkey: "EP1" }]);
    expect(pages[0]?.records).toEqual([
      { raw: { epkey: "EP1" }, origin: { source: "duo-endpoints-00000.json", record: 1 } },
    ]);
    expect(issues.map(({ code, record }) => [code, record])).toEqual([
      ["RECORD_NOT_OBJECT", 0],
      ["RECORD_NOT_OBJECT", 2],
    ]);
  });

  it("leaves out a record that is larger than a log may be", () => {
    const { pages } = sampleOf(5, ["a.json", page([{ epkey: "x".repeat(10_000_000) }, { epkey: "EP1" }])]);
    expect(pages[0]?.records.map(({ raw }) => raw)).toEqual([{ epkey: "EP1" }]);
  });

  it("is never more than the API takes", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 6 }),
        (most, sizes) => {
          const documents = sizes.map(
            (size, at) =>
              [`duo-${at % 2 === 0 ? "endpoints" : "phones"}-0000${at}.json`, page(endpoints(size))] as const,
          );
          const { pages } = sampleOf(most, ...documents);
          const records = pages.reduce((sum, one) => sum + one.records.length, 0);
          const all = sizes.reduce((sum, size) => sum + size, 0);
          expect(records).toBe(Math.min(most, all, 1_000));
        },
      ),
      { numRuns: 30 },
    ));
});
