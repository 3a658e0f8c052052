/** The frames of the record at hand. Reading fills them; a mapping keeps them from record to record. */

import { type At, elementPath } from "./cell.ts";
import { Frame } from "./frame.ts";
import type { Notes } from "./notes.ts";
import type { Plan } from "./plan.ts";
import { isNothing, type Run, scalar, wrongType } from "./reading.ts";
import { isObject, type RawObject } from "./scalar.ts";
import type { Read, Scope, Step } from "./scopes.ts";

/** True when a loop over an object's fields meets its own fields only. */
function isPlain(object: RawObject): boolean {
  if (Object.getPrototypeOf(object) !== Object.prototype) return false;
  for (const _ in Object.prototype) return false;
  return true;
}

/**
 * Reads own fields of objects into numbered slots. Most objects of a page have the same fields in the same order, so
 * the slots of one object's fields serve for the next.
 */
class Fields {
  readonly raw: unknown[];
  /** The names of the last object's fields: the same list for the next object, when it has the same fields. */
  names: readonly string[] = [];
  readonly #slots: ReadonlyMap<string, number>;
  #slotsOfNames: readonly number[] = [];

  constructor(slots: ReadonlyMap<string, number>) {
    this.#slots = slots;
    this.raw = new Array(slots.size).fill(undefined);
  }

  read(object: RawObject): void {
    if (!isPlain(object)) {
      this.#learn(object);
      return;
    }
    const { names } = this;
    let at = 0;
    for (const name in object) {
      if (name !== names[at]) {
        this.#learn(object);
        return;
      }
      const slot = this.#slotsOfNames[at++] ?? -1;
      if (slot >= 0) this.raw[slot] = object[name];
    }
    if (at !== names.length) this.#learn(object);
  }

  /** Reads by name an object that is not plain, or whose fields are not those of the last. */
  #learn(object: RawObject): void {
    const names = Object.keys(object);
    this.names = names;
    this.#slotsOfNames = names.map((name) => this.#slots.get(name) ?? -1);
    this.raw.fill(undefined);
    for (const [at, slot] of this.#slotsOfNames.entries())
      if (slot >= 0) this.raw[slot] = object[names[at] ?? ""];
  }
}

/** The most frames of a list that are kept for the next record. */
export const FRAMES_KEPT = 64;

/** The elements of a list in the record at hand: the first `count` of the frames. */
export class Elements {
  readonly frames: Frame[] = [];
  count = 0;
  readonly #plan: Plan;
  readonly #scope: Scope;
  readonly #fields: Fields;

  constructor(plan: Plan, scope: Scope) {
    this.#plan = plan;
    this.#scope = scope;
    this.#fields = new Fields(new Map(scope.reads.map(({ field }, slot) => [field, slot])));
  }

