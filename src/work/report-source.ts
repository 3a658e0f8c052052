/** The work of `report` on one source. */

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
      const place = { collectedAt: at, source: name, ...(index !== undefined && { document: index }) };
      // Preflight finds the mapping's issues too; the mapping's own decide the status.
      for (const issue of preflight.document(document, place)) counter.issue(issue);
      return counter.add({ ...page, collectedAt: at });
    },
    invalid: (issue) => counter.issue(issue),
    take: () => {
      const taken = { summary: counter.take(), ids };
      ids = [];
      return taken;
    },
  });
}
