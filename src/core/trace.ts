/**
 * The recording path: runs the table over one record and keeps, for every row, what it read, what it wrote
 * and why. The compiled mapping gives the same entity and the same issues; a property holds it to that.
 */

import { rawPath } from "./cell.ts";
import { type Columns, type Node, PLAN, type PlanRow, type Read, type ReadGroup } from "./plan.ts";
import {
  ENVELOPE_TIMESTAMP,
  elements,
  envelopeTimestamp,
  firstElement,
  objectAt,
  ownFields,
  type Run,
  refuse,
  scalar,
} from "./reading.ts";
import type { Row } from "./row.ts";
import { isComposite, present, type RawObject, type Scalar } from "./scalar.ts";

/** What stood at a raw path: a value, or why there is none to use. */
export type Found = "value" | "missing" | "null" | "blank" | "wrong_type";

export interface RawRead {
  readonly path: string;
  readonly found: Found;
  readonly value?: Scalar;
}

export interface Write {
  /** The place in the entity, with indexes: `entity.asset.software[1].name`. */
  readonly path: string;
  readonly value: string;
}

/**
 * What became of a row.
 * - `wrote`: a value from the record or its page, or a constant
 * - `default`: the value the row has when the record gives none
 * - `absent`: nothing present to read
 * - `outranked`: a field that comes before it is present (`by`)
 * - `invalid`: a value is present, and the target cannot take it (`because`)
 * - `repeated`: another row has written the same value to the same list (`by`)
 * - `no_owner`: a constant of the relation, with no owner to relate to
 */
export type Outcome = "wrote" | "default" | "absent" | "outranked" | "invalid" | "repeated" | "no_owner";

export interface RowTrace {
  readonly row: Row;
  readonly reads: readonly RawRead[];
  readonly outcome: Outcome;
  readonly writes: readonly Write[];
  /** The log field that outranks or repeats this one. */
  readonly by?: string;
  /** Why a present value was refused, as the end of a sentence about it. */
  readonly because?: string;
}

/** A row while it is traced: `results` are its texts, one an element for a row of `each`, else at most one. */
interface Tracing {
  row: Row;
  reads: RawRead[];
  outcome: Outcome;
  writes: Write[];
  by?: string;
  because?: string;
  results: (string | undefined)[];
}

/** Every read of the plan, with what stood there: once, or once an element. */
type Values = Map<Read, RawRead[]>;

function look(raw: unknown, path: string, value: Scalar | undefined): RawRead {
  if (value !== undefined) return { path, found: "value", value };
  if (raw === undefined) return { path, found: "missing" };
  if (raw === null) return { path, found: "null" };
  return { path, found: isComposite(raw) ? "wrong_type" : "blank" };
}

function readFields(
  object: RawObject | undefined,
  reads: readonly Read[],
  run: Run,
  values: Values,
  at?: number,
) {
  for (const read of reads) {
    const raw = object?.[read.field];
    const seen = look(raw, rawPath(read, read.of, at), scalar(raw, run, read, at));
    values.set(read, [...(values.get(read) ?? []), seen]);
  }
}

function readGroup(record: RawObject, group: ReadGroup, run: Run, values: Values): void {
  const { container, of, reads } = group;
  if (container === undefined) {
    readFields(record, reads, run, values);
    return;
  }
  const raw = record[container];
  if (of === "first") {
    readFields(firstElement(raw, run, group), reads, run, values);
    return;
  }
  elements(raw, run, group)?.forEach((element, at) => {
    const object = objectAt(element, run, group, at);
    readFields(object, reads, run, values, Array.isArray(raw) ? at : undefined);
  });
}

function apply(traced: Tracing, { definition }: PlanRow, read: Read, value: Scalar, run: Run, at?: number) {
  const result = definition.apply(value);
  if (result !== undefined) {
    traced.outcome = "wrote";
    return result;
  }
  if (traced.outcome === "absent") traced.outcome = "invalid";
  if (definition.refusal !== undefined) traced.because = definition.refusal;
  if (definition.issue !== undefined) refuse(run, definition.issue, read, at);
  return undefined;
}

function evaluateEach(traced: Tracing, planned: PlanRow, read: Read, values: Values, run: Run): void {
  traced.reads = values.get(read) ?? [];
  traced.results = traced.reads.map(({ value }, at) =>
    value === undefined ? undefined : apply(traced, planned, read, value, run, at),
  );
}

function evaluateOne(traced: Tracing, planned: PlanRow, values: Values, run: Run): void {
  for (const alternative of planned.alternatives) {
    for (const read of alternative) {
      const [seen] = values.get(read) ?? [];
      if (seen === undefined) continue;
      traced.reads.push(seen);
      if (seen.value === undefined) continue;
      traced.results = [apply(traced, planned, read, seen.value, run)];
      break;
    }
    if (traced.outcome === "wrote") return;
  }
}