  /** Reads the elements that a container holds. */
  read(raw: unknown, run: Run, notes: Notes | undefined): void {
    if (this.frames.length > FRAMES_KEPT) this.frames.length = FRAMES_KEPT;
    this.count = 0;
    const { container = "", of } = this.#scope;
    if (of === "values" && isObject(raw)) {
      for (const key of Object.keys(raw)) this.#element(raw[key], key, run, notes);
    } else if (Array.isArray(raw) && of !== "values") {
      for (let at = 0; at < raw.length; at++) this.#element(raw[at], at, run, notes);
    } else if (of === "each" && isObject(raw)) this.#element(raw, undefined, run, notes);
    else if (!isNothing(raw)) wrongType(run, this.#scope, container);
  }

  #element(raw: unknown, at: At, run: Run, notes: Notes | undefined): void {
    const frame = this.frames[this.count] ?? new Frame(this.#plan);
    this.frames[this.count++] = frame;
    frame.at = at;
    readElement(raw, this.#scope, this.#fields, frame, this.#plan, run, notes);
  }
}

/** Reads what a scope asks of one element. */
function readElement(
  raw: unknown,
  scope: Scope,
  fields: Fields,
  frame: Frame,
  { table }: Plan,
  run: Run,
  notes: Notes | undefined,
): void {
  const { reads, container = "", of } = scope;
  const { at, values } = frame;
  if (of === "items" || of === "values") {
    for (const read of reads) readValue(raw, read, frame, run, notes);
    return;
  }
  const object = isObject(raw) ? raw : undefined;
  if (object !== undefined) fields.read(object);
  else {
    const isAbsent = table.blankElements === "absent" ? isNothing(raw) : raw === null;
    if (!isAbsent) wrongType(run, scope, elementPath(container, at));
    if (notes === undefined) {
      for (const { index } of reads) values[index] = undefined;
      return;
    }
  }
  for (let slot = 0; slot < reads.length; slot++) {
    const read = reads[slot];
    if (read !== undefined) readValue(object && fields.raw[slot], read, frame, run, notes);
  }
}

function readValue(
  raw: unknown,
  read: Read,
  { at, values }: Frame,
  run: Run,
  notes: Notes | undefined,
): void {
  const value = scalar(raw, run, read, at);
  values[read.index] = value;
  notes?.looked(read, raw, value, at);
}

/** A step, and the slot that its field is read into. */
type SlotStep = Step & { readonly slot: number };

/** All frames of the record at hand. */
export class Frames {
  readonly record: Frame;
  /** The names of the record's fields, when the record before it had the same; else undefined. */
  names: ReadonlySet<string> | undefined;
  /** By the scopes' indexes; of the scopes with several elements. */
  readonly elements: readonly (Elements | undefined)[];
  readonly #plan: Plan;
  readonly #fields: Fields;
  /** The names of the fields of the last record that was read to its end: a getter may throw. */
  #lastNames: readonly string[] | undefined;
  readonly #steps: readonly SlotStep[];
  /** The steps that may find something. */
  #found: readonly SlotStep[];
  /** The fields of the first objects of lists, by the scopes' indexes. */
  readonly #first: readonly (Fields | undefined)[];
  readonly #none: Fields = new Fields(new Map());

  constructor(plan: Plan) {
    this.#plan = plan;
    this.record = new Frame(plan);
    this.elements = plan.scopes.map((scope) => (scope.isEach ? new Elements(plan, scope) : undefined));
    const slots = new Map<string, number>();
    for (const { field } of plan.steps) if (!slots.has(field)) slots.set(field, slots.size);
    this.#fields = new Fields(slots);
    this.#steps = plan.steps.map(({ field, read, scope }) => ({
      field,
      read,
      scope,
      slot: slots.get(field) ?? 0,
    }));
    this.#found = this.#steps;
    this.#first = plan.scopes.map(({ of, reads }) =>
      of === "first" ? new Fields(new Map(reads.map(({ field }, slot) => [field, slot]))) : undefined,
    );
  }

  /** Reads all that the plan asks of a record, in row order. */
  read(record: RawObject, run: Run, notes: Notes | undefined): void {
    this.#fields.read(record);
    const { raw, names } = this.#fields;
    if (names === this.#lastNames) this.#narrow(names);
    else this.#forget();
    const steps = notes === undefined ? this.#found : this.#steps;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (step === undefined) continue;
      const value = raw[step.slot];
      if (step.read !== undefined) this.#readField(value, step.read, run, notes);
      else if (step.scope !== undefined) this.#readScope(value, step.scope, run, notes);
    }
    this.#lastNames = names;
  }

  /** Begins with a record of other fields than the last. */
  #forget(): void {
    this.names = undefined;
    this.#found = this.#steps;
  }

  /** Leaves out the steps that find nothing in records like the last, which have found nothing in it. */
  #narrow(fields: readonly string[]): void {
    if (this.names !== undefined) return;
    const names = new Set(fields);
    this.names = names;
    this.#found = this.#steps.filter(({ field }) => names.has(field));
  }

  #readField(raw: unknown, read: Read, run: Run, notes: Notes | undefined): void {
    if (read.of !== "length") {
      readValue(raw, read, this.record, run, notes);
      return;
    }
    const length = Array.isArray(raw) ? raw.length : undefined;
    this.record.values[read.index] = length;
    notes?.looked(read, raw, length, undefined);
  }

  #readScope(raw: unknown, scope: Scope, run: Run, notes: Notes | undefined): void {
    const { index, container = "" } = scope;
    const elements = this.elements[index];
    if (elements !== undefined) {
      elements.read(raw, run, notes);
      return;
    }
    if (!Array.isArray(raw) && !isNothing(raw)) wrongType(run, scope, container);
    const first: unknown = Array.isArray(raw) && raw.length > 0 ? raw[0] : null;
    this.record.at = 0;
    readElement(first, scope, this.#first[index] ?? this.#none, this.record, this.#plan, run, notes);
    this.record.at = undefined;
  }
}
