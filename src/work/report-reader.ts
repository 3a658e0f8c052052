/** What `report` counts in documents. */

import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import type { Profile } from "../core/profile.ts";
import { startRun } from "../core/reading.ts";
import { isUdm } from "../preflight/canonical.ts";
import type { EntityKeys } from "../preflight/keys.ts";
import { RecordChecks } from "../preflight/records.ts";
import { SummaryCounter, type SummaryCounts } from "../report/summary.ts";
import { type Complained, ComplaintList } from "./complaints.ts";
import type { Reader } from "./reader.ts";

export interface ReportReaderOptions {
  readonly collectedAt?: string;
}

export interface ReportFound {
  readonly summary: SummaryCounts;
  /** The keys of every entity: what they mean, only all sources together tell. */
  readonly keys: readonly EntityKeys[];
}

export function reportReader(
  { collectedAt }: ReportReaderOptions,
  profile: Profile,
): Reader<Complained<ReportFound>> {
  const counter = new SummaryCounter(profile);
  const complaints = new ComplaintList();
  let keys: EntityKeys[] = [];
  let issues: Issue[] = [];
  const checks = new RecordChecks(
    { issue: (issue) => issues.push(issue), keys: (one) => keys.push(one) },
    { profile },
  );
  return {
    document: (value, { source, document, modified }) => {
      const at = collectedAt ?? modified;
      const place = { source, document };
      const page = readPage(value, place);
      for (const issue of page.issues) {
        counter.issue(issue);
        complaints.add(issue);
      }
      counter.document(page, source);
      checks.begin({ collectedAt: at, place, pageTimestamp: page.timestamp });
      const see = (mapped: MappedRecord): void => {
        for (const issue of mapped.issues) complaints.add(issue);
        if (isUdm(mapped.raw)) {
          issues = [...mapped.issues];
          counter.udm();
        } else checks.record(mapped);
        counter.record(mapped, issues);
        issues = [];
      };
      mapEach(page, source, startRun(at, page.timestamp, place), see, { profile, withNotes: true });
    },
    invalid: (issue) => {
      counter.issue(issue);
      complaints.add(issue);
    },
    take: () => {
      const taken = { counts: { summary: counter.take(), keys }, complaints: complaints.take() };
      keys = [];
      return taken;
    },
  };
}
