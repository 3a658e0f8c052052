/** The work of `report` on one source. */

import type { Issue } from "../core/issue.ts";
import { mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import type { Source } from "../io/sources.ts";
import { Preflight } from "../preflight/preflight.ts";
import { SummaryCounter, type SummaryCounts } from "../report/summary.ts";
import { type CountChunk, countSource } from "./count-source.ts";

export interface ReportWorkOptions {
  readonly collectedAt?: string;
}

export interface ReportCounts {
  readonly summary: SummaryCounts;
  /** The product_object_id of every entity: which of them repeat, only all sources together tell. */
  readonly ids: readonly string[];
}

export function reportSource(
  source: Source,
  { collectedAt }: ReportWorkOptions,
): AsyncGenerator<CountChunk<ReportCounts>> {
  const counter = new SummaryCounter();
  let ids: string[] = [];
  const preflight = new Preflight({
    isRepeated: (id) => {
      ids.push(id);
      return false;
    },
  });
  return countSource(source, {
    page: ({ modified, ...page }) => {
      const { document, source: name, index } = page;
      const at = collectedAt ?? modified;
      const place = { source: name, ...(index !== undefined && { document: index }) };
      const read = readPage(document, place);
      const found: Issue[] = [...read.issues];
      for (const issue of read.issues) counter.issue(issue);
      const byRecord = new Map<number | undefined, Issue[]>();
      for (const issue of preflight.document(document, { collectedAt: at, ...place })) {
        const before = byRecord.get(issue.record);
        if (before === undefined) byRecord.set(issue.record, [issue]);
        else before.push(issue);
      }
      counter.document(page);
      mapEach(read, name, startRun(at, read.timestamp, place), (mapped) => {
        found.push(...mapped.issues);
        counter.record(mapped, byRecord.get(mapped.record) ?? []);
      });
      return found;
    },
    invalid: (issue) => counter.issue(issue),
    take: () => {
      const taken = { summary: counter.take(), ids };
      ids = [];
      return taken;
    },
  });
}
