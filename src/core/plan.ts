/**
 * The table made ready to run: every raw value it reads, once and in row order, and the record it writes as
 * a tree whose fields are in code-point order, so that an entity is built in its canonical order.
 */

import { TABLE } from "../profiles/vendor.ts";
import { parseLogField, parseUdmCell, type Source, type Target } from "./cell.ts";
import type { Of, Row } from "./row.ts";
import { RULES, type RuleDefinition } from "./rules.ts";
import { REPEATED } from "./udm.ts";

/** One raw value that rows ask for. Its issues name the row whose log field it is, else the first to ask. */
export interface Read extends Source {
  readonly index: number;
  readonly row: string;
  readonly of?: Of;
}

/** Reads that share a container (`users`, `browsers`), or the one read of a field of the record itself. */
export interface ReadGroup {
  readonly container?: string;
  readonly of?: Of;
  readonly reads: readonly Read[];
}

export interface PlanRow {
  readonly index: number;
  readonly row: Row;
  readonly definition: RuleDefinition;
  readonly target: Target;
  /**
   * What the row may take its value from, in order of preference; within one alternative the first present
   * value counts. Empty for a constant.
   */
  readonly alternatives: readonly (readonly Read[])[];
  /** The reads that outrank the row when present. */
  readonly unless: readonly Read[];
}

/**
 * A field of the entity. `rows` are the indexes of the rows whose values fill it; a message is written when
 * one of its rows has a value, and its constants with it.
 */
export type Node = { readonly key: string; readonly rows: readonly number[] } & (
  | { readonly kind: "constant"; readonly value: string; readonly row: number }
  | { readonly kind: "scalar" | "strings" }
  | { readonly kind: "labels"; readonly labels: readonly string[] }
  | { readonly kind: "columns"; readonly groups: readonly Columns[] }
  | { readonly kind: "message"; readonly repeated: boolean; readonly fields: readonly Node[] }
);

/** The rows that fill one element of a repeated message from one element of a raw array. */
export interface Columns {
  readonly container: string;
  readonly fields: readonly { readonly key: string; readonly row: number }[];
}

/** An asset needs one of the three by which assets are merged (DECISIONS.md, 5). */
const IDENTITY: ReadonlySet<string> = new Set(["asset_id", "product_object_id", "hostname"]);

export interface Plan {
  readonly rows: readonly PlanRow[];
  readonly groups: readonly ReadGroup[];
  readonly tree: readonly Node[];
  /** The indexes of the rows that identify the asset. */
  readonly identity: readonly number[];
}

const byCodePoint = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function planReads(table: readonly Row[]): { reads: Map<string, Read>; groups: ReadGroup[] } {
  const asked: { logField: string; row: Row }[] = table
    .filter((row) => row.rule.kind !== "constant")
    .map((row) => ({ logField: row.log_field, row }));
  const own = new Set(asked.map(({ logField }) => logField));
  // A fallback that is no row's own field is read with the row that falls back on it.
  const all = asked.flatMap((read) => {
    const others = read.row.rule.kind === "address" ? (read.row.rule.or ?? []).flat() : [];
    const borrowed = others.filter((logField) => !own.has(logField));
    return [read, ...borrowed.map((logField) => ({ logField, row: read.row }))];
  });

  const reads = new Map<string, Read>();
  const groups: { container?: string; of?: Of; reads: Read[] }[] = [];
  for (const { logField, row } of all) {
    const source = parseLogField(logField);
    const of = "of" in row.rule ? row.rule.of : undefined;
    const read: Read = { ...source, index: reads.size, row: row.log_field, ...(of && { of }) };
    reads.set(logField, read);
    const { container } = source;
    const group = container === undefined ? undefined : groups.find((one) => one.container === container);
    if (group !== undefined) group.reads.push(read);
    else groups.push({ ...(container && { container }), ...(of && { of }), reads: [read] });
  }
  return { reads, groups };
}

function planRow(row: Row, index: number, reads: ReadonlyMap<string, Read>): PlanRow {
  const read = (logField: string): Read => {
    const found = reads.get(logField);
    if (found === undefined) throw new Error(`table row "${row.log_field}" names no field: "${logField}"`);
    return found;
  };
  const { rule } = row;
  const alternatives: (string | readonly string[])[] =
    rule.kind === "constant" ? [] : [row.log_field, ...((rule.kind === "address" && rule.or) || [])];
  return {
    index,
    row,
    definition: RULES[rule.kind],
    target: parseUdmCell(row.udm),
    alternatives: alternatives.map((one) => [one].flat().map(read)),
    unless: rule.kind === "copy" ? (rule.unless ?? []).map(read) : [],
  };
}

/** The fields below `path`, from the rows that write there. */
function planTree(rows: readonly PlanRow[], path: readonly string[]): Node[] {
  const byKey = groupBy(rows, (row) => row.target.path[path.length] ?? "");
  return Array.from(byKey, ([key, writers]) => planNode(key, writers, [...path, key])).sort(byCodePoint);
}

function planNode(key: string, writers: readonly PlanRow[], path: readonly string[]): Node {
  const rows = writers.filter(({ row }) => row.rule.kind !== "constant").map(({ index }) => index);
  const repeated = Object.hasOwn(REPEATED, path.join("."));
  if (writers.some(({ target }) => target.path.length > path.length)) {
    if (!writers.every(({ row }) => "of" in row.rule && row.rule.of === "each")) {
      return { kind: "message", key, rows, repeated, fields: planTree(writers, path) };
    }
    const containers = groupBy(writers, ({ row }) => parseLogField(row.log_field).container ?? "");
    const groups = Array.from(containers, ([container, columns]) => ({
      container,
      fields: columns
        .map(({ index, target }) => ({ key: target.path.at(-1) ?? "", row: index }))
        .sort(byCodePoint),
    }));
    return { kind: "columns", key, rows, groups };
  }
  const labels = writers.flatMap(({ target }) => target.label ?? []);
  if (labels.length > 0) return { kind: "labels", key, rows, labels };
  const [first] = writers;
  if (first?.row.rule.kind === "constant") {
    return { kind: "constant", key, rows, row: first.index, value: first.row.rule.value };
  }
  return { kind: repeated ? "strings" : "scalar", key, rows };
}

export function plan(table: readonly Row[]): Plan {
  const { reads, groups } = planReads(table);
  const rows = table.map((row, index) => planRow(row, index, reads));
  const identity = rows.filter(({ target }) => IDENTITY.has(target.path.at(-1) ?? ""));
  return { rows, groups, tree: planTree(rows, []), identity: identity.map(({ index }) => index) };
}

export const PLAN: Plan = plan(TABLE);
