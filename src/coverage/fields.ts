/**
 * The raw fields of a resource's records: where they stand, how many records have them, and their JSON types.
 * No value is kept. A key that may itself be someone's data is counted under `*`.
 */

import { isComposite } from "../core/scalar.ts";
import { ANY, isFreeForm, isName } from "../text/names.ts";
import { anyPath, fieldPath } from "../text/paths.ts";

export const JSON_TYPES = ["array", "boolean", "null", "number", "object", "string"] as const;
export type JsonType = (typeof JSON_TYPES)[number];

export interface RawField {
  /** `epkey`, `groups[].name`, `aliases.*`; a name that is not a plain word is quoted: `["odd.name"]`. */
  readonly path: string;
  /** How many records have the field, at least once. */
  readonly records: number;
  /** How many values of each type the field has; types that never occur are left out. */
  readonly types: { readonly [T in JsonType]?: number };
}

/** The types of a field, in order. */
export function typesOf({ types }: RawField): JsonType[] {
  return JSON_TYPES.filter((type) => types[type] !== undefined);
}

/** The most names one object path may have before its keys are taken for data. */
const MOST_NAMES = 200;

/** At least this share of a path's names stands in each of its objects, or the keys count as data. */
const LEAST_SHARED = 1 / 2;

/** Levels of objects and arrays that are looked into. */
const DEEPEST = 8;

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

/** What was seen at one path: plain data, which can be sent to another thread. */
interface Seen {
  records: number;
  /** The record seen last, so that each counts once. */
  last: number;
  readonly types: Map<JsonType, number>;
  readonly fields: Map<string, Seen>;
  elements?: Seen;
  isFreeForm: boolean;
  /** An object's own field holds it, rather than a list: it may be a map. */
  readonly isNested: boolean;
  /** The most fields that one object had. */
  widest: number;
}

function nothing(isNested: boolean, isFreeForm = false): Seen {
  return { records: 0, last: -1, types: new Map(), fields: new Map(), isFreeForm, isNested, widest: 0 };
}

function see(seen: Seen, value: unknown, record: number, depth: number): void {
  if (seen.last !== record) seen.records++;
  seen.last = record;
  const type = typeOf(value);
  seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
  if (depth >= DEEPEST || !isComposite(value)) return;
  if (Array.isArray(value)) {
    if (value.length === 0) return;
    seen.elements ??= nothing(false);
    for (const element of value) see(seen.elements, element, record, depth + 1);
    return;
  }
  const names = Object.keys(value);
  if (names.length > seen.widest) seen.widest = names.length;
  for (const name of names) see(fieldOf(seen, name), value[name], record, depth + 1);
}

function fieldOf(seen: Seen, name: string): Seen {
  const known = seen.isFreeForm ? undefined : seen.fields.get(name);
  if (known !== undefined) return known;
  return newField(seen, isName(name, seen.isNested) ? name : ANY);
}

/** A field not seen before, under its name, or under `*` once the object has too many names. */
function newField(seen: Seen, name: string): Seen {
  if (name !== ANY && seen.fields.size >= MOST_NAMES) seen.isFreeForm = true;
  const key = seen.isFreeForm ? ANY : name;
  let field = seen.fields.get(key);
  if (field === undefined) {
    field = nothing(true, isFreeForm(key));
    seen.fields.set(key, field);
  }
  return field;
}

/** Adds what was seen in other records, or at another path of the same, which makes `most` records at most. */
function merge(seen: Seen, other: Seen, most: number): void {
  seen.records = Math.min(seen.records + other.records, most);
  for (const [type, count] of other.types) seen.types.set(type, (seen.types.get(type) ?? 0) + count);
  seen.widest = Math.max(seen.widest, other.widest);
  seen.isFreeForm ||= other.isFreeForm;
  for (const [name, field] of other.fields) {
    const known = seen.isFreeForm ? undefined : seen.fields.get(name);
    merge(known ?? newField(seen, name), field, seen.records);
  }
  if (other.elements === undefined) return;
  seen.elements ??= nothing(false);
  merge(seen.elements, other.elements, seen.records);
}

/** The fields by name, all of them as one when the names are data. */
function named(seen: Seen): Iterable<[string, Seen]> {
  const isMap = seen.isNested && seen.widest < seen.fields.size * LEAST_SHARED;
  if (!seen.isFreeForm && !isMap) return seen.fields;
  const all = nothing(true);
  for (const field of seen.fields.values()) merge(all, field, seen.records);
  return seen.fields.size === 0 ? [] : [[ANY, all]];
}

function list(seen: Seen, path: string, into: RawField[]): void {
  for (const [name, field] of named(seen))
    listOne(field, name === ANY ? anyPath(path) : fieldPath(path, name), into);
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

/** The fields of some records, for {@link addRecord}; memory grows with the paths, not the records. */
export type SeenFields = Seen;

export function noFields(): SeenFields {
  return nothing(false);
}

export function addRecord(seen: SeenFields, record: object): void {
  see(seen, record, seen.records, 0);
}

/** Adds the fields of other records. */
export function addFields(seen: SeenFields, others: SeenFields): void {
  merge(seen, others, Number.POSITIVE_INFINITY);
}

/** Every path seen, in code-point order; the elements of a list have a path too (`groups[]`). */
export function listFields(seen: SeenFields): RawField[] {
  const fields: RawField[] = [];
  list(seen, "", fields);
  return fields.sort((a, b) => (a.path < b.path ? -1 : 1));
}
