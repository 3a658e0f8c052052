/** What a table writes, as a tree whose fields are in code-point order. */

import type { Target } from "./cell.ts";
import { nameOf, type PlanRow, standsAlone, TableError } from "./plan-row.ts";
import type { Scope } from "./scopes.ts";
import type { Shape } from "./udm.ts";

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

/** A row on its way into the tree. */
export interface Writer extends Target {
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
export function planFields(
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
