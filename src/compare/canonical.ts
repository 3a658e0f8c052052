/**
 * The form in which two entities are compared: every value at its path, and nothing that is absent, empty or a
 * default. The entities come in one spelling (`canonicalEntity`).
 */

import { isComposite, ownField, type RawObject } from "../core/scalar.ts";
import { UDM_ENTITY_SCHEMA, type UdmSchema } from "../preflight/schemas/udm-entity.schema.ts";

type Value = string | number | boolean;

/** The values of an entity at one path. A list has several. */
export interface Leaf {
  /** The path without indexes. */
  readonly path: string;
  /** The key, where the values are those of a label. */
  readonly label: string | undefined;
  /** The path of the first value, with indexes. */
  readonly at: string;
  readonly values: Value[];
  /** Where in its lists each value stands. */
  readonly positions: string[];
}

/** An entity in canonical form: its leaves by {@link leafId}. */
export type Flat = Map<string, Leaf>;

export function leafId(path: string, label: string | undefined): string {
  return label === undefined ? path : `${path}\u0000${label}`;
}

const COLLECTED = "metadata.collected_timestamp";
const INTEGER_64 = "^-?\\d+$";

/** The schema's reference to a label. */
const LABEL = "#/$defs/Label";
const ENTITY: UdmSchema = { $ref: UDM_ENTITY_SCHEMA.$ref ?? "" };
const MESSAGES: ReadonlyMap<string, UdmSchema> = new Map(Object.entries(UDM_ENTITY_SCHEMA.$defs));

/** The schema itself, where another one names it. */
function resolved(schema: UdmSchema | undefined): UdmSchema | undefined {
  if (schema?.$ref === undefined) return schema;
  return MESSAGES.get(schema.$ref.slice("#/$defs/".length));
}

function fieldOf({ properties }: UdmSchema, name: string): UdmSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

const SNAKE_CASE = /^[a-z][a-z0-9_]*$/;

/** A name that does not look like a field's may be someone's data. */
const fieldName = (name: string): string => (SNAKE_CASE.test(name) ? name : "*");

interface Walk {
  readonly flat: Flat;
  readonly withTimestamps: boolean;
}

interface Where {
  readonly path: string;
  readonly at: string;
  readonly position: string;
  readonly label: string | undefined;
}

function add({ flat }: Walk, { path, at, position, label }: Where, value: Value): void {
  const id = leafId(path, label);
  const leaf = flat.get(id);
  if (leaf === undefined) flat.set(id, { path, label, at, values: [value], positions: [position] });
  else {
    leaf.values.push(value);
    leaf.positions.push(position);
  }
}

/** The first value of an enum stands for none, as an empty text does. */
function saysNothing(text: string, schema: UdmSchema | undefined): boolean {
  return text === "" || schema?.enum?.[0] === text || (text === "0" && schema?.pattern === INTEGER_64);
}

/** @returns whether the value holds anything */
function visit(walk: Walk, value: unknown, schema: UdmSchema | undefined, where: Where): boolean {
  if (typeof value === "string") {
    if (saysNothing(value, schema)) return false;
    add(walk, where, value);
    return true;
  }
  if (typeof value === "number" || typeof value === "boolean") {
    if (value === 0 || value === false) return false;
    add(walk, where, value);
    return true;
  }
  if (!isComposite(value)) return false;
  if (Array.isArray(value)) return visitList(walk, value, schema?.items, where);
  return visitObject(walk, value, resolved(schema), where);
}

function visitList(
  walk: Walk,
  list: readonly unknown[],
  schema: UdmSchema | undefined,
  where: Where,
): boolean {
  const isLabels = schema?.$ref === LABEL;
  let index = 0;
  for (const [at, element] of list.entries()) {
    // A list of plain values is one place.
    const here = isComposite(element) ? `${where.at}[${at}]` : where.at;
    const place = { ...where, at: here, position: positionIn(where, index) };
    if (isLabels && isComposite(element) && !Array.isArray(element)) {
      if (visitLabel(walk, element, { ...where, at: place.at })) index++;
    } else if (visit(walk, element, schema, place)) index++;
  }
  return index > 0;
}

/** The first relation is the only one in most entities: its values compare with those of the primary noun. */
function positionIn({ path, position }: Where, index: number): string {
  return path === "relations" && index === 0 ? "" : `${position}/${index}`;
}

/** A label's values stand at its key, wherever in the list it is. */
function visitLabel(walk: Walk, element: RawObject, where: Where): boolean {
  const key = ownField(element, "key");
  const label = typeof key === "string" ? key : "";
  let isAny = false;
  for (const [name, value] of Object.entries(element)) {
    if (name === "key") continue;
    const field = fieldName(name);
    const place = { ...where, path: `${where.path}.${field}`, at: `${where.at}.${field}`, label };
    if (visit(walk, value, undefined, place)) isAny = true;
  }
  return isAny;
}

function visitObject(walk: Walk, object: RawObject, schema: UdmSchema | undefined, where: Where): boolean {
  let isAny = false;
  for (const [name, value] of Object.entries(object)) {
    const field = fieldName(name);
    const path = where.path === "" ? field : `${where.path}.${field}`;
    if (path === COLLECTED && !walk.withTimestamps) continue;
    const at = where.at === "" ? field : `${where.at}.${field}`;
    const below = schema === undefined ? undefined : fieldOf(schema, field);
    if (visit(walk, value, below, { ...where, path, at })) isAny = true;
  }
  return isAny;
}

/** The canonical form of an entity; `collected_timestamp` is a part of it when it is asked for. */
export function flatten(entity: unknown, withTimestamps: boolean): Flat {
  const flat: Flat = new Map();
  const top = { path: "", at: "", position: "", label: undefined };
  visit({ flat, withTimestamps }, entity, ENTITY, top);
  return flat;
}

const sameValue = (a: Leaf, b: Leaf, at: number): boolean =>
  a.values[at] === b.values[at] && a.positions[at] === b.positions[at];

export function isSame(a: Leaf, b: Leaf): boolean {
  if (a.values.length !== b.values.length) return false;
  for (let at = 0; at < a.values.length; at++) if (!sameValue(a, b, at)) return false;
  return true;
}

const folded = (value: Value | undefined): Value | undefined =>
  typeof value === "string" ? value.toLowerCase() : value;

export function isSameIgnoringCase(a: Leaf, b: Leaf): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every(
      (value, at) => folded(value) === folded(b.values[at]) && a.positions[at] === b.positions[at],
    )
  );
}
