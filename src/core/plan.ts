/**
 * A table made ready to run: every raw value it reads, once and in row order, and the entity record that it writes
 * as a tree whose fields are in code-point order. A table that cannot be run is refused.
 */

import { cellPath, parseUdmCell, type Target } from "./cell.ts";
import type { IssueCode } from "./issue.ts";
import type { Row, Table } from "./profile.ts";
import { RULES, type RuleDefinition } from "./rules.ts";
import { planReads, type Read, type Reads, type Scope, type Step } from "./scopes.ts";
import { ENTITY_SHAPE, type Shape } from "./udm.ts";

export interface PlanRow {
  readonly index: number;
  readonly row: Row;
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

/** A row's value in a list: one, or one for each element of a scope. */
export interface Item {
  readonly row: number;
  readonly each: Scope | undefined;
  readonly label: string | undefined;
  /** The text of a constant. */
  readonly value: string | undefined;
}

/** The messages of a list that are made of one thing: the frame at hand, or each element of a scope. */
export interface Group {
  readonly each: Scope | undefined;
  readonly rows: readonly number[];
  readonly fields: readonly Node[];
  /** The first of these rows that has a text tells a message from most others of the list: equal ones have the same. */
  readonly telling: readonly number[];
}

/**
 * A field of the entity record. `rows` are the rows that read something and write into it: it is written when one of
 * them has a value, and the constants in it with it.
 */
export type Node = { readonly key: string; readonly rows: readonly number[] } & (
  | { readonly kind: "constant"; readonly value: string; readonly row: number }
  | { readonly kind: "text" }
  | { readonly kind: "message"; readonly fields: readonly Node[] }
  | { readonly kind: "texts" | "labels"; readonly items: readonly Item[] }
  | { readonly kind: "messages"; readonly groups: readonly Group[] }
);

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

/** Thrown for a table that cannot be run; the message says which rows are at fault. */
export class TableError extends Error {
  override readonly name = "TableError";
}

const nameOf = ({ log_field, rule }: Row): string =>
  rule.kind === "constant" ? `The constant "${rule.value}"` : `Row "${log_field}"`;

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

function planRow(row: Row, index: number, reads: Reads, table: Table): PlanRow {
  const { rule } = row;
  const definition = RULES[rule.kind];
  const isQuiet = rule.kind === "constant" || rule.quiet === true;
  const targets = parseUdmCell(row.udm, table.places);
  return {
    index,
    row,
    definition,
    apply: definition.apply,
    otherwise: definition.otherwise,
    isTimestamp: rule.kind === "timestamp",
    issue: isQuiet ? undefined : definition.issue,
    targets,
    ...readsOf(row, index, targets, reads, table),
  };
}

/** A row on its way into the tree. */
interface Writer extends Target {
  readonly planned: PlanRow;
}

const isData = ({ planned }: Writer): boolean => planned.row.rule.kind !== "constant";
const indexesOf = (writers: readonly Writer[]): number[] => [
  ...new Set(writers.filter(isData).map(({ planned }) => planned.index)),
];

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function fieldShape(shape: Shape, key: string): Shape | undefined {
  return typeof shape === "object" && !Array.isArray(shape) && Object.hasOwn(shape, key)
    ? Object.entries(shape).find(([name]) => name === key)?.[1]
    : undefined;
}

/** The list whose elements a row's value stands in, unless the frame at hand is such an element. */
function eachOf({ planned: { scope } }: Writer, within: Scope | undefined): Scope | undefined {
  return scope?.isEach === true && scope !== within ? scope : undefined;
}

/** The fields of a message, from the rows that write into it. `within` is the list that it is an element of. */
function planFields(
  writers: readonly Writer[],
  depth: number,
  shape: Shape,
  within: Scope | undefined,
): Node[] {
  const byKey = groupBy(writers, ({ path }) => path[depth] ?? "");
  return [...byKey.keys()].sort().flatMap((key) => {
    const inField = byKey.get(key) ?? [];
    const below = fieldShape(shape, key);
    if (below === undefined) {
      const places = inField.map(
        ({ path, planned }) => `${nameOf(planned.row)} writes to "${path.join(".")}"`,
      );
      throw new TableError(`${places[0]}, which is not a place of an entity.`);
    }
    const node = planNode(key, inField, depth + 1, below, within);
    return hasContent(node) ? [node] : [];
  });
}

/** False for a list of messages that only constants write to, and for a message with nothing else in it. */
function hasContent(node: Node): boolean {
  if (node.kind === "messages") return node.groups.length > 0;
  return node.kind !== "message" || node.fields.length > 0;
}

function planNode(
  key: string,
  writers: readonly Writer[],
  depth: number,
  shape: Shape,
  within: Scope | undefined,
): Node {
  const rows = indexesOf(writers);
  const isList = Array.isArray(shape);
  const element: Shape = isList ? shape[0] : shape;
  const isMessage = typeof element === "object";
  const isLabels =
    isList && isMessage && writers.some(({ label, path }) => label !== undefined && path.length === depth);
  for (const { path, planned, label } of writers) {
    const endsHere = path.length === depth;
    if (endsHere !== (!isMessage || isLabels) || (isLabels && label === undefined)) {
      throw new TableError(`${nameOf(planned.row)} writes to "${path.join(".")}", which takes no text.`);
    }
  }
  if (isLabels || (isList && !isMessage)) {
    const items = writers.map((writer): Item => {
      const { label, planned } = writer;
      const each = eachOf(writer, within);
      const { rule } = planned.row;
      return {
        row: planned.index,
        each,
        label,
        value: rule.kind === "constant" ? rule.value : undefined,
      };
    });
    return { kind: isLabels ? "labels" : "texts", key, rows, items };
  }
  if (isList) return { kind: "messages", key, rows, groups: planGroups(writers, depth, element, within) };
  if (isMessage) return { kind: "message", key, rows, fields: planFields(writers, depth, element, within) };
  return planText(key, writers, rows, within);
}

/** A list's messages: those of each list that rows read, and one of the frame at hand. */
function planGroups(
  writers: readonly Writer[],
  depth: number,
  shape: Shape,
  within: Scope | undefined,
): Group[] {
  const byScope = groupBy(writers.filter(isData), (writer) => eachOf(writer, within));
  const groups = Array.from(byScope, ([each, data]) => {
    const container = (each ?? within)?.container ?? "";
    const constants = writers.filter(({ planned: { row } }) => {
      if (row.rule.kind !== "constant") return false;
      return row.rule.within === undefined || row.rule.within === container;
    });
    const all = [...data, ...constants].sort((a, b) => a.planned.index - b.planned.index);
    const fields = planFields(all, depth, shape, each ?? within);
    return { each, rows: indexesOf(data), fields };
  });
  const constants = new Set(groups.flatMap(({ fields }) => placesWithConstants(fields)));
  return groups.map((group) => ({ ...group, telling: rowsApartFrom(constants, group.fields) }));
}

/** The places in a message that have constants. */
function placesWithConstants(fields: readonly Node[], above = ""): string[] {
  return fields.flatMap((node) => {
    const place = `${above}.${node.key}`;
    if (node.kind === "message") return placesWithConstants(node.fields, place);
    const isList = node.kind === "texts" || node.kind === "labels";
    const hasConstant = isList
      ? node.items.some(({ value }) => value !== undefined)
      : node.kind === "constant";
    return hasConstant ? [place] : [];
  });
}

/** The rows that write into a message at other places than those, in the order of the places. */
function rowsApartFrom(places: ReadonlySet<string>, fields: readonly Node[], above = ""): number[] {
  return fields.flatMap((node) => {
    const place = `${above}.${node.key}`;
    if (node.kind === "message") return rowsApartFrom(places, node.fields, place);
    return node.kind === "messages" || places.has(place) ? [] : node.rows;
  });
}

/** True when a row has a text although no field gives it one. */
function standsAlone({ rule }: Row): boolean {
  return rule.kind === "timestamp" || RULES[rule.kind].otherwise !== undefined;
}

/** Whether at most one of two rows, the second after the first, can have a value. */
function exclude(first: PlanRow, second: PlanRow): boolean {
  if (second.after.includes(first.index)) return true;
  if (first.row.rule.kind === "constant" || second.row.rule.kind === "constant") return false;
  return !standsAlone(first.row) && first.alternatives.flat().every((read) => second.unless.includes(read));
}

/** A text takes one value: of a constant, or of rows that exclude each other. */
function planText(
  key: string,
  writers: readonly Writer[],
  rows: readonly number[],
  within: Scope | undefined,
): Node {
  for (const [at, second] of writers.entries()) {
    const place = second.path.join(".");
    if (eachOf(second, within) !== undefined) {
      throw new TableError(`${nameOf(second.planned.row)} gives a list, and "${place}" takes one value.`);
    }
    for (const first of writers.slice(0, at)) {
      if (exclude(first.planned, second.planned) || exclude(second.planned, first.planned)) continue;
      const names = `${nameOf(first.planned.row)} and ${nameOf(second.planned.row)}`;
      throw new TableError(
        `${names.replace("and The", "and the").replace("and Row", "and row")} may both write to "${place}", which takes one value.`,
      );
    }
  }
  const [only] = writers;
  const rule = only?.planned.row.rule;
  if (only !== undefined && rule?.kind === "constant") {
    return { kind: "constant", key, rows: [], row: only.planned.index, value: rule.value };
  }
  return { kind: "text", key, rows };
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
