/**
 * The mapping: reads a record, asks every row for its text, and renders the texts along the plan's tree, as an object
 * or as bytes. There is one evaluation, whatever is made of it; notes, where given, are told what each row did.
 */

import { Builder, type Built } from "./build.ts";
import type { ByteWriter } from "./bytes.ts";
import { rawPath } from "./cell.ts";
import type { Frame } from "./frame.ts";
import { type Elements, Frames } from "./frames.ts";
import { hasText } from "./lists.ts";
import type { Notes, RowTrace } from "./notes.ts";
import type { Plan } from "./plan.ts";
import type { PlanRow } from "./plan-row.ts";
import { Printer } from "./print.ts";
import { envelopeTimestamp, type Run, raiseAt } from "./reading.ts";
import type { RawObject, Scalar } from "./scalar.ts";
import type { Read } from "./scopes.ts";

/** Whether a row may have a text for a record with these fields. */
function mayHaveText({ isTimestamp, otherwise, alternatives }: PlanRow, names: ReadonlySet<string>): boolean {
  if (isTimestamp || otherwise !== undefined) return true;
  return alternatives.some((reads) => reads.some(({ container, field }) => names.has(container ?? field)));
}

/** Maps one record at a time; what it has of a record is good until the next. */
export class Mapping {
  readonly #plan: Plan;
  readonly #rows: readonly PlanRow[];
  /** The rows that may have a text, for records with the fields `#names`. */
  #found: readonly PlanRow[];
  #names: ReadonlySet<string> | undefined;
  readonly #frames: Frames;
  readonly #builder: Builder;
  readonly #printer: Printer;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#rows = plan.rows.filter(({ scope }) => scope !== undefined);
    this.#found = this.#rows;
    this.#frames = new Frames(plan);
    this.#builder = new Builder(plan, this.#frames);
    this.#printer = new Printer(plan, this.#frames);
  }

  /** Evaluates the table for a record; false when nothing identifies what it is about. */
  evaluate(record: RawObject, run: Run, notes?: Notes): boolean {
    run.raised = undefined;
    this.#frames.read(record, run, notes);
    const { record: frame, elements } = this.#frames;
    const rows = notes === undefined ? this.#rowsAtHand() : this.#rows;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (row?.scope === undefined) continue;
      const each = row.scope.isEach ? elements[row.scope.index] : undefined;
      frame.texts[row.index] =
        each === undefined ? this.#text(row, frame, 0, run, notes) : this.#eachText(row, each, run, notes);
    }
    return hasText(this.#plan.identity, frame);
  }

  /** The rows that may have a text for the record at hand. The others had none for the record before it. */
  #rowsAtHand(): readonly PlanRow[] {
    const { names } = this.#frames;
    if (names !== this.#names) {
      this.#names = names;
      this.#found = names === undefined ? this.#rows : this.#rows.filter((row) => mayHaveText(row, names));
    }
    return this.#found;
  }

  /** The entity record of what was evaluated last. */
  entity(): Built {
    return this.#builder.build(undefined);
  }

  /** What became of each row, in what was evaluated last with these notes. */
  rows(notes: Notes): readonly RowTrace[] {
    this.#builder.build(notes);
    return notes.rows();
  }

  /** True when the record that was evaluated last has an owner, or its entity needs none. */
  hasOwner(): boolean {
    const { owner } = this.#plan;
    return owner === undefined || hasText(owner, this.#frames.record);
  }

  /** Writes the entity record of what was evaluated last: the bytes of `JSON.stringify`, and a line feed. */
  print(out: ByteWriter): void {
    this.#printer.print(out);
  }

  /** Gives each element its text, and returns the first of them. */
  #eachText(
    row: PlanRow,
    { frames, count }: Elements,
    run: Run,
    notes: Notes | undefined,
  ): string | undefined {
    let first: string | undefined;
    for (let at = 0; at < count; at++) {
      const frame = frames[at];
      if (frame === undefined) continue;
      const text = this.#text(row, frame, at, run, notes);
      frame.texts[row.index] = text;
      first ??= text;
    }
    return first;
  }

  /** The row's text: of the first alternative that its rule takes, else what stands in for it. */
  #text(row: PlanRow, frame: Frame, element: number, run: Run, notes: Notes | undefined): string | undefined {
    const { alternatives, unless, after, only } = row;
    let text: string | undefined;
    // The notes also tell of what is not there.
    if (only !== undefined && notes === undefined) {
      const value = frame.values[only.index];
      if (value === undefined) return undefined;
      text = this.#apply(row, only, value, frame, run, notes);
    } else {
      for (let i = 0; i < alternatives.length && text === undefined; i++) {
        text = this.#take(row, alternatives[i] ?? [], frame, element, run, notes);
      }
    }
    let isDefault = false;
    if (text === undefined && row.isTimestamp) {
      text = envelopeTimestamp(run, row.row.log_field);
      isDefault = text === undefined;
      text ??= run.collectedAt;
      notes?.askedPage(row);
    } else if (text === undefined) {
      text = row.otherwise;
      isDefault = true;
    }
    if (text === undefined) return undefined;
    for (let i = 0; i < unless.length; i++) {
      const read = unless[i];
      if (read === undefined || this.#value(read, frame) === undefined) continue;
      notes?.outranked(row, rawPath(read, undefined));
      return undefined;
    }
    for (let i = 0; i < after.length; i++) {
      const before = after[i] ?? -1;
      if (frame.texts[before] === undefined) continue;
      notes?.outranked(row, this.#plan.rows[before]?.row.log_field ?? "");
      return undefined;
    }
    notes?.got(row, isDefault, frame);
    return text;
  }

  /** What the rule makes of the first value present. */
  #take(
    row: PlanRow,
    reads: readonly Read[],
    frame: Frame,
    element: number,
    run: Run,
    notes: Notes | undefined,
  ): string | undefined {
    for (let i = 0; i < reads.length; i++) {
      const read = reads[i];
      if (read === undefined) continue;
      notes?.asked(row, read, element);
      const value = this.#value(read, frame);
      if (value !== undefined) return this.#apply(row, read, value, frame, run, notes);
    }
    return undefined;
  }

  /** What the rule makes of a value. */
  #apply(
    row: PlanRow,
    read: Read,
    value: Scalar,
    frame: Frame,
    run: Run,
    notes: Notes | undefined,
  ): string | undefined {
    const text = row.apply(value, row.rule);
    if (text === null) return undefined;
    if (text !== undefined) return text;
    notes?.refused(row);
    if (row.issue !== undefined) raiseAt(run, row.issue, read, read.of === "first" ? 0 : frame.at);
    return undefined;
  }

  /** A read's value: of the element at hand, or of the record. */
  #value(read: Read, frame: Frame) {
    return (read.scope.isEach ? frame : this.#frames.record).values[read.index];
  }
}
