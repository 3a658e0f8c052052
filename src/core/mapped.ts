/** Maps the records of a page, each once, and shows every one to whoever reads it. */

import type { ByteWriter } from "./bytes.ts";
import type { Issue } from "./issue.ts";
import type { Page } from "./page.ts";
import type { Run } from "./reading.ts";
import { mapInRun, printInRun, type SkipReason } from "./record.ts";
import { type Resource, resourceOf } from "./resource.ts";
import { isComposite } from "./scalar.ts";
import { type RowTrace, traceRecord } from "./trace.ts";
import type { UdmEntity } from "./udm.ts";

/** One mapped record, good until the next one is shown. */
export interface MappedRecord {
  /** Index of the record in its document, from 0. */
  readonly record: number;
  readonly raw: unknown;
  readonly resource: Resource | "unknown";
  /** Why the record makes no entity; undefined when it makes one. */
  readonly reason: SkipReason | undefined;
  /** The issues of mapping this record, in the table's order. */
  readonly issues: readonly Issue[];
  /** The entity, made when first asked for; undefined when there is none. */
  entity(): UdmEntity | undefined;
  /** True when the entity names its owner; a user or group needs none. */
  hasOwner(): boolean;
  /** Writes the entity as one line of canonical JSON; nothing when there is none. */
  print(out: ByteWriter): void;
  /** What every row of the table did; empty unless the run takes notes, or when the record is no object. */
  rows(): readonly RowTrace[];
}

/**
 * Maps the records of a page in order and shows each to `see`.
 *
 * @param source the page's name, which may tell the resource
 */
export function mapEach(
  { records }: Page,
  source: string,
  run: Run,
  see: (mapped: MappedRecord) => void,
): void {
  const named = resourceOf(source, []);
  for (let record = 0; record < records.length; record++) {
    const raw = records[record];
    run.record = record;
    const mapped = mapInRun(raw, run);
    const isObject = isComposite(raw) && !Array.isArray(raw);
    see({
      record,
      raw,
      resource: named === "unknown" ? resourceOf("", [raw]) : named,
      reason: mapped.kind === "skipped" ? mapped.reason : undefined,
      issues: run.issues.splice(0),
      entity: () => (mapped.kind === "entity" ? mapped.entity : undefined),
      hasOwner: () => mapped.kind === "entity" && mapped.entity.relations !== undefined,
      print: (out) => {
        if (mapped.kind === "entity") printInRun(raw, { ...run, issues: [] }, out);
      },
      rows: () => (isObject ? traceRecord(raw, { ...run, issues: [] }).rows : []),
    });
  }
}
