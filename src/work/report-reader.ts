/** What `report` counts in documents, and the records that can be explored. */

import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import type { Profile } from "../core/profile.ts";
import { startRun } from "../core/reading.ts";
import { isComposite } from "../core/scalar.ts";
import { isUdm } from "../preflight/canonical.ts";
import type { EntityKeys } from "../preflight/keys.ts";
import { RecordChecks } from "../preflight/records.ts";
import { gravestOf, type RecordToExplore } from "../report/explored.ts";
import { MAY_BE_DROPPED, SummaryCounter, type SummaryCounts } from "../report/summary.ts";
import { jsonOf } from "../text/json.ts";
import { type Complained, ComplaintList } from "./complaints.ts";
import type { Reader } from "./reader.ts";

export interface ReportReaderOptions {
  readonly collectedAt?: string;
  /** Whether the records are wanted too. */
  readonly withRecords?: boolean;
}

/** A record, and which of the keys of the part are its entity's. */
export type FoundRecord = RecordToExplore & {
  /** How many keys the part has up to and with those of the record. */
  readonly keysTo: number;
};

export interface ReportFound {
  readonly summary: SummaryCounts;
  /** The keys of every entity: what they mean, only all sources together tell. */
  readonly keys: readonly EntityKeys[];
  readonly records: readonly FoundRecord[];
}

/** A record as it is explored. */
function explored(
  mapped: MappedRecord,
  issues: readonly Issue[],
): Omit<RecordToExplore, "source" | "document" | "modified"> {
  const { record, raw, resource, reason } = mapped;
  const codes = [...new Set(issues.map(({ code }) => code))];
  const rows = issues.flatMap(({ code, row }) => (row === undefined ? [] : [`${code} ${row}`]));
  const gravest = gravestOf(issues.map(({ severity }) => severity));
  return {
    record,
    json: jsonOf(raw),
    resource,
    ...(reason !== undefined && { reason }),
    hasOwner: mapped.hasOwner(),
    mayBeDropped: reason === undefined && codes.some((code) => MAY_BE_DROPPED.has(code)),
    codes,
    rows: [...new Set(rows)],
    ...(gravest !== undefined && { gravest }),
  };
}

export function reportReader(
  { collectedAt, withRecords }: ReportReaderOptions,
  profile: Profile,
): Reader<Complained<ReportFound>> {
  const counter = new SummaryCounter(profile);
  const complaints = new ComplaintList();
  let keys: EntityKeys[] = [];
  let issues: Issue[] = [];
  let records: FoundRecord[] = [];
  const checks = new RecordChecks(
    { issue: (issue) => issues.push(issue), keys: (one) => keys.push(one) },
    { profile },
  );
  return {
    document: (value, { source, document, modified, lines, at }) => {
      const time = collectedAt ?? modified;
      const place = { source, document };
      const page = readPage(value, place, at);
      for (const issue of page.issues) {
        counter.issue(issue);
        complaints.add(issue);
      }
      counter.document(page, source);
      checks.begin({ collectedAt: time, place, pageTimestamp: page.timestamp });
      const see = (mapped: MappedRecord): void => {
        for (const issue of mapped.issues) complaints.add(issue);
        if (isUdm(mapped.raw)) {
          issues = [...mapped.issues];
          counter.udm();
        } else checks.record(mapped);
        counter.record(mapped, issues);
        if (withRecords === true) {
          // What is not a scalar is no timestamp, whatever is in it.
          const timestamp = isComposite(page.timestamp) ? {} : page.timestamp;
          records.push({
            ...place,
            ...explored(mapped, issues),
            line: lines.of(mapped.record),
            modified: time,
            ...(timestamp !== undefined && { pageTimestamp: timestamp }),
            keysTo: keys.length,
          });
        }
        issues = [];
      };
      mapEach(page, source, startRun(time, page.timestamp, place), see, { profile, withNotes: true });
    },
    invalid: (issue) => {
      counter.issue(issue);
      complaints.add(issue);
    },
    take: () => {
      const counts = { summary: counter.take(), keys, records };
      keys = [];
      records = [];
      return { counts, complaints: complaints.take() };
    },
  };
}
