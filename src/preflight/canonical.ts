/**
 * UDM entities in one spelling. Proto JSON lets a writer choose: field names in snake_case or lowerCamelCase, enums by
 * name or number, integers as numbers or digits, times at any offset, null for what is not set. Everything here is read
 * from the entity's schema; what the schema does not know is left as it is, for the checks to report.
 */

import { isComposite, isObject, type RawObject } from "../core/scalar.ts";
import { ENUM_NUMBERS, type EnumNumbers } from "./schemas/enum-numbers.ts";
import { TIME_PATTERN, UDM_ENTITY_SCHEMA, type UdmSchema } from "./schemas/udm-entity.schema.ts";

/** Gives a value in the canonical spelling: the value itself where it already is. */
type Canonical = (value: unknown, depth: number) => unknown;

interface Field {
  readonly name: string;
  readonly canonical: Canonical;
}

/** Deeper than any entity that an import takes. */
const DEEPEST = 100;

const DEFINITIONS: { readonly [message: string]: UdmSchema } = UDM_ENTITY_SCHEMA.$defs;
const MESSAGE = "#/$defs/";

const asIs: Canonical = (value) => value;

/** What proto JSON calls a field. */
function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const IN_RANGE = /^(?!0000)\d{4}-/;

/** A time in UTC, with 0, 3, 6 or 9 digits of a second. */
function time(value: unknown): unknown {
  const [, seconds, fraction = "", offset] = (typeof value === "string" && TIME.exec(value)) || [];
  if (seconds === undefined || offset === undefined) return value;
  const digits = fraction.replace(/0+$/, "");
  const padded = digits === "" ? "" : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
  if (offset === "Z") return `${seconds}${padded}Z`;
  const at = Date.parse(`${seconds}${offset}`);
  const utc = Number.isNaN(at) ? "" : new Date(at).toISOString().slice(0, -5);
  return IN_RANGE.test(utc) ? `${utc}${padded}Z` : value;
}

/** 64-bit integers are digits in a string. */
function int64(value: unknown): unknown {
  if (typeof value === "string") return /^-?\d+$/.test(value) ? BigInt(value).toString() : value;
  return Number.isSafeInteger(value) ? String(value) : value;
}

const int32: Canonical = (value) =>
  typeof value === "string" && /^-?\d{1,10}$/.test(value) ? Number(value) : value;

const float: Canonical = (value) =>
  typeof value === "string" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : value;

const enumName =
  (numbers: EnumNumbers): Canonical =>
  (value) =>
    typeof value === "number" && Object.hasOwn(numbers, value) ? numbers[value] : value;

function list(canonical: Canonical): Canonical {
  return (value, depth) => {
    if (!Array.isArray(value)) return value;
    let changed: unknown[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const element: unknown = value[at];
      const now = canonical(element, depth + 1);
      if (now === element) continue;
      changed ??= [...value];
      changed[at] = now;
    }
    return changed ?? value;
  };
}

/** The canonical name of a key. A field that stands in both spellings keeps them: no parser takes that. */
function nameOf(key: string, field: Field | undefined, object: RawObject): string {
  if (field === undefined || key === field.name) return key;
  const isInBoth = Object.hasOwn(object, field.name) && object[field.name] !== null;
  return isInBoth ? key : field.name;
}

function message(name: string): Canonical {
  let fields: ReadonlyMap<string, Field> | undefined;
  return (value, depth) => {
    if (!isObject(value) || depth > DEEPEST) return value;
    fields ??= fieldsOf(name);
    const keys = Object.keys(value);
    // Most values are canonical: nothing is made until one is not.
    let entries: [string, unknown][] | undefined;
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] ?? "";
      const field = fields.get(key);
      const name = nameOf(key, field, value);
      const before = value[key];
      // Null is how proto JSON writes a field that is not set.
      if (before === null && field !== undefined) {
        entries ??= keys.slice(0, at).map((one): [string, unknown] => [one, value[one]]);
        continue;
      }
      const now = field === undefined || name !== field.name ? before : field.canonical(before, depth + 1);
      if (entries === undefined) {
        if (name === key && now === before) continue;
        entries = keys.slice(0, at).map((one): [string, unknown] => [one, value[one]]);
      }
      entries.push([name, now]);
    }
    return entries === undefined ? value : Object.fromEntries(entries);
  };
}

function canonicalOf(schema: UdmSchema, field: string): Canonical {
  const { $ref, enum: names, items, pattern, type } = schema;
  if ($ref !== undefined) return message($ref.slice(MESSAGE.length));
  if (items !== undefined) {
    const element = canonicalOf(items, field);
    return element === asIs ? asIs : list(element);
  }
  if (names !== undefined) return enumName(ENUM_NUMBERS[field] ?? {});
  if (pattern === TIME_PATTERN) return time;
  if (Array.isArray(type)) return int64;
  if (type === "integer") return int32;
  return type === "number" ? float : asIs;
}

const known = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a message by either spelling, made when first asked for. */
function fieldsOf(name: string): ReadonlyMap<string, Field> {
  let fields = known.get(name);
  if (fields === undefined) {
    const properties = Object.entries(DEFINITIONS[name]?.properties ?? {});
    fields = new Map(
      properties.flatMap(([field, schema]): [string, Field][] => {
        const one = { name: field, canonical: canonicalOf(schema, `${name}.${field}`) };
        return [
          [field, one],
          [camelCase(field), one],
        ];
      }),
    );
    known.set(name, fields);
  }
  return fields;
}

const NUMBERED: ReadonlySet<object | undefined> = new Set(
  Object.keys(ENUM_NUMBERS).map((place) => {
    const [name = "", field = ""] = place.split(".");
    return DEFINITIONS[name]?.properties?.[field];
  }),
);

/** True of an enum whose numbers are not known here: whether a number is one of them cannot be told. */
export function hasUnknownNumbers(enumSchema: object): boolean {
  return !NUMBERED.has(enumSchema);
}

const entityMessage = message("Entity");

/**
 * The entity in its canonical spelling: the value itself where nothing changes. Pure and total: any JSON value
 * is taken, and none is changed.
 */
export function canonicalEntity(value: unknown): unknown {
  return entityMessage(value, 0);
}

/** True of a UDM entity, not of a raw record: it has an object `entity`, or both `entity` and `metadata`. */
export function isEntity(value: unknown): value is RawObject {
  if (!isObject(value) || !Object.hasOwn(value, "entity")) return false;
  return isComposite(value["entity"]) || Object.hasOwn(value, "metadata");
}

/** The entities of an import request's body; `undefined` when the value is not such a body. */
export function importedEntities(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined;
  for (const name of ["inline_source", "inlineSource"]) {
    if (!Object.hasOwn(value, name)) continue;
    const source = value[name];
    if (isObject(source) && Object.hasOwn(source, "entities") && Array.isArray(source["entities"])) {
      return source["entities"];
    }
  }
  if (!Object.hasOwn(value, "entities")) return undefined;
  const { entities } = value;
  return Array.isArray(entities) && entities.length > 0 && entities.every(isEntity) ? entities : undefined;
}

/** The entities that a value is: one entity, or those of an import request's body. `undefined` of anything else. */
export function entitiesOf(value: unknown): readonly unknown[] | undefined {
  return isEntity(value) ? [value] : importedEntities(value);
}

/** True of a document of UDM entities in any form; any other is raw. */
export function isUdm(document: unknown): boolean {
  const first: unknown = Array.isArray(document) ? document[0] : document;
  return entitiesOf(first) !== undefined;
}
