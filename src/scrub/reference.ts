/** What the reference knows of the place where a value stands, and so what becomes of the value. */

import { RESOURCES, type Resource } from "../core/resource.ts";
import { RESOURCE_SCHEMAS } from "../preflight/schemas/resources.schema.ts";
import { type FieldClass, fieldClass } from "./fields.ts";

/**
 * What becomes of a value: as the class of its field says, as one that is not in the reference (which is replaced),
 * or kept because the user names it.
 */
export type Treatment = Exclude<FieldClass, "holder"> | "unknown" | "kept";

/** A schema of the reference, as far as it says which fields there are. */
interface Reference {
  readonly properties?: { readonly [field: string]: Reference };
  readonly items?: Reference;
  readonly enum?: readonly unknown[];
}

/** Where a value stands. */
export interface FieldPlace {
  /** The path without indexes. */
  readonly path: string;
  readonly treatment: Treatment;
  readonly reference: Reference | undefined;
}

const RECORDS: { readonly [R in Resource]: Reference } = RESOURCE_SCHEMAS;

const ENVELOPE: Reference = {
  properties: {
    stat: {},
    response: {},
    timestamp: {},
    code: {},
    message: {},
    message_detail: {},
    metadata: { properties: { next_offset: {}, prev_offset: {}, total_objects: {} } },
  },
};

/** Every field of the reference, for records of an unknown resource. */
const ANY_RECORD: Reference = {
  properties: Object.assign({}, ...RESOURCES.map((resource) => RECORDS[resource].properties ?? {})),
};

/** What the objects and lists of a name hold, in any resource of the reference. */
const HELD: ReadonlyMap<string, Reference> = new Map(
  RESOURCES.flatMap((resource) =>
    Object.entries(RECORDS[resource].properties ?? {}).filter(
      ([name, { properties, items }]) => fieldClass(name) === "holder" && (properties ?? items) !== undefined,
    ),
  ),
);

export const envelopePlace: FieldPlace = { path: "", treatment: "unknown", reference: ENVELOPE };

export function recordPlace(resource: Resource | "unknown"): FieldPlace {
  const reference = resource === "unknown" ? ANY_RECORD : RECORDS[resource];
  return { path: "", treatment: "unknown", reference };
}

function fieldOf(reference: Reference | undefined, name: string): Reference | undefined {
  const properties = reference?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The place of a field of the object at a place. `shown` is its name as the path may show it. */
export function fieldPlace(
  place: FieldPlace,
  name: string,
  shown: string,
  keep: ReadonlySet<string>,
): FieldPlace {
  const path = place.path === "" ? shown : `${place.path}.${shown}`;
  const reference = fieldOf(place.reference, name);
  if (place.treatment === "kept" || keep.has(name) || keep.has(path)) {
    return { path, treatment: "kept", reference: undefined };
  }
  const known = reference === undefined ? undefined : fieldClass(name);
  if (known === undefined) return { path, treatment: "unknown", reference: undefined };
  if (known !== "holder") return { path, treatment: known, reference };
  const isShown = reference?.properties !== undefined || reference?.items !== undefined;
  return { path, treatment: "unknown", reference: isShown ? reference : HELD.get(name) };
}

/** The place of the elements of a list at a place. */
export function elementPlace({ path, treatment, reference }: FieldPlace): FieldPlace {
  // What the reference has as an object may also come as a list of them, and the other way round.
  return { path: `${path}[]`, treatment, reference: reference?.items ?? reference };
}

/** The place of an object at a place: only holders have fields that the reference knows. */
export function objectPlace(place: FieldPlace): FieldPlace {
  const reference = place.reference?.items ?? place.reference;
  return place.treatment === "kept" ? place : { ...place, treatment: "unknown", reference };
}

/** Whether a value is one of those that the reference lists for its place. */
export function isListed(value: string, { reference }: FieldPlace): boolean {
  const text = value.trim().toLowerCase();
  return (reference?.enum ?? []).some((one) => typeof one === "string" && one.toLowerCase() === text);
}
