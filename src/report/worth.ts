/**
 * What the fields that no row reads are worth to detection. The table of the enriched profile tells: a field is worth
 * what its place in an entity is worth.
 */

import type { Row, Table } from "../core/profile.ts";
import { RESOURCES, type Resource } from "../core/resource.ts";
import type { FieldCoverage, ResourceCoverage } from "../coverage/coverage.ts";
import { typesOf } from "../coverage/fields.ts";
import { ENRICHED } from "../profiles/enriched.ts";
import { LEFT_OUT } from "../profiles/left-out.ts";

/**
 * The kinds of places, the one of most worth first, and then why there is none.
 * - `identity`: rules join entities and events on it
 * - `relation`: who owns a device, and who is in a group
 * - `field`: rules read it by a name of its own
 * - `label`: rules find it among the labels
 * - `elsewhere`: the enriched profile reads it from the records of another resource
 * - `left_out`: the enriched profile leaves it out on purpose
 * - `empty`: no record has a value in it
 * - `unread`: no profile reads it
 */
const WORTHS = [
  "identity",
  "relation",
  "field",
  "label",
  "elsewhere",
  "left_out",
  "empty",
  "unread",
] as const;
export type Worth = (typeof WORTHS)[number];

/** A field that no row reads. */
export interface UnmappedField {
  readonly resource: Resource | "unknown";
  readonly path: string;
  readonly records: number;
  /** Of the resource's records that are objects. */
  readonly share: number;
  readonly worth: Worth;
  /** The UDM cell that could take it. */
  readonly udm?: string;
  /** The resource whose records the enriched profile reads it from. */
  readonly from?: Resource;
  /** Why the enriched profile leaves it out. */
  readonly why?: string;
}

function worthOf({ udm }: Row, { identity }: Table): Worth {
  if (identity.some((cell) => cell === udm)) return "identity";
  if (udm.startsWith("entity.relations")) return "relation";
  return udm.includes(".labels.key:") ? "label" : "field";
}

const rank = (worth: Worth): number => WORTHS.indexOf(worth);

/** The log fields that a row reads, its own first. */
function fieldsOf({ log_field, rule }: Row): readonly string[] {
  return rule.kind === "constant" ? [] : [log_field, ...(rule.or ?? []).flat()];
}

/** A place in an entity for a field. */
interface UdmPlace {
  readonly worth: Worth;
  readonly udm: string;
  /** Whether it names another entity, rather than saying something about it. */
  readonly isName: boolean;
  /** Whether the row counts what is in a list, so that an empty one says something too. */
  readonly counts: boolean;
}

const NAMES: ReadonlySet<string> = new Set(
  Object.values(ENRICHED.tables).flatMap((table) => (typeof table === "string" ? [] : table.identity)),
);

/** The best place that a table has for a raw path. The elements of a list and the list are one field. */
function placeIn(table: Table, path: string): UdmPlace | undefined {
  const places = table.rows
    .filter((row) => fieldsOf(row).some((field) => field === path || field === `${path}[]`))
    .map((row) => ({
      worth: worthOf(row, table),
      udm: row.udm,
      isName: NAMES.has(row.udm.replace(".relations.entity", "")),
      counts: "of" in row.rule && row.rule.of === "length",
    }));
  return places.sort((a, b) => rank(a.worth) - rank(b.worth))[0];
}

const tableOf = (resource: Resource): Table | undefined => {
  const table = ENRICHED.tables[resource];
  return typeof table === "string" ? undefined : table;
};

/** A field of a Duo object inside a record: the resource whose own record has it, and its path there. */
function nested(path: string): { resource: Resource; path: string } | undefined {
  const [, holder, inner] = /^([a-z_]+)(?:\[\])?\.(.+)$/s.exec(path) ?? [];
  const resource = RESOURCES.find((one) => one === holder || one === `${holder}s`);
  return resource === undefined || inner === undefined ? undefined : { resource, path: inner };
}

/** Where the enriched profile reads what a record says of another Duo object, or what others say of it. */
function elsewhere(resource: Resource, path: string): { udm: string; from: Resource } | undefined {
  const other = nested(path);
  const places = [
    ...(other === undefined ? [] : [{ from: other.resource, path: other.path }]),
    ...RESOURCES.map((from) => ({ from, path: `${resource}[].${path}` })),
  ];
  for (const { from, path } of places) {
    const table = tableOf(from);
    const place = table === undefined ? undefined : placeIn(table, path);
    if (place !== undefined) return { udm: place.udm, from };
  }
  return undefined;
}

const isWithin = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);

function whyLeftOut(resource: Resource, path: string): string | undefined {
  const other = nested(path);
  const places = [{ resource, path }, ...(other === undefined ? [] : [other])];
  return LEFT_OUT.find(({ resource, fields }) =>
    places.some((one) => one.resource === resource && fields.some((field) => isWithin(one.path, field))),
  )?.why;
}

/** True of a field that holds nothing: null, or a list or an object without anything in it. */
function isEmpty(field: FieldCoverage, paths: readonly string[]): boolean {
  const isNothing = typesOf(field).every((type) => type === "null" || type === "array" || type === "object");
  return isNothing && !paths.some((path) => path !== field.path && isWithin(path, field.path));
}

interface Ranked extends UnmappedField {
  readonly isName: boolean;
}

/** Where a field of a resource could go, or why it goes nowhere. */
function rankedField(
  resource: Resource | "unknown",
  field: FieldCoverage,
  objects: number,
  paths: readonly string[],
): Ranked {
  const { path, records } = field;
  const about = { resource, path, records, share: records / objects, isName: false };
  if (resource === "unknown") return { ...about, worth: isEmpty(field, paths) ? "empty" : "unread" };
  const table = tableOf(resource);
  const place = table === undefined ? undefined : placeIn(table, path);
  if (isEmpty(field, paths) && place?.counts !== true) return { ...about, worth: "empty" };
  if (place !== undefined) {
    const { worth, udm, isName } = place;
    return { ...about, worth, udm, isName };
  }
  const why = whyLeftOut(resource, path);
  if (why !== undefined) return { ...about, worth: "left_out", why };
  const other = elsewhere(resource, path);
  return other === undefined ? { ...about, worth: "unread" } : { ...about, worth: "elsewhere", ...other };
}

function ofResource({ resource, records, skipped, unmapped, fields }: ResourceCoverage): Ranked[] {
  const paths = fields.map(({ path }) => path);
  const isHolder = (path: string): boolean =>
    unmapped.some((other) => other.path !== path && isWithin(other.path, path));
  return unmapped
    .map((field) => rankedField(resource, field, records - skipped.RECORD_NOT_OBJECT, paths))
    .filter(({ path, udm }) => udm !== undefined || !isHolder(path));
}

/**
 * The fields that no row reads: those of most worth first, and of equal worth those that most records have. What holds
 * other fields is none itself, unless it can be counted.
 */
export function unmappedFields(resources: readonly ResourceCoverage[]): UnmappedField[] {
  return resources
    .flatMap(ofResource)
    .sort(
      (a, b) => rank(a.worth) - rank(b.worth) || Number(b.isName) - Number(a.isName) || b.records - a.records,
    );
}
