import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPage } from "../../src/core/page.ts";
import { checkPage, explainRecord } from "../../src/index.ts";
import { Scrubber } from "../../src/scrub/scrub.ts";
import { anyJson, nearPage } from "../support/arbitraries.ts";
import { readText } from "../support/files.ts";
import { COLLECTED_AT, PAGES } from "../support/fixtures.ts";

function scrubbed(
  texts: readonly string[],
  { source = "page.json", key = "secret", keep = [] as readonly string[] } = {},
): string[] {
  const scrubber = new Scrubber(key, new Set(keep));
  for (const text of texts) scrubber.learn(text, JSON.parse(text), source);
  return texts.map((text) => scrubber.replace(text, JSON.parse(text), source));
}

const scrubbedPage = (page: unknown, options = {}): unknown =>
  JSON.parse(scrubbed([JSON.stringify(page)], options)[0] ?? "");

/** What every row did with every record: its outcome, what it found and where, and where it wrote; no value. */
function behaviour(page: unknown, source: string): unknown {
  const { records, timestamp } = readPage(page);
  const explained = records.map((record) => {
    const { kind, rows, issues } = explainRecord(record, {
      collectedAt: COLLECTED_AT,
      pageTimestamp: timestamp,
    });
    return {
      kind,
      rows: rows.map(({ row, outcome, reads, writes, by, because }) => ({
        row: row.log_field,
        outcome,
        reads: reads.map(({ path, found }) => ({ path, found })),
        writes: writes.map(({ path }) => path),
        by,
        because,
      })),
      issues: issues.map(({ code, path }) => ({ code, path })),
    };
  });
  const checked = checkPage(page, { collectedAt: COLLECTED_AT, source });
  // A name that is no field's may be someone's, and is replaced.
  const found = checked
    .filter(({ code }) => code !== "RAW_UNKNOWN_FIELD")
    .map(({ code, path, record }) => ({ code, path, record }));
  return { explained, found };
}

describe("what every row does with every record is the same before and after", () => {
  test.each(PAGES)("%s", (page) => {
    const text = readText(`fixtures/pages/${page}`);
    const source = `duo-${page.split("/")[0]}-00000.json`;
    const after: unknown = JSON.parse(scrubbed([text], { source })[0] ?? "");
    expect(behaviour(after, source)).toEqual(behaviour(JSON.parse(text), source));
  });

  test("for pages close to Duo's, and for any JSON", () => {
    fc.assert(
      fc.property(fc.oneof(nearPage, anyJson), fc.string(), (page, key) => {
        const before: unknown = JSON.parse(JSON.stringify(page));
        fc.pre(!Array.isArray(before) || !before.some((e) => typeof e === "object" && e !== null && ("response" in e || "stat" in e)));
        expect(behaviour(scrubbedPage(page, { key }), "")).toEqual(behaviour(before, ""));
      }),
      { numRuns: 3000 },
    );
  });
});
