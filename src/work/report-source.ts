/** The work of `report` on one source. */

import type { Issue } from "../core/issue.ts";
import { mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import type { Source } from "../io/sources.ts";
import type { EntityKeys } from "../preflight/keys.ts";
import { RecordChecks } from "../preflight/records.ts";
import { SummaryCounter, type SummaryCounts } from "../report/summary.ts";
import { type CountChunk, countSource } from "./count-source.ts";

export interface ReportWorkOptions {
  readonly collectedAt?: string;
}

export interface ReportCounts {
  readonly summary: SummaryCounts;
  /** The keys of every entity: what they mean, only all sources together tell. */
  readonly keys: readonly EntityKeys[];
}

export function reportSource(
  source: Source,
  { collectedAt }: ReportWorkOptions,
): AsyncGenerator<CountChunk<ReportCounts>> {
  const counter = new SummaryCounter();
  let keys: EntityKeys[] = [];
  let issues: Issue[] = [];
  const checks = new RecordChecks({
    issue: (issue) => issues.push(issue),
    keys: (one) => keys.push(one),
  });
  return countSource(source, {
    page: ({ modified, ...page }) => {
      const { document, source: name, index } = page;
      const at = collectedAt ?? modified;
      const place = { source: name, ...(index !== undefined && { document: index }) };
      const read = readPage(document, place);
      const found: Issue[] = [...read.issues];
      for (const issue of read.issues) counter.issue(issue);
      counter.document(page);
      checks.begin({ collectedAt: at, place, pageTimestamp: read.timestamp });
      mapEach(read, name, startRun(at, read.timestamp, place), (mapped) => {
        found.push(...mapped.issues);
        checks.record(mapped);
        counter.record(mapped, issues);
        issues = [];
      });
      return found;
    },
    invalid: (issue) => counter.issue(issue),
    take: () => {
      const taken = { summary: counter.take(), keys };
      keys = [];
      return taken;
    },
  });
}
