/** The rows of a table made ready to run: what each reads, and what outranks it. */

import { parseUdmCell, type Target } from "./cell.ts";
import type { IssueCode } from "./issue.ts";
import type { Row, Rule, Table } from "./profile.ts";
import { RULES, type RuleDefinition } from "./rules.ts";
import type { Read, Reads, Scope } from "./scopes.ts";

export interface PlanRow {
  readonly index: number;
  readonly row: Row;
  readonly rule: Rule;
  readonly definition: RuleDefinition;
  readonly apply: RuleDefinition["apply"];
  /** The text where no value is present. */
  readonly otherwise: string | undefined;
  /** Whether the page's own timestamp, and then the time of collection, stand in for a value. */
  readonly isTimestamp: boolean;
  /** The issue that a refused value raises. */
  readonly issue: IssueCode | undefined;
  readonly targets: readonly Target[];
  /** Where the row's own field is read; a constant has none. */
  readonly scope: Scope | undefined;
  /**
   * What the row may take its value from, in order of preference; within one alternative the first present
   * value counts. Empty for a constant.
   */
  readonly alternatives: readonly (readonly Read[])[];
  /** The reads that outrank the row when present. */
  readonly unless: readonly Read[];
  /** The rows that outrank the row when they have a value. */
  readonly after: readonly number[];
  /** The one value that the row can take a text from, where it has no other and no default. */
  readonly only: Read | undefined;
}

/** Thrown for a table that cannot be run; the message says which rows are at fault. */
export class TableError extends Error {
  override readonly name = "TableError";
}

/** A row as messages call it. */
export const nameOf = ({ log_field, rule }: Row): string =>
  rule.kind === "constant" ? `The constant "${rule.value}"` : `Row "${log_field}"`;

/** True when a row has a text although no field gives it one. */
export function standsAlone({ rule }: Row): boolean {
  return rule.kind === "timestamp" || RULES[rule.kind].otherwise !== undefined;
}

/** What a row may take its value from, and what outranks it. */
type RowReads = Pick<PlanRow, "scope" | "alternatives" | "unless" | "after" | "only">;

const NO_READS: RowReads = { scope: undefined, alternatives: [], unless: [], after: [], only: undefined };

function readsOf(row: Row, index: number, targets: readonly Target[], reads: Reads, table: Table): RowReads {
  const { rule } = row;
  if (rule.kind === "constant") return NO_READS;
  const own = reads.of(row);
  const other = (logField: string): Read => {
    const read = reads.of(row, logField);
    if (!read.scope.isEach || read.scope === own.scope) return read;
    throw new TableError(
      `${nameOf(row)} names "${logField}", which has a value for each element of another list.`,
    );
  };
  const isHere = ({ targets: theirs }: { targets: readonly Target[] }): boolean =>
    theirs.some((one) => targets.some(({ path }) => path.join(".") === one.path.join(".")));
  const before = table.rows.slice(0, index).flatMap((one, at) => {
    const isSame = one.rule.kind !== "constant" && reads.of(one).scope === own.scope;
    return isSame && isHere({ targets: parseUdmCell(one.udm, table.places) }) ? [at] : [];
  });
  return {
    scope: own.scope,
    alternatives: [[own], ...(rule.or ?? []).map((one) => [one].flat().map(other))],
    unless: (rule.unless ?? []).map(other),
    after: rule.fallback === true ? before : [],
    only: rule.or === undefined && !standsAlone(row) ? own : undefined,
  };
}

export function planRow(row: Row, index: number, reads: Reads, table: Table): PlanRow {
  const { rule } = row;
  const definition = RULES[rule.kind];
  const isQuiet = rule.kind === "constant" || rule.quiet === true;
  const targets = parseUdmCell(row.udm, table.places);
  return {
    index,
    row,
    rule,
    definition,
    apply: definition.apply,
    otherwise: definition.otherwise,
    isTimestamp: rule.kind === "timestamp",
    issue: isQuiet ? undefined : definition.issue,
    targets,
    ...readsOf(row, index, targets, reads, table),
  };
}
