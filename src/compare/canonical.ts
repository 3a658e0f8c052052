/**
 * The form in which two entities are compared: every value at its path, and nothing that is absent, empty or a
 * default. The entities come in one spelling (`canonicalEntity`).
 */

import { createHash } from "node:crypto";
import { isComposite, isObject, ownField, type RawObject, type Scalar } from "../core/scalar.ts";
import { UDM_ENTITY_SCHEMA, type UdmSchema } from "../preflight/schemas/udm-entity.schema.ts";
import { ANY, isName } from "../text/names.ts";

/** The values of an entity at one path. A list has several. */
export interface Leaf {
  /** The path without indexes. */
  readonly path: string;
  /** The key, where the values are those of a label. */
  readonly label: string | undefined;
  /** The path of the first value, with indexes. */
  readonly at: string;
  readonly values: Scalar[];
  /** Where in its lists each value stands. */
  readonly positions: string[];
}

/** An entity in canonical form: its leaves by {@link leafId}. */
export type Flat = Map<string, Leaf>;

export function leafId(path: string, label: string | undefined): string {
  return label === undefined ? path : `${path}\u0000${label}`;
}

/** The schema's reference to a label. */
const LABEL = "#/$defs/Label";
const INTEGER_64 = "^-?\\d+$";
const ENTITY: UdmSchema = { $ref: UDM_ENTITY_SCHEMA.$ref ?? "" };
const MESSAGES: ReadonlyMap<string, UdmSchema> = new Map(Object.entries(UDM_ENTITY_SCHEMA.$defs));

/** Deeper than any entity that an import takes; what is below is passed over. */
const DEEPEST = 100;

/** A place of an entity, known from the schema and made when first seen. */
interface SchemaPlace {
  readonly path: string;
  readonly name: string;
  readonly schema: UdmSchema | undefined;
  /** The text that stands for none: the first value of an enum, or a number's zero. */
  readonly none: string;
  readonly isLabels: boolean;
  readonly isTopRelations: boolean;
  readonly isCollectionTime: boolean;
  readonly fields: Map<string, SchemaPlace>;
}

/** The schema itself, where another one names it. */
function resolved(schema: UdmSchema | undefined): UdmSchema | undefined {
  if (schema?.$ref === undefined) return schema;
  return MESSAGES.get(schema.$ref.slice("#/$defs/".length));
}

function placeBelow(above: string, name: string, schema: UdmSchema | undefined): SchemaPlace {
  const path = above === "" ? name : `${above}.${name}`;
  const element = schema?.items ?? schema;
  return {
    path,
    name,
    schema: resolved(element),
    none: element?.enum?.[0] ?? (element?.pattern === INTEGER_64 ? "0" : ""),
    isLabels: element?.$ref === LABEL && schema?.items !== undefined,
    isTopRelations: path === "relations",
    isCollectionTime: path === "metadata.collected_timestamp",
    fields: new Map(),
  };
}

/** The place of a field. A name that the schema does not know and that does not look like one may be someone's data. */
function fieldOf(above: SchemaPlace, name: string): SchemaPlace {
  const known = above.fields.get(name);
  if (known !== undefined) return known;
  const properties = above.schema?.properties;
  const schema = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  const shown = schema !== undefined || isName(name, true) ? name : ANY;
  const made = placeBelow(above.path, shown, schema);
  // There may be any number of names that the schema does not know.
  if (schema !== undefined) above.fields.set(name, made);
  return made;
}

const TOP = placeBelow("", "", ENTITY);

/** One walk over an entity. */
class Walk {
  readonly flat: Flat = new Map();
  readonly #withTimestamps: boolean;
  #depth = 0;

  constructor(withTimestamps: boolean) {
    this.#withTimestamps = withTimestamps;
  }

