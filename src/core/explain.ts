/** What the table makes of one record, row by row. */

import type { Issue } from "./issue.ts";
import { startRun } from "./reading.ts";
import { type Mapped, mapInRun, type RecordContext } from "./record.ts";
import { isObject } from "./scalar.ts";
import { type RowTrace, traceRecord } from "./trace.ts";

export type Explanation = Mapped & {
  /** Every row of the table, in the vendor's order; none when the record is no object. */
  readonly rows: readonly RowTrace[];
  readonly issues: readonly Issue[];
};

/**
 * Says of every row of the table what it read in the record, what it wrote, or why it wrote nothing. The
 * outcome and the issues are those of `mapRecord`. A skipped record's rows say what they would have written.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function explainRecord(record: unknown, context: RecordContext): Explanation {
  const run = startRun(context.collectedAt, context.pageTimestamp, {});
  const mapped = mapInRun(record, run);
  const isRecord = isObject(record);
  const traced = isRecord ? traceRecord(record, { ...run, issues: [] }).rows : [];
  return { ...mapped, rows: traced, issues: run.issues };
}
