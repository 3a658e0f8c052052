/** One record: an entity, or the reason why there is none. */

import type { ByteWriter } from "./bytes.ts";
import { compile } from "./compile.ts";
import type { Issue } from "./issue.ts";
import { PLAN } from "./plan.ts";
import { type Run, raise, startRun } from "./reading.ts";
import { isComposite } from "./scalar.ts";
import type { UdmEntity } from "./udm.ts";

export interface RecordContext {
  /** The collection time: any timestamp the mapping reads. Used where neither record nor page has one. */
  readonly collectedAt: string;
  /** The `timestamp` of the page's envelope, as it came. */
  readonly pageTimestamp?: unknown;
}

/** Why a record makes no entity. */
export type SkipReason = "NO_ASSET_IDENTITY" | "RECORD_NOT_OBJECT";

export type Mapped =
  | { readonly kind: "entity"; readonly entity: UdmEntity }
  | { readonly kind: "skipped"; readonly reason: SkipReason };

const compiled = compile(PLAN);

function skip(run: Run, reason: SkipReason): Mapped {
  raise(run, reason);
  return { kind: "skipped", reason };
}

/** Maps one record within a run, which takes its issues. */
export function mapInRun(record: unknown, run: Run): Mapped {
  if (!isComposite(record) || Array.isArray(record)) return skip(run, "RECORD_NOT_OBJECT");
  const entity = compiled.map(record, run);
  return entity === undefined ? skip(run, "NO_ASSET_IDENTITY") : { kind: "entity", entity };
}

/**
 * Maps one record within a run straight to a line of canonical JSON: the bytes of `JSON.stringify` of its
 * entity, and a line feed.
 *
 * @returns why there is no line, if there is none
 */
export function printInRun(record: unknown, run: Run, out: ByteWriter): SkipReason | undefined {
  let reason: SkipReason | undefined;
  if (!isComposite(record) || Array.isArray(record)) reason = "RECORD_NOT_OBJECT";
  else if (!compiled.print(record, run, out)) reason = "NO_ASSET_IDENTITY";
  if (reason !== undefined) raise(run, reason);
  return reason;
}

/**
 * Maps one raw Duo record to its UDM entity, by the vendor's table. Pure and total: no clock, no I/O, and any
 * JSON value is either an entity or skipped with a reason; the record is never changed.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function mapRecord(record: unknown, context: RecordContext): Mapped & { issues: readonly Issue[] } {
  const run = startRun(context.collectedAt, context.pageTimestamp, {});
  return { ...mapInRun(record, run), issues: run.issues };
}
