/**
 * A table made ready to run: every raw value it reads, once and in row order, and the entity record that it writes
 * as a tree. A table that cannot be run is refused.
 */

import { cellPath } from "./cell.ts";
import { type PlanRow, planRow, TableError } from "./plan-row.ts";
import type { Table } from "./profile.ts";
import { planReads, type Read, type Scope, type Step } from "./scopes.ts";
import { type Node, planFields } from "./tree.ts";
import { ENTITY_SHAPE } from "./udm.ts";

export interface Plan {
  readonly table: Table;
  readonly rows: readonly PlanRow[];
  readonly reads: readonly Read[];
  readonly scopes: readonly Scope[];
  /** In row order. */
  readonly steps: readonly Step[];
  readonly tree: readonly Node[];
  /** The rows that have a text for every record. */
  readonly certain: ReadonlySet<number>;
  /** The rows of which one must have a value. */
  readonly identity: readonly number[];
  /** The rows that name an asset's owner; a table of other entities has none. */
  readonly owner: readonly number[] | undefined;
}

/** The rows that read something and write into a user, when the entity is an asset. */
function ownerOf(rows: readonly PlanRow[]): number[] | undefined {
  const isAsset = rows.some(
    ({ row }) =>
      row.udm === "entity.metadata.entity_type" && "value" in row.rule && row.rule.value === "ASSET",
  );
  const owner = rows.filter(
    ({ scope, targets }) => scope !== undefined && targets.some(({ path }) => path.includes("user")),
  );
  return isAsset ? owner.map(({ index }) => index) : undefined;
}

/** True when a row has a text for every record. */
const isCertain = ({ scope, isTimestamp, otherwise, unless, after }: PlanRow): boolean =>
  scope?.isEach === false &&
  (isTimestamp || otherwise !== undefined) &&
  unless.length === 0 &&
  after.length === 0;

/**
 * Whether a field is written whenever the message around it is: of constants, of a certain row, or of all rows of which
 * one has a text then.
 */
export function isAlwaysWritten(
  { rows }: Node,
  certain: ReadonlySet<number>,
  oneOf: readonly number[],
): boolean {
  return (
    rows.length === 0 || rows.some((row) => certain.has(row)) || oneOf.every((row) => rows.includes(row))
  );
}

/** Every entity record has an entity and metadata. */
function checkWhole({ tree, certain, identity }: Pick<Plan, "tree" | "certain" | "identity">): void {
  for (const key of ["entity", "metadata"]) {
    const node = tree.find((one) => one.key === key);
    if (node === undefined) throw new TableError(`No row writes to "${key}", which every entity record has.`);
    if (!isAlwaysWritten(node, certain, identity)) {
      throw new TableError(`A record may have nothing for "${key}", which every entity record has.`);
    }
  }
}

/** A copy that inherits nothing: an option that is left out is none, whatever `Object.prototype` has. */
const bare = <T extends object>(value: T): T => Object.assign(Object.create(null), value);

/**
 * Makes a table ready to run.
 *
 * @throws TableError when two rows may write one value, a list is to go into a single value, a place is not in
 *   an entity, a row reads another list's elements, or a record may lack an entity or metadata.
 */
export function planOf(given: Table): Plan {
  const table = { ...given, rows: given.rows.map((row) => bare({ ...row, rule: bare(row.rule) })) };
  const reads = planReads(table.rows);
  const rows = table.rows.map((row, index) => planRow(row, index, reads, table));
  const writers = rows.flatMap((planned) => planned.targets.map((target) => ({ ...target, planned })));
  const identity = rows
    .filter(({ row }) => table.identity.some((path) => path === cellPath(row.udm)))
    .map(({ index }) => index);
  const tree = planFields(writers, 0, ENTITY_SHAPE, undefined);
  const certain = new Set(rows.filter(isCertain).map(({ index }) => index));
  checkWhole({ tree, certain, identity });
  return {
    table,
    rows,
    reads: reads.all,
    scopes: reads.scopes,
    steps: reads.steps,
    tree,
    certain,
    identity,
    owner: ownerOf(rows),
  };
}
