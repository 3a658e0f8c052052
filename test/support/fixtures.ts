/** The fixture pages, and how the golden files are laid out. */

import { readPage } from "../../src/core/page.ts";
import { RESOURCES, type Resource } from "../../src/core/resource.ts";
import { type Explanation, explainRecord, type MappedPage, mapPage } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { listFiles, readJson } from "./files.ts";

/** The collection time of every golden file. */
export const COLLECTED_AT = "2026-01-02T03:04:05Z";

/** `<resource>/<variant>.json` of every fixture page. */
export const PAGES: readonly string[] = listFiles("fixtures/pages", ".json");

export function readFixture(page: string): unknown {
  return readJson(`fixtures/pages/${page}`);
}

/** The same JSON value with the keys of every object in order. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, below]) => [key, sortKeys(below)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a page maps to, keys in order and indented. */
function printMapped(mapped: MappedPage): string {
  return `${JSON.stringify(sortKeys(mapped), null, 2)}\n`;
}

/**
 * What the table makes of one record: one line for its outcome and one line per row. A read is its path, what was
 * found there, and the value if that is what was found; a write is its path and value.
 */
function printExplanation(explanation: Explanation): string {
  const { kind, rows } = explanation;
  const head = kind === "skipped" ? { kind, reason: explanation.reason } : { kind };
  const lines = rows.map(({ row, outcome, reads, writes, by, because }) =>
    JSON.stringify({
      log_field: row.log_field,
      outcome,
      reads: reads.map(({ path, found, value }) => [path, found, ...(value === undefined ? [] : [value])]),
      writes: writes.map(({ path, value }) => [path, value]),
      ...(by !== undefined && { by }),
      ...(because !== undefined && { because }),
    }),
  );
  const body = lines.map((line) => `    ${line}`).join(",\n");
  return `  { "outcome": ${JSON.stringify(head)}, "rows": [\n${body}\n  ] }`;
}

/** The explanation of every record of a page. */
function printExplanations(document: unknown): string {
  const { records, timestamp } = readPage(document);
  const context = { collectedAt: COLLECTED_AT, pageTimestamp: timestamp };
  const printed = records.map((record) => printExplanation(explainRecord(record, context)));
  return printed.length === 0 ? "[]\n" : `[\n${printed.join(",\n")}\n]\n`;
}

/** The resource of a fixture page: its folder. */
function resourceOfPage(page: string): { resource?: Resource } {
  const resource = RESOURCES.find((one) => page.startsWith(`${one}/`));
  return resource === undefined ? {} : { resource };
}

/** The golden trees, and what each holds for a page. */
export const GOLDENS: { readonly [tree: string]: (document: unknown, page: string) => string } = {
  pages: (document) => printMapped(mapPage(document, { collectedAt: COLLECTED_AT })),
  explain: printExplanations,
  enriched: (document, page) =>
    printMapped(mapPage(document, { collectedAt: COLLECTED_AT, profile: ENRICHED, ...resourceOfPage(page) })),
};