  #add({ path }: SchemaPlace, value: Scalar, at: string, position: string, label: string | undefined): true {
    const id = leafId(path, label);
    const leaf = this.flat.get(id);
    if (leaf === undefined) this.flat.set(id, { path, label, at, values: [value], positions: [position] });
    else {
      leaf.values.push(value);
      leaf.positions.push(position);
    }
    return true;
  }

  /** @returns whether the value says anything */
  value(value: unknown, here: SchemaPlace, at: string, position: string, label: string | undefined): boolean {
    if (typeof value === "string") {
      return value !== "" && value !== here.none && this.#add(here, value, at, position, label);
    }
    if (typeof value === "number" || typeof value === "boolean") {
      return value !== 0 && value !== false && this.#add(here, value, at, position, label);
    }
    if (!isComposite(value) || this.#depth >= DEEPEST) return false;
    this.#depth++;
    const isAny = Array.isArray(value)
      ? this.#list(value, here, at, position, label)
      : this.#object(value, here, at, position, label);
    this.#depth--;
    return isAny;
  }

  #list(
    list: readonly unknown[],
    here: SchemaPlace,
    at: string,
    position: string,
    label: string | undefined,
  ): boolean {
    let index = 0;
    for (let next = 0; next < list.length; next++) {
      const element = list[next];
      // A list of plain values is one place.
      const below = isComposite(element) ? `${at}[${next}]` : at;
      let isAny: boolean;
      if (here.isLabels && isObject(element)) isAny = this.#label(element, here, below, position);
      else {
        // The first relation is the only one in most entities: its values compare with those of the primary noun.
        const isFirst = here.isTopRelations && index === 0;
        isAny = this.value(element, here, below, isFirst ? position : `${position}/${index}`, label);
      }
      if (isAny) index++;
    }
    return index > 0;
  }

  /** A label's values stand at its key, wherever in the list it is. */
  #label(element: RawObject, here: SchemaPlace, at: string, position: string): boolean {
    const key = ownField(element, "key");
    return this.#object(element, here, at, position, typeof key === "string" ? key : "");
  }

  #object(
    object: RawObject,
    here: SchemaPlace,
    at: string,
    position: string,
    label: string | undefined,
  ): boolean {
    let isAny = false;
    let masked: string[] | undefined;
    for (const name of Object.keys(object)) {
      const below = fieldOf(here, name);
      if (below.name !== name) {
        masked ??= [];
        masked.push(name);
        continue;
      }
      if (below.isCollectionTime && !this.#withTimestamps) continue;
      if (here.isLabels && label !== undefined && name === "key") continue;
      if (this.value(object[name], below, at === "" ? name : `${at}.${name}`, position, label)) isAny = true;
    }
    // The values of masked names all stand at one path: their order and their positions say whose they are.
    for (const name of masked?.sort() ?? []) {
      const below = fieldOf(here, name);
      // A name may be of any length, and stands in the position of each value below it.
      const own = createHash("sha256").update(`${position}.${name}`).digest("base64url");
      if (this.value(object[name], below, at === "" ? below.name : `${at}.${below.name}`, own, label))
        isAny = true;
    }
    return isAny;
  }
}

/** The canonical form of an entity; `collected_timestamp` is a part of it when it is asked for. */
export function flatten(entity: unknown, withTimestamps: boolean): Flat {
  const walk = new Walk(withTimestamps);
  walk.value(entity, TOP, "", "", undefined);
  return walk.flat;
}

/** Whether two entities are the same as they are written, the collection time apart unless it counts. */
export function isSameAsWritten(
  a: unknown,
  b: unknown,
  withTimestamps: boolean,
  here = TOP,
  depth = 0,
): boolean {
  if (a === b) return true;
  if (depth > DEEPEST || !isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b))
    return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++)
      if (!isSameAsWritten(a[at], b[at], withTimestamps, here, depth + 1)) return false;
    return true;
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(b, name)) return false;
    const below = fieldOf(here, name);
    if (below.isCollectionTime && !withTimestamps) continue;
    if (!isSameAsWritten(a[name], b[name], withTimestamps, below, depth + 1)) return false;
  }
  return true;
}

const sameValue = (a: Leaf, b: Leaf, at: number): boolean =>
  a.values[at] === b.values[at] && a.positions[at] === b.positions[at];

export function isSame(a: Leaf, b: Leaf): boolean {
  if (a.values.length !== b.values.length) return false;
  for (let at = 0; at < a.values.length; at++) if (!sameValue(a, b, at)) return false;
  return true;
}

const folded = <T extends Scalar | undefined>(value: T) =>
  typeof value === "string" ? value.toLowerCase() : value;

export function isSameIgnoringCase(a: Leaf, b: Leaf): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every(
      (value, at) => folded(value) === folded(b.values[at]) && a.positions[at] === b.positions[at],
    )
  );
}

/** Whether all values of one leaf are among those of another. */
export function isPartOf(part: Leaf, whole: Leaf, ignoresCase = false): boolean {
  const form = ignoresCase ? folded : (value: Scalar): Scalar => value;
  const values = new Set(whole.values.map(form));
  return part.values.every((value) => values.has(form(value)));
}
