/**
 * A baseline: the raw fields of each resource and their types, and nothing that changes from hour to hour, so
 * that it can live in a repository. Drift is how the fields of today differ from it.
 */

import stableStringify from "fast-json-stable-stringify";
import type { Profile } from "../core/profile.ts";
import { RESOURCES, type Resource } from "../core/resource.ts";
import { isObject } from "../core/scalar.ts";
import { type Coverage, rowReading } from "./coverage.ts";
import { holderOf, JSON_TYPES, type JsonType } from "./fields.ts";

interface BaselineField {
  readonly path: string;
  readonly types: readonly JsonType[];
}

interface BaselineResource {
  readonly resource: string;
  readonly fields: readonly BaselineField[];
}

export interface Baseline {
  readonly version: 1;
  readonly resources: readonly BaselineResource[];
}

/** One difference: `was` are the types of the baseline, `types` those of today. */
export interface Drift {
  readonly resource: string;
  readonly path: string;
  readonly change: "new" | "vanished" | "retyped";
  readonly types: readonly JsonType[];
  readonly was: readonly JsonType[];
  /** The log field of the row that reads the field, if one does. */
  readonly row?: string;
}

/** What of a coverage stays the same as long as Duo's fields do. A resource without records has no part in it. */
export function baselineOf({ resources }: Coverage): Baseline {
  const known = resources
    .filter(({ fields }) => fields.length > 0)
    .map(({ resource, fields }) => ({
      resource,
      fields: fields.map(({ path, types }) => ({
        path,
        types: JSON_TYPES.filter((type) => types[type] !== undefined),
      })),
    }));
  return { version: 1, resources: known.sort((a, b) => (a.resource < b.resource ? -1 : 1)) };
}

/** The baseline as canonical JSON, keys in order, one line per field, so that small changes give small diffs. */
export function printBaseline({ version, resources }: Baseline): string {
  const printed = resources.map(({ resource, fields }) => {
    const lines = fields.map((field) => `    ${stableStringify(field)}`).join(",\n");
    return `  {"fields":[\n${lines}\n  ],"resource":${JSON.stringify(resource)}}`;
  });
  return `{"resources":[\n${printed.join(",\n")}\n],"version":${version}}\n`;
}

const isType = (value: unknown): value is JsonType => JSON_TYPES.some((type) => type === value);

function isField(value: unknown): value is BaselineField {
  if (!isObject(value)) return false;
  const { path, types } = value;
  return typeof path === "string" && Array.isArray(types) && types.every(isType);
}

function isResource(value: unknown): value is BaselineResource {
  if (!isObject(value)) return false;
  const { resource, fields } = value;
  return typeof resource === "string" && Array.isArray(fields) && fields.every(isField);
}

/** Reads a baseline; `undefined` when the text is not a baseline. */
export function parseBaseline(text: string): Baseline | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== 1) return undefined;
  const { resources } = value;
  return Array.isArray(resources) && resources.every(isResource) ? { version: 1, resources } : undefined;
}

/** True of the elements of a list, which are not a field of their own: a list may be empty today. */
const isElements = (path: string): boolean => path.endsWith("[]");

/** True when a field could have been seen: the record, or an object at the path of its holder, was. */
function hasHolder(path: string, today: ReadonlyMap<string, BaselineField>): boolean {
  const holder = holderOf(path);
  return holder === "" || today.get(holder)?.types.includes("object") === true;
}

/** True when a field has a type that it did not have. Null is the absence of a value, not a type. */
function isRetyped(types: readonly JsonType[], was: readonly JsonType[]): boolean {
  return was.some((type) => type !== "null") && types.some((type) => type !== "null" && !was.includes(type));
}

/** A baseline with the resources, fields and types of both. */
export function addToBaseline(baseline: Baseline, more: Baseline): Baseline {
  const resources = new Map(baseline.resources.map(({ resource, fields }) => [resource, fields]));
  for (const { resource, fields } of more.resources) {
    const known = new Map((resources.get(resource) ?? []).map(({ path, types }) => [path, types]));
    for (const { path, types } of fields) {
      const all = [...(known.get(path) ?? []), ...types];
      known.set(
        path,
        JSON_TYPES.filter((type) => all.includes(type)),
      );
    }
    const merged = Array.from(known, ([path, types]) => ({ path, types }));
    resources.set(
      resource,
      merged.sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  }
  const all = Array.from(resources, ([resource, fields]) => ({ resource, fields }));
  return { version: 1, resources: all.sort((a, b) => (a.resource < b.resource ? -1 : 1)) };
}

/** A resource by its name in a baseline, which may be that of another version. */
function resourceNamed(name: string): Resource | "unknown" {
  return RESOURCES.find((resource) => resource === name) ?? "unknown";
}

/**
 * How today's fields differ from a baseline. A field has vanished when its resource is there and the field is
 * not; one below an object or a list counts only while there is such an object. Resources that the input
 * does not hold say nothing. Fields that a row reads come first.
 */
export function driftOf(was: Baseline, { resources }: Baseline, profile?: Profile): Drift[] {
  const drift: Drift[] = [];
  for (const { resource, fields } of resources) {
    const before = was.resources.find((other) => other.resource === resource)?.fields ?? [];
    const known = new Map(before.map((field) => [field.path, field]));
    const today = new Map(fields.map((field) => [field.path, field]));
    for (const { path, types } of fields) {
      const old = known.get(path);
      if (old === undefined) {
        if (!isElements(path)) drift.push({ resource, path, change: "new", types, was: [] });
      } else if (isRetyped(types, old.types)) {
        drift.push({ resource, path, change: "retyped", types, was: old.types });
      }
    }
    for (const { path, types } of before) {
      if (today.has(path) || isElements(path) || !hasHolder(path, today)) continue;
      drift.push({ resource, path, change: "vanished", types: [], was: types });
    }
  }
  const named = drift.map((one): Drift => {
    const row = rowReading(one.path, resourceNamed(one.resource), profile);
    return row === undefined ? one : { ...one, row };
  });
  return [...named.filter(({ row }) => row !== undefined), ...named.filter(({ row }) => row === undefined)];
}
