/**
 * Reading raw values out of a record: own properties only, scalars where scalars belong, and an issue, once,
 * for each value whose type is wrong. The mapping and the trace both read through these functions.
 */

import { rawPath } from "./cell.ts";
import { type Issue, type IssueCode, issue, type Place } from "./issue.ts";
import { PLAN, type Read, type ReadGroup } from "./plan.ts";
import { isComposite, present, type RawObject, type Scalar } from "./scalar.ts";
import { timestamp } from "./time.ts";

/** One mapping of one page, or of one record alone: what the caller gave, and the issues so far. */
export interface Run {
  /** The collection time in printed form. */
  readonly collectedAt: string;
  /** The envelope's `timestamp`, as it came. */
  readonly pageTimestamp: unknown;
  readonly place: Place;
  record: number | undefined;
  readonly issues: Issue[];
  /** Whether `Object.prototype` answers to a field's name, so that a plain read is not a read of own data. */
  readonly isShadowed: boolean;
}

const FIELDS: ReadonlySet<string> = new Set(
  PLAN.groups.flatMap(({ container, reads }) => [
    ...(container === undefined ? [] : [container]),
    ...reads.map((read) => read.field),
  ]),
);

/**
 * Starts a run.
 *
 * @throws RangeError when `collectedAt` is no timestamp; it names the value's type, never the value.
 */
export function startRun(collectedAt: unknown, pageTimestamp: unknown, place: Place): Run {
  const time = timestamp(collectedAt);
  if (time === undefined) {
    throw new RangeError(
      `collectedAt must be a timestamp (ISO 8601, or epoch seconds or milliseconds); got an unreadable ${typeof collectedAt}`,
    );
  }
  let isShadowed = false;
  for (const field of FIELDS) if (field in Object.prototype) isShadowed = true;
  return { collectedAt: time, pageTimestamp, place, record: undefined, issues: [], isShadowed };
}

export function raise(run: Run, code: IssueCode, at: Place = {}): void {
  run.issues.push(
    issue(
      code,
      run.record === undefined ? { ...run.place, ...at } : { ...run.place, record: run.record, ...at },
    ),
  );
}

/** The object itself when a plain read sees only own fields, else a copy that has no others. */
export function ownFields(object: RawObject, run: Run): RawObject {
  if (Object.getPrototypeOf(object) === Object.prototype && !run.isShadowed) return object;
  const own: Record<string, unknown> = Object.create(null);
  return Object.assign(own, object);
}

/** A field's value when it is present. */
export function scalar(value: unknown, run: Run, read: Read, at?: number): Scalar | undefined {
  if (value === undefined || value === null) return undefined;
  const found = present(value);
  if (found === undefined && isComposite(value)) wrongType(run, read, at);
  return found;
}

function wrongType(run: Run, read: Read, at: number | undefined): void {
  raise(run, "FIELD_TYPE", { path: rawPath(read, read.of, at), row: read.row });
}

function wrongContainer(run: Run, group: ReadGroup, at?: number): void {
  const { container = "", reads } = group;
  const path = at === undefined ? container : `${container}[${at}]`;
  raise(run, "FIELD_TYPE", { path, row: reads[0]?.row ?? "" });
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && present(value) === undefined);

/** The first object of an array (`users`), if there is one. */
export function firstElement(value: unknown, run: Run, group: ReadGroup): RawObject | undefined {
  if (!Array.isArray(value)) {
    if (!isNothing(value)) wrongContainer(run, group);
    return undefined;
  }
  return value.length === 0 ? undefined : objectAt(value[0], run, group, 0);
}

/** The elements of an array (`browsers`); a bare object counts as an array of one. */
export function elements(value: unknown, run: Run, group: ReadGroup): readonly unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  if (isComposite(value)) return [value];
  if (!isNothing(value)) wrongContainer(run, group);
  return undefined;
}

/** An element that is an object; any other but null is a wrong type. */
export function objectAt(value: unknown, run: Run, group: ReadGroup, at: number): RawObject | undefined {
  if (isComposite(value) && !Array.isArray(value)) return ownFields(value, run);
  if (value !== null) wrongContainer(run, group, at);
  return undefined;
}

/** Raises the issue of a rule that refused a present value. */
export function refuse(run: Run, code: IssueCode, read: Read, at?: number): void {
  raise(run, code, { path: rawPath(read, read.of, at), row: read.row });
}

export const ENVELOPE_TIMESTAMP = "envelope.timestamp";

/** The envelope's timestamp as it may stand in for a record's; unreadable, it raises an issue. */
export function envelopeTimestamp(run: Run, row: string): string | undefined {
  const value = run.pageTimestamp;
  const found = present(value);
  if (found === undefined) {
    if (isComposite(value)) raise(run, "FIELD_TYPE", { path: ENVELOPE_TIMESTAMP, row });
    return undefined;
  }
  const time = timestamp(found);
  if (time === undefined) raise(run, "TIMESTAMP_INVALID", { path: ENVELOPE_TIMESTAMP, row });
  return time;
}
