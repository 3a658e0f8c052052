/** Pages as the entities they make: what is stored, and what is counted, by the collector and the mapping function. */

import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { mapEach } from "../core/mapped.ts";
import type { Page } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { type Counts, tally } from "./manifest.ts";

/** The content type of entities, and of records on lines. */
export const NDJSON = "application/x-ndjson";

/** What of a page's counts its mapping tells. */
export type MappedCounts = Required<Pick<Counts, "entities" | "skipped" | "issues">>;

/** Maps the records of a page, each once: its entities on a line each, counted, and the issues. */
export function mapToLines(
  page: Page,
  source: string,
  collectedAt: string,
  counts: Omit<MappedCounts, "issues">,
): { readonly body: Uint8Array; readonly issues: Issue[] } {
  const out = new ByteWriter();
  const issues = [...page.issues];
  mapEach(page, source, startRun(collectedAt, page.timestamp, { source }), (mapped) => {
    mapped.print(out);
    for (const found of mapped.issues) issues.push(found);
    if (mapped.reason === undefined) counts.entities++;
    else tally(counts.skipped, mapped.reason);
  });
  return { body: out.take(), issues };
}
