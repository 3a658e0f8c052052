/** What the table makes of one record, row by row. */

import type { Issue } from "./issue.ts";
import { recordMapper } from "./mapped.ts";
import type { RowTrace } from "./notes.ts";
import { startRun } from "./reading.ts";
import { type Mapped, type RecordContext, resultOf } from "./record.ts";

export type Explanation = Mapped & {
  /** Every row of the table, in its order; none when no table maps the record. */
  readonly rows: readonly RowTrace[];
  readonly issues: readonly Issue[];
};

/**
 * Says of every row of the table what it read in the record, what it wrote, or why it wrote nothing. The
 * outcome and the issues are those of `mapRecord`. A skipped record's rows say what they would have written.
 *
 * @param showKeys whether the paths of issues show keys that are somebody's data
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function explainRecord(record: unknown, context: RecordContext, showKeys = true): Explanation {
  const { collectedAt, pageTimestamp, profile, ...options } = context;
  const run = startRun(collectedAt, pageTimestamp, {}, showKeys);
  const mapped = recordMapper(profile).map(record, run, { ...options, withNotes: true });
  return { ...resultOf(mapped), rows: mapped.rows(), issues: mapped.issues };
}
