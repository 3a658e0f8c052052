/**
 * The raw fields of a resource's records: where they stand, how many records have them, and their JSON types.
 * No value is kept. A key that may itself be someone's data is counted under `*`.
 */

import { isComposite } from "../core/scalar.ts";

export const JSON_TYPES = ["array", "boolean", "null", "number", "object", "string"] as const;
export type JsonType = (typeof JSON_TYPES)[number];

export interface RawField {
  /** `epkey`, `groups[].name`, `aliases.*`; a name that is no plain word is quoted: `["odd.name"]`. */
  readonly path: string;
  /** How many records have the field, at least once. */
  readonly records: number;
  /** How many values of each type the field has; types that never occur are left out. */
  readonly types: { readonly [T in JsonType]?: number };
}

/** Objects whose keys the customer or the user chooses. */
const FREE_FORM: ReadonlySet<string> = new Set(["aliases", "custom_attributes"]);

/** Stands for all keys of an object that are data rather than names of fields. */
const ANY = "*";

/** The most names one object path may have before its keys are taken for data. */
const MOST_NAMES = 200;

/** An object of a path has so many of its names at least, or its keys are taken for data. */
const LEAST_SHARED = 1 / 2;

/** Levels of objects and arrays that are looked into. */
const DEEPEST = 8;

/** No address, no number of a person or a thing, no sentence. */
const LOOKS_LIKE_DATA = /@|\d{5}|.{65}/su;
/** What Duo calls its fields. An object within an object may be a map, so it is held to that. */
const SNAKE_CASE = /^[a-z][a-z0-9_]*$/;

const PLAIN_NAME = /^[^\s.[\]"\\*]+$/u;

function join(path: string, name: string): string {
  if (name !== ANY && !PLAIN_NAME.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

const LAST_NAME = /(?:(?:^|\.)[^\s.[\]"\\]+|\["(?:[^"\\]|\\.)*"\])$/u;

/** The path of the object that holds the field; empty for a field of the record itself. */
export function holderOf(path: string): string {
  return path.replace(LAST_NAME, "");
}

function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

/** What was seen at one path. */
class Seen {
  records = 0;
  /** The record seen last, so that each counts once. */
  last = -1;
  readonly types = new Map<JsonType, number>();
  readonly fields = new Map<string, Seen>();
  elements: Seen | undefined;
  isFreeForm: boolean;
  /** An object's own field holds it, rather than a list: it may be a map. */
  readonly isNested: boolean;
  /** The most fields that one object had. */
  widest = 0;

  constructor(isNested: boolean, isFreeForm = false) {
    this.isNested = isNested;
    this.isFreeForm = isFreeForm;
  }

  see(value: unknown, record: number, depth: number): void {
    if (this.last !== record) this.records++;
    this.last = record;
    const type = typeOf(value);
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
    if (depth >= DEEPEST || !isComposite(value)) return;
    if (Array.isArray(value)) {
      if (value.length > 0) this.elements ??= new Seen(false);
      for (const element of value) this.elements?.see(element, record, depth + 1);
      return;
    }
    const names = Object.keys(value);
    if (names.length > this.widest) this.widest = names.length;
    for (const name of names) this.#field(name).see(value[name], record, depth + 1);
  }

  #field(name: string): Seen {
    const known = this.isFreeForm ? undefined : this.fields.get(name);
    if (known !== undefined) return known;
    const isName = !LOOKS_LIKE_DATA.test(name) && (!this.isNested || SNAKE_CASE.test(name));
    if (isName && this.fields.size >= MOST_NAMES) this.isFreeForm = true;
    const key = isName && !this.isFreeForm ? name : ANY;
    let field = this.fields.get(key);
    if (field === undefined) {
      field = new Seen(true, FREE_FORM.has(key));
      this.fields.set(key, field);
    }
    return field;
  }

  /** Takes in what was seen at another path of the same object. */
  merge(other: Seen, most: number): void {
    this.records = Math.min(this.records + other.records, most);
    for (const [type, count] of other.types) this.types.set(type, (this.types.get(type) ?? 0) + count);
    this.widest = Math.max(this.widest, other.widest);
    for (const [name, field] of other.fields) {
      const own = this.fields.get(name) ?? new Seen(true);
      own.merge(field, this.records);
      this.fields.set(name, own);
    }
    if (other.elements === undefined) return;
    this.elements ??= new Seen(false);
    this.elements.merge(other.elements, this.records);
  }

  /** The fields by name, all of them as one when the names are data. */
  named(): Iterable<[string, Seen]> {
    const isMap = this.isNested && this.widest < this.fields.size * LEAST_SHARED;
    if (!this.isFreeForm && !isMap) return this.fields;
    const all = new Seen(true);
    for (const field of this.fields.values()) all.merge(field, this.records);
    return this.fields.size === 0 ? [] : [[ANY, all]];
  }
}

function list(seen: Seen, path: string, into: RawField[]): void {
  for (const [name, field] of seen.named()) listOne(field, join(path, name), into);
  if (seen.elements !== undefined) listOne(seen.elements, `${path}[]`, into);
}

function listOne(seen: Seen, path: string, into: RawField[]): void {
  const types: { [T in JsonType]?: number } = {};
  for (const type of JSON_TYPES) {
    const count = seen.types.get(type);
    if (count !== undefined) types[type] = count;
  }
  into.push({ path, records: seen.records, types });
  list(seen, path, into);
}

/** Collects the fields of records, one record at a time; memory grows with the paths, not the records. */
export class FieldCounter {
  readonly #record = new Seen(false);
  #records = 0;

  add(record: object): void {
    this.#record.see(record, this.#records++, 0);
  }

  /** Every path seen, in code-point order; the elements of a list have a path too (`groups[]`). */
  fields(): RawField[] {
    const fields: RawField[] = [];
    list(this.#record, "", fields);
    return fields.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