function evaluate(planned: PlanRow, values: Values, run: Run): Tracing {
  const { row, definition, alternatives, unless } = planned;
  const traced: Tracing = { row, reads: [], outcome: "absent", writes: [], results: [] };
  if (row.rule.kind === "constant") return { ...traced, outcome: "wrote", results: [row.rule.value] };

  const own = alternatives[0]?.[0];
  if (own?.of === "each") evaluateEach(traced, planned, own, values, run);
  else evaluateOne(traced, planned, values, run);

  if (row.rule.kind === "timestamp" && traced.outcome !== "wrote") {
    const time = envelopeTimestamp(run, row.log_field);
    traced.reads.push(look(run.pageTimestamp, ENVELOPE_TIMESTAMP, present(run.pageTimestamp)));
    traced.outcome = time === undefined ? "default" : "wrote";
    traced.results = [time ?? run.collectedAt];
  } else if (definition.otherwise !== undefined && traced.outcome !== "wrote") {
    traced.outcome = "default";
    traced.results = [definition.otherwise];
  }

  const above = unless.find((read) => values.get(read)?.[0]?.value !== undefined);
  if (above === undefined || traced.outcome !== "wrote") return traced;
  return { ...traced, outcome: "outranked", by: above.field, results: [] };
}

/** Writes one message in canonical order, telling each row what it wrote and where. */
function writeMessage(
  fields: readonly Node[],
  path: string,
  rows: readonly Tracing[],
): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const node of fields) {
    const value = writeNode(node, path === "" ? node.key : `${path}.${node.key}`, rows);
    if (value !== undefined) message[node.key] = value;
  }
  return message;
}

function write(traced: Tracing | undefined, path: string, value: string): string {
  traced?.writes.push({ path, value });
  return value;
}

function writeNode(node: Node, path: string, rows: readonly Tracing[]): unknown {
  if (node.kind === "constant") return write(rows[node.row], path, node.value);
  if (!node.rows.some((row) => rows[row]?.results.some((result) => result !== undefined))) {
    if (node.kind === "message") withdrawConstants(node.fields, rows);
    return undefined;
  }
  if (node.kind === "message") {
    const message = writeMessage(node.fields, node.repeated ? `${path}[0]` : path, rows);
    return node.repeated ? [message] : message;
  }
  if (node.kind === "columns") return writeColumns(node.groups, path, rows);

  const list: unknown[] = [];
  node.rows.forEach((index, position) => {
    const traced = rows[index];
    const value = traced?.results[0];
    if (traced === undefined || value === undefined) return;
    if (node.kind === "labels") {
      const element = `${path}[${list.length}].value`;
      list.push({ key: node.labels[position], value: write(traced, element, value) });
    } else if (list.includes(value)) {
      const first = node.rows.find((other) => rows[other]?.results[0] === value) ?? index;
      Object.assign(traced, { outcome: "repeated", by: rows[first]?.row.log_field });
    } else {
      list.push(write(traced, node.kind === "strings" ? `${path}[${list.length}]` : path, value));
    }
  });
  return node.kind === "scalar" ? list[0] : list;
}

function writeColumns(groups: readonly Columns[], path: string, rows: readonly Tracing[]): unknown[] {
  const list: Record<string, string>[] = [];
  for (const { fields } of groups) {
    const length = Math.max(...fields.map(({ row }) => rows[row]?.results.length ?? 0));
    for (let at = 0; at < length; at++) {
      const element: Record<string, string> = {};
      for (const { key, row } of fields) {
        const value = rows[row]?.results[at];
        if (value !== undefined) element[key] = write(rows[row], `${path}[${list.length}].${key}`, value);
      }
      if (Object.keys(element).length > 0) list.push(element);
    }
  }
  return list;
}

function withdrawConstants(fields: readonly Node[], rows: readonly Tracing[]): void {
  for (const node of fields) {
    const traced = node.kind === "constant" ? rows[node.row] : undefined;
    if (traced !== undefined) traced.outcome = "no_owner";
  }
}

/** One record run through the table, row by row, and the entity its rows write. */
export function traceRecord(
  record: RawObject,
  run: Run,
): { entity: Record<string, unknown>; rows: RowTrace[] } {
  const own = ownFields(record, run);
  const values: Values = new Map();
  for (const group of PLAN.groups) readGroup(own, group, run, values);
  const rows = PLAN.rows.map((row) => evaluate(row, values, run));
  const entity = writeMessage(PLAN.tree, "", rows);
  return { entity, rows: rows.map(({ results, ...trace }) => trace) };
}
