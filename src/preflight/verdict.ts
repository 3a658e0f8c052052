/** Whether what was checked is ready to be ingested, by the rules that the caller sets. */

import type { IssueCode } from "../core/issue.ts";

/** The least number of entities: a number, or a percentage of the records. */
export interface LeastEntities {
  readonly value: number;
  readonly isPercent: boolean;
}

export interface Gate {
  /** Whether a warning fails the check. */
  readonly strict: boolean;
  /** More warnings than these fail it. */
  readonly maxWarnings?: number;
  readonly minEntities: LeastEntities;
  /** Any issue of these codes fails it. */
  readonly failOn: ReadonlySet<IssueCode>;
  /** Issues of these codes count for nothing. */
  readonly ignore: ReadonlySet<IssueCode>;
}

export const DEFAULT_GATE: Gate = {
  strict: false,
  minEntities: { value: 1, isPercent: false },
  failOn: new Set(),
  ignore: new Set(),
};

/** What was found: no issue of an ignored code is in it. */
export interface CheckTotals {
  readonly documents: number;
  readonly records: number;
  readonly entities: number;
  readonly errors: number;
  readonly warnings: number;
  readonly codes: ReadonlyMap<IssueCode, number>;
}

export interface Verdict {
  readonly isReady: boolean;
  /** What stands against it besides errors: the options that it does not meet. Empty when ready. */
  readonly reasons: readonly string[];
}

/** `1`, `50%` */
function leastText({ value, isPercent }: LeastEntities): string {
  return `${value}${isPercent ? "%" : ""}`;
}

/** No input at all is never enough. */
function hasEnough(
  { documents, records, entities }: CheckTotals,
  { value, isPercent }: LeastEntities,
): boolean {
  if (documents === 0) return false;
  return isPercent ? records > 0 && entities * 100 >= value * records : entities >= value;
}

/** The verdict on what was found. */
export function verdictOf(found: CheckTotals, gate: Gate): Verdict {
  const { errors, warnings, codes } = found;
  const { strict, maxWarnings, minEntities, failOn, ignore } = gate;
  const failing = [...failOn].filter((code) => !ignore.has(code) && (codes.get(code) ?? 0) > 0);
  const reasons = [
    ...(strict && warnings > 0 ? ["--strict"] : []),
    ...(maxWarnings !== undefined && warnings > maxWarnings ? [`--max-warnings ${maxWarnings}`] : []),
    ...(hasEnough(found, minEntities) ? [] : [`--min-entities ${leastText(minEntities)}`]),
    ...failing.map((code) => `--fail-on ${code}`),
  ];
  return { isReady: errors === 0 && reasons.length === 0, reasons };
}
