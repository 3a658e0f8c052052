/** What a table reads of a record: every raw value once, by the scopes that the values stand in, in row order. */

import { type LogField, parseLogField } from "./cell.ts";
import type { Of, Row } from "./profile.ts";

/** One raw value that rows ask for. Its issues name the row whose log field it is, else the first to ask. */
export interface Read extends LogField {
  readonly index: number;
  readonly scope: Scope;
  readonly row: string;
}

/** What reads are made of: the record itself, the first object of a list in it, or each of the list's elements. */
export interface Scope {
  readonly index: number;
  readonly container: string | undefined;
  readonly of: Of | undefined;
  /** Whether there may be several elements, each with a value of its own for every row. */
  readonly isEach: boolean;
  readonly reads: Read[];
}

/** A field of the record that is looked up, and what is done with it. */
export interface Step {
  readonly field: string;
  /** The read of its value or, with `length`, of the length of its list. */
  readonly read: Read | undefined;
  /** The scope of what stands in it. */
  readonly scope: Scope | undefined;
}

const isEachOf = (of: Of | undefined): boolean => of === "each" || of === "items" || of === "values";

/** Collects the reads of a table. */
export class Reads {
  readonly all: Read[] = [];
  readonly record: Scope = { index: 0, container: undefined, of: undefined, isEach: false, reads: [] };
  readonly scopes: Scope[] = [this.record];
  readonly steps: Step[] = [];
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  /** The row whose log field it is. */
  rowOf(logField: string): Row | undefined {
    return this.#rows.find((row) => row.rule.kind !== "constant" && row.log_field === logField);
  }

  /** The read of a row's own field, or of another that it names. */
  of(row: Row, logField = row.log_field): Read {
    const parsed = parseLogField(logField);
    const reader = logField === row.log_field ? row : this.rowOf(logField);
    const of = parsed.of ?? (reader !== undefined && "of" in reader.rule ? reader.rule.of : undefined);
    return of === "length" || parsed.container === undefined
      ? this.#plain(row, logField, parsed, of)
      : this.#within(row, logField, { ...parsed, of: of ?? this.#ofLike(row, parsed.container) });
  }

  /** A field of a row's own container is read of the same element; any other container gives its first object. */
  #ofLike({ log_field, rule }: Row, container: string): Of {
    const own = parseLogField(log_field);
    const of = own.of ?? ("of" in rule ? rule.of : undefined);
    return own.container === container && of !== undefined ? of : "first";
  }

  #plain(row: Row, logField: string, { field }: LogField, of: Of | undefined): Read {
    const known = this.record.reads.find((read) => read.field === field && read.of === of);
    if (known !== undefined) return known;
    const read = this.#add(row, logField, { field, container: undefined, of }, this.record);
    this.steps.push({ field, read, scope: undefined });
    return read;
  }

  #within(row: Row, logField: string, { container = "", field, of }: LogField): Read {
    let scope = this.scopes.find((one) => one.container === container && one.of === of);
    if (scope === undefined) {
      scope = { index: this.scopes.length, container, of, isEach: isEachOf(of), reads: [] };
      this.scopes.push(scope);
      this.steps.push({ field: container, read: undefined, scope });
    }
    const known = scope.reads.find((read) => read.field === field);
    return known ?? this.#add(row, logField, { field, container, of }, scope);
  }

  #add(row: Row, logField: string, { field, container, of }: LogField, scope: Scope): Read {
    const { part_of, log_field } = this.rowOf(logField) ?? row;
    const read = { index: this.all.length, field, container, of, scope, row: part_of ?? log_field };
    this.all.push(read);
    scope.reads.push(read);
    return read;
  }
}

/** The other fields that a row names. */
function othersOf({ rule }: Row): string[] {
  return rule.kind === "constant" ? [] : [...(rule.or ?? []).flat(), ...(rule.unless ?? [])];
}

export function planReads(rows: readonly Row[]): Reads {
  const reads = new Reads(rows);
  for (const row of rows) {
    if (row.rule.kind === "constant") continue;
    reads.of(row);
    // A fallback that is not a row's own field is read with the row that falls back on it.
    for (const other of othersOf(row)) if (reads.rowOf(other) === undefined) reads.of(row, other);
  }
  return reads;
}
