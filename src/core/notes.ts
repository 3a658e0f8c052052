/** Notes that a mapping takes: what became of every row of the table, for one record. */

import { type At, rawPath } from "./cell.ts";
import type { Frame } from "./frame.ts";
import type { Plan } from "./plan.ts";
import type { PlanRow } from "./plan-row.ts";
import type { Row } from "./profile.ts";
import { ENVELOPE_TIMESTAMP, type Run } from "./reading.ts";
import { isComposite, present, type Scalar } from "./scalar.ts";
import type { Read } from "./scopes.ts";

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
  /** The raw path that it came from; none for constants, defaults and the time that the caller gave. */
  readonly from?: string;
}

/**
 * What became of a row.
 * - `wrote`: a value from the record or its page, or a constant
 * - `default`: the value the row has when the record gives none
 * - `absent`: nothing present to read
 * - `outranked`: a field or row that comes before it is present (`by`)
 * - `invalid`: a value is present, and the target cannot take it (`because`)
 * - `repeated`: another row has written the same value to the same list (`by`)
 * - `no_owner`: a constant that has no value to stand beside, such as those of a relation without an owner
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

/** Where a value of the entity came from. */
export interface ValueOrigin {
  /** The index of its row in the table. */
  readonly row: number;
  /** The raw path; none for constants, defaults and the time that the caller gave. */
  readonly from?: string;
}

interface Noted {
  readonly row: Row;
  readonly reads: RawRead[];
  outcome: Outcome;
  readonly writes: Write[];
  by?: string;
  because?: string;
  /** The read whose value became the row's text, by the frame that has the text. */
  readonly sources: Map<Frame, RawRead>;
}

function look(raw: unknown, path: string, value: Scalar | undefined): RawRead {
  if (value !== undefined) return { path, found: "value", value };
  if (raw === undefined) return { path, found: "missing" };
  if (raw === null) return { path, found: "null" };
  return { path, found: isComposite(raw) ? "wrong_type" : "blank" };
}

export class Notes {
  readonly #run: Run;
  readonly #rows: readonly Noted[];
  /** What each read found, by its index: once, or once for each element. */
  readonly #looks: RawRead[][];
  readonly #origins = new Map<string, ValueOrigin>();

  constructor({ rows, reads }: Plan, run: Run) {
    this.#run = run;
    this.#looks = reads.map(() => []);
    this.#rows = rows.map(({ row }) => ({
      row,
      reads: [],
      outcome: "absent",
      writes: [],
      sources: new Map(),
    }));
  }

  /** What became of each row. A constant that was not written had nothing to stand beside. */
  rows(): readonly RowTrace[] {
    for (const noted of this.#rows) {
      if (noted.row.rule.kind !== "constant") continue;
      noted.outcome = noted.writes.length > 0 ? "wrote" : "no_owner";
    }
    return this.#rows.map(({ sources: _, ...trace }) => trace);
  }

  /** Where each value came from, by its place in the entity. */
  origins(): ReadonlyMap<string, ValueOrigin> {
    return this.#origins;
  }

  #of({ index }: PlanRow): Noted | undefined {
    return this.#rows[index];
  }

  /** A raw value was looked at, before any row asks for it. */
  looked(read: Read, raw: unknown, value: Scalar | undefined, at: At): void {
    this.#looks[read.index]?.push(look(raw, rawPath(read, at), value));
  }

  /** A row asks for a value, of the element with the given number where there are several. */
  asked(planned: PlanRow, read: Read, element: number): void {
    const found = this.#looks[read.index]?.[read.scope.isEach ? element : 0];
    if (found !== undefined) this.#of(planned)?.reads.push(found);
  }

  /** The row's rule refused a present value. */
  refused(planned: PlanRow): void {
    const noted = this.#of(planned);
    if (noted === undefined) return;
    if (noted.outcome === "absent") noted.outcome = "invalid";
    if (planned.definition.refusal !== undefined) noted.because = planned.definition.refusal;
  }

  /** The row turned to the page's own timestamp. */
  askedPage(planned: PlanRow): void {
    const { pageTimestamp } = this.#run;
    this.#of(planned)?.reads.push(look(pageTimestamp, ENVELOPE_TIMESTAMP, present(pageTimestamp)));
  }

  outranked(planned: PlanRow, by: string): void {
    const noted = this.#of(planned);
    if (noted !== undefined && noted.outcome !== "wrote") Object.assign(noted, { outcome: "outranked", by });
  }

  /** The row has a text, in this frame: of the value that it asked for last, or its default. */
  got(planned: PlanRow, isDefault: boolean, frame: Frame): void {
    const noted = this.#of(planned);
    if (noted === undefined) return;
    const source = isDefault ? undefined : noted.reads.at(-1);
    if (source !== undefined) noted.sources.set(frame, source);
    if (!isDefault) noted.outcome = "wrote";
    else if (noted.outcome !== "wrote") noted.outcome = "default";
  }

  /** A row's text, of the given frame, was written. */
  wrote(row: number, path: string, value: string, frame?: Frame): void {
    const noted = this.#rows[row];
    const source = frame === undefined ? undefined : noted?.sources.get(frame);
    const from = source === undefined ? {} : { from: source.path };
    noted?.writes.push({ path, value, ...from });
    this.#origins.set(path, { row, ...from });
    // Of several elements, one may repeat what is there, and another write.
    if (noted?.outcome !== "repeated") return;
    noted.outcome = "wrote";
    delete noted.by;
  }

  /** The row's text stands in the list already, where `by` wrote it. */
  repeated(row: number, by: number): void {
    const noted = this.#rows[row];
    const first = this.#rows[by];
    if (noted === undefined || first === undefined || noted.writes.length > 0) return;
    Object.assign(noted, { outcome: "repeated", by: first.row.log_field });
  }
}
