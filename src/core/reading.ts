/**
 * One run of the mapping, over a page or a record alone, and the reading of raw values: own fields only, scalars where
 * scalars belong. (A run of a command is in `src/work/run.ts`, and one of the collector in `src/io/runs.ts`.)
 */

import { type At, rawPath } from "./cell.ts";
import { type Issue, type IssueCode, issue, type Place } from "./issue.ts";
import { isComposite, present, type Scalar } from "./scalar.ts";
import type { Read, Scope } from "./scopes.ts";
import { timestamp } from "./time.ts";

/** One mapping of one page, or of one record alone: what the caller gave, and the issues so far. */
export interface Run {
  /** The collection time in printed form. */
  readonly collectedAt: string;
  /** The envelope's `timestamp`, as it came. */
  readonly pageTimestamp: unknown;
  readonly place: Place;
  /** Whether the paths of issues show keys that are somebody's data. */
  readonly showKeys: boolean;
  record: number | undefined;
  /** The issues of the record at hand, and of those before it that nobody has taken. */
  readonly issues: Issue[];
  /** Code and path of the record's issue, or of each: each is raised once, however many rows read the path. */
  raised: string | Set<string> | undefined;
}

/** The collection time that was given last, and as it is printed: one time serves many pages. */
let lastTime: { readonly given: unknown; readonly printed: string } | undefined;

function printedTime(given: unknown): string | undefined {
  if (lastTime !== undefined && lastTime.given === given) return lastTime.printed;
  const printed = timestamp(given);
  if (printed !== undefined) lastTime = { given, printed };
  return printed;
}

/**
 * Starts a run.
 *
 * @throws RangeError when `collectedAt` is not a timestamp; it names the value's type, never the value.
 */
export function startRun(collectedAt: unknown, pageTimestamp: unknown, place: Place, showKeys = false): Run {
  const time = printedTime(collectedAt);
  if (time === undefined) {
    throw new RangeError(
      `collectedAt must be a timestamp (ISO 8601, or epoch seconds or milliseconds); got an unreadable ${typeof collectedAt}`,
    );
  }
  const none = { record: undefined, issues: [], raised: undefined };
  return { collectedAt: time, pageTimestamp, place, showKeys, ...none };
}

/** Raises an issue of the record at hand. */
export function raise(run: Run, code: IssueCode, at: Place = {}): void {
  const { place, record } = run;
  run.issues.push(Object.assign(issue(code, place), record !== undefined && { record }, at));
}

/** Whether this is the first issue of the record with this code and path, which is then noted. */
function isFirst(run: Run, what: string): boolean {
  // Most records have one issue at most, and a set takes a while to make.
  if (run.raised === undefined) {
    run.raised = what;
    return true;
  }
  if (typeof run.raised === "string") run.raised = new Set([run.raised]);
  return run.raised.size < run.raised.add(what).size;
}

/** Raises the issue of a raw path, once for each record; `shown` is what the issue says of the path. */
function raiseOnce(run: Run, code: IssueCode, path: string, row: string, shown = path): void {
  if (isFirst(run, `${code} ${path}`)) raise(run, code, { path: shown, row });
}

/** Raises the issue of a value that a row reads, of a wrong type or refused by the row's rule. */
export function raiseAt(run: Run, code: IssueCode, read: Read, at: At): void {
  raiseOnce(run, code, rawPath(read, at), read.row, rawPath(read, at, !run.showKeys));
}

/** A field's value when it is present. An array or object has the wrong type. */
export function scalar(value: unknown, run: Run, read: Read, at: At): Scalar | undefined {
  if (value === undefined || value === null) return undefined;
  const found = present(value);
  if (found === undefined && isComposite(value)) raiseAt(run, "FIELD_TYPE", read, at);
  return found;
}

/** Raises `FIELD_TYPE` of a container, or of an element in it. */
export function wrongType(run: Run, { reads }: Scope, path: string): void {
  raiseOnce(run, "FIELD_TYPE", path, reads[0]?.row ?? "");
}

/** True when there is nothing: no value, null, or blank text. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && present(value) === undefined);
}

export const ENVELOPE_TIMESTAMP = "envelope.timestamp";

/** The envelope's timestamp as it may stand in for a record's; unreadable, it raises an issue. */
export function envelopeTimestamp(run: Run, row: string): string | undefined {
  const value = run.pageTimestamp;
  const found = present(value);
  if (found === undefined) {
    if (isComposite(value)) raiseOnce(run, "FIELD_TYPE", ENVELOPE_TIMESTAMP, row);
    return undefined;
  }
  const time = timestamp(found);
  if (time === undefined) raiseOnce(run, "TIMESTAMP_INVALID", ENVELOPE_TIMESTAMP, row);
  return time;
}
