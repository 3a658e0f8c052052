/** The raw paths that a table reads, and the values at them that it cannot use. */

import { type At, elementPath, rawPath } from "./cell.ts";
import type { Plan } from "./plan.ts";
import { isNothing } from "./reading.ts";
import { isObject, type RawObject } from "./scalar.ts";
import type { Read, Scope } from "./scopes.ts";

/** The paths that stand for a scope's elements. */
function elementPaths({ container = "", of }: Scope, first: string): string[] {
  switch (of) {
    case "first":
      return [`${container}${first}`];
    case "items":
      return [`${container}[]`];
    case "values":
      return [`${container}.*`];
    default:
      return [container, `${container}[]`];
  }
}

/**
 * The raw paths that a plan reads, and the row that each is told by. Indexes are left out: `browsers[].browser_family`.
 *
 * @param first how the first element of a list is written, where only that is read
 */
export function readPaths({ scopes }: Plan, first: "[0]" | "[]"): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const add = (path: string, row: string): void => {
    if (!paths.has(path)) paths.set(path, row);
  };
  for (const scope of scopes) {
    const { container, reads } = scope;
    if (container === undefined) {
      for (const { field, row, of } of reads) if (of !== "length") add(field, row);
      continue;
    }
    const elements = elementPaths(scope, first);
    for (const path of [container, ...elements]) add(path, reads[0]?.row ?? "");
    for (const path of elements) {
      for (const { field, row } of reads) if (field !== "") add(`${path}.${field}`, row);
    }
  }
  return paths;
}

/** A raw value that no rule can use. */
interface Misfit {
  readonly path: string;
  /** The row that reads it, by its log field. */
  readonly row: string;
}

/** The misfits of one record. */
class Misfits {
  readonly all: Misfit[] = [];
  readonly #showKeys: boolean;

  constructor(showKeys: boolean) {
    this.#showKeys = showKeys;
  }

  add(read: Read, at: At): void {
    this.all.push({ path: rawPath(read, at, !this.#showKeys), row: read.row });
  }
}

/** Finds what a plan reads and cannot use. Null, blank and absent values always fit. */
export class Fit {
  readonly #plan: Plan;
  /** The JSON types that rules can use, by the reads' indexes. */
  readonly #types: readonly ReadonlySet<string>[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#types = plan.reads.map(
      (read) =>
        new Set(
          plan.rows
            .filter(({ alternatives }) => alternatives.some((reads) => reads.includes(read)))
            .flatMap(({ definition }) => definition.takes),
        ),
    );
  }

  /**
   * The misfits of a record, in row order.
   *
   * @param showKeys whether their paths show keys that are somebody's data
   */
  misfits(record: RawObject, showKeys: boolean): Misfit[] {
    const misfits = new Misfits(showKeys);
    for (const { field, read, scope } of this.#plan.steps) {
      const raw = Object.hasOwn(record, field) ? record[field] : undefined;
      if (read !== undefined && read.of !== "length") this.#value(raw, read, undefined, misfits);
      else if (scope !== undefined) this.#scope(raw, scope, misfits);
    }
    return misfits.all;
  }

  #value(raw: unknown, read: Read, at: At, misfits: Misfits): void {
    if (isNothing(raw) || this.#types[read.index]?.has(typeof raw) === true) return;
    misfits.add(read, at);
  }

  #scope(raw: unknown, scope: Scope, misfits: Misfits): void {
    const { container = "", of, reads } = scope;
    const row = reads[0]?.row ?? "";
    if (isNothing(raw)) return;
    if (of === "values" && isObject(raw)) {
      for (const key of Object.keys(raw)) this.#element(raw[key], key, scope, misfits);
    } else if (Array.isArray(raw) && of !== "values") {
      const elements = of === "first" ? raw.slice(0, 1) : raw;
      for (const [at, element] of elements.entries()) this.#element(element, at, scope, misfits);
    } else if (of === "each" && isObject(raw)) this.#element(raw, undefined, scope, misfits);
    else misfits.all.push({ path: container, row });
  }

  #element(raw: unknown, at: At, scope: Scope, misfits: Misfits): void {
    const { container = "", of, reads } = scope;
    if (of === "items" || of === "values") {
      for (const read of reads) this.#value(raw, read, at, misfits);
      return;
    }
    if (isObject(raw)) {
      for (const read of reads) {
        if (Object.hasOwn(raw, read.field)) this.#value(raw[read.field], read, at, misfits);
      }
      return;
    }
    const isAbsent = this.#plan.table.blankElements === "absent" ? isNothing(raw) : raw === null;
    if (!isAbsent) misfits.all.push({ path: elementPath(container, at), row: reads[0]?.row ?? "" });
  }
}
