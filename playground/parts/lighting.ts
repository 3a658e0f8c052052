/**
 * What lights up when something is pointed at: values of an entity, the rows that wrote them, and the raw fields that
 * the rows read. It follows from the notes that the mapping takes, and from nothing else.
 */

import type { MappedRecord } from "../../src/core/mapped.ts";
import type { RowTrace, ValueOrigin } from "../../src/core/notes.ts";

/** What one profile did with a record. */
export interface Trace {
  /** Tells the profiles of a page apart. */
  readonly profile: string;
  readonly rows: readonly RowTrace[];
  readonly origins: ReadonlyMap<string, ValueOrigin>;
}

/** The trace of a record that was mapped with notes. It stays good when the next record is mapped. */
export function traceOf(profile: string, mapped: MappedRecord): Trace {
  return { profile, rows: mapped.rows(), origins: mapped.origins() };
}

/** Something that can be pointed at. */
export type Target =
  | { readonly kind: "value"; readonly profile: string; readonly path: string }
  | { readonly kind: "row"; readonly profile: string; readonly row: number }
  | { readonly kind: "raw"; readonly path: string };

/** The target as text, by which it is found among those that are lit. */
export function keyOf(target: Target): string {
  switch (target.kind) {
    case "value":
      return `value ${target.profile} ${target.path}`;
    case "row":
      return `row ${target.profile} ${target.row}`;
    case "raw":
      return `raw ${target.path}`;
  }
}

const LABEL_KEY = /(\.labels\[\d+\])\.key$/;

/** The key of a label comes from the row that wrote its value. */
function originOf({ origins }: Trace, path: string): ValueOrigin | undefined {
  return origins.get(path) ?? origins.get(path.replace(LABEL_KEY, "$1.value"));
}

function* ofValue(trace: Trace, path: string): Generator<Target> {
  const origin = originOf(trace, path);
  if (origin === undefined) return;
  yield { kind: "row", profile: trace.profile, row: origin.row };
  if (origin.from !== undefined) yield { kind: "raw", path: origin.from };
}

function* ofRow({ profile, rows }: Trace, row: number): Generator<Target> {
  for (const { path } of rows[row]?.writes ?? []) yield { kind: "value", profile, path };
  for (const { path } of rows[row]?.reads ?? []) yield { kind: "raw", path };
}

function* ofRaw({ profile, rows, origins }: Trace, path: string): Generator<Target> {
  for (const [row, { reads }] of rows.entries()) {
    if (reads.some((read) => read.path === path)) yield { kind: "row", profile, row };
  }
  for (const [value, { from }] of origins) if (from === path) yield { kind: "value", profile, path: value };
}

const NONE: ReadonlySet<string> = new Set();

/** The keys of all that lights up. */
export function litBy(target: Target | undefined, traces: readonly Trace[]): ReadonlySet<string> {
  if (target === undefined) return NONE;
  const lit = new Set<string>();
  for (const trace of traces) {
    if (target.kind !== "raw" && target.profile !== trace.profile) continue;
    const targets =
      target.kind === "value"
        ? ofValue(trace, target.path)
        : target.kind === "row"
          ? ofRow(trace, target.row)
          : ofRaw(trace, target.path);
    for (const one of targets) lit.add(keyOf(one));
  }
  return lit;
}
