/** What became of a record: it is mapped and checked again, here in the browser. */

import { type Issue, type IssueCode, issue } from "../../src/core/issue.ts";
import { type MappedRecord, recordMapper } from "../../src/core/mapped.ts";
import type { Profile } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { resultOf } from "../../src/core/record.ts";
import type { UdmEntity } from "../../src/core/udm.ts";
import { type RecordVerdict, recordVerdict } from "../../src/explanation/verdict.ts";
import { isUdm } from "../../src/preflight/canonical.ts";
import { RecordChecks } from "../../src/preflight/records.ts";
import type { ExploredRecord } from "../../src/report/explored.ts";
import { type Trace, traceOf } from "../parts/lighting.ts";

/** Maps a record with notes. What it returns is good until the next record is mapped. */
export function mappedAgain(record: ExploredRecord, raw: unknown, profile: Profile): MappedRecord {
  const { modified, pageTimestamp, resource } = record;
  return recordMapper(profile).map(raw, startRun(modified, pageTimestamp, {}), {
    withNotes: true,
    resource,
  });
}

export interface ExplainedRecord {
  readonly raw: unknown;
  readonly entity: UdmEntity | undefined;
  readonly verdict: RecordVerdict;
  readonly trace: Trace;
  readonly issues: readonly Issue[];
}

function issuesOf(mapped: MappedRecord, record: ExploredRecord, profile: Profile): Issue[] {
  if (isUdm(mapped.raw)) return [...mapped.issues];
  const { modified, pageTimestamp } = record;
  const issues: Issue[] = [];
  const checks = new RecordChecks(
    // The issues need no values, which are shown with them. What keys tell is known of the whole run: `codes`.
    { issue: (found) => issues.push(found), keys: () => {} },
    { profile },
  );
  checks.begin({ collectedAt: modified, place: {}, pageTimestamp });
  checks.record(mapped);
  return issues;
}

/** The issues that only the whole run tells, such as an identifier that came before. */
function issuesOfRun(codes: readonly IssueCode[], found: readonly Issue[]): Issue[] {
  return codes.filter((code) => found.every((one) => one.code !== code)).map((code) => issue(code, {}));
}

export function explainedRecord(record: ExploredRecord, profile: Profile): ExplainedRecord {
  const raw: unknown = JSON.parse(record.json);
  const mapped = mappedAgain(record, raw, profile);
  const found = issuesOf(mapped, record, profile);
  const trace = traceOf(profile.name, mapped);
  const explanation = { ...resultOf(mapped), rows: trace.rows, issues: mapped.issues };
  return {
    raw,
    entity: mapped.entity(),
    verdict: recordVerdict(explanation, raw, record.resource, profile),
    trace,
    issues: [...found, ...issuesOfRun(record.codes, found)],
  };
}
