/** One record: an entity, or the reason why there is none. */

import type { Issue } from "./issue.ts";
import { type MappedRecord, recordMapper } from "./mapped.ts";
import type { Profile, SkipReason } from "./profile.ts";
import { startRun } from "./reading.ts";
import type { Resource } from "./resource.ts";
import type { UdmEntity } from "./udm.ts";

export interface RecordContext {
  /** The collection time: any timestamp the mapping reads. Used where neither record nor page has one. */
  readonly collectedAt: string;
  /** The `timestamp` of the page's envelope, as it came. */
  readonly pageTimestamp?: unknown;
  /** Default: the vendor's. */
  readonly profile?: Profile;
  /** The Duo resource that the record is of. Default: the one that the record's identifying key tells. */
  readonly resource?: Resource;
  /** Where the record stands in what was read, as `--records-at` would name it; for hints. */
  readonly at?: string;
}

export type Mapped =
  | { readonly kind: "entity"; readonly entity: UdmEntity }
  | { readonly kind: "skipped"; readonly reason: SkipReason };

/** A mapped record as a value of its own. */
export function resultOf(mapped: MappedRecord): Mapped {
  const entity = mapped.entity();
  return entity === undefined
    ? { kind: "skipped", reason: mapped.reason ?? "RECORD_NOT_OBJECT" }
    : { kind: "entity", entity };
}

/**
 * Maps one raw Duo record to its UDM entity, by the profile's table. Pure and total: no clock, no I/O, and any
 * JSON value is either an entity or skipped with a reason; the record is never changed.
 *
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function mapRecord(record: unknown, context: RecordContext): Mapped & { issues: readonly Issue[] } {
  const { collectedAt, pageTimestamp, profile, ...options } = context;
  const run = startRun(collectedAt, pageTimestamp, {}, true);
  const mapped = recordMapper(profile).map(record, run, options);
  return { ...resultOf(mapped), issues: mapped.issues };
}
