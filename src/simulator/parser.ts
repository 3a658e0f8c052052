/** A parser of Duo's logs as a tenant may have it: ours, with differences that are chosen. */

import { mapPage } from "../core/map-page.ts";
import { isComposite, isObject } from "../core/scalar.ts";

/** What the parser may do differently from our mapping. */
export const DIFFERENCES = [
  /** The owner stands in the primary noun. */
  "owner=noun",
  /** The owner stands in the primary noun too. */
  "owner=both",
  /** A page is not opened: its records make nothing. */
  "response=closed",
  /** The owner is the last of a record's users. */
  "first_user",
  /** Host names are in upper case. */
  "case",
  /** The type is written only where Duo says one. */
  "default_type",
  /** The deployment status is written only where Duo says one. */
  "default_status",
] as const;
export type ParserDifference = (typeof DIFFERENCES)[number];

/** Reads the names of differences; undefined when one is not known. */
export function parseDifferences(names: readonly string[]): ParserDifference[] | undefined {
  const known = names.map((name) => DIFFERENCES.find((one) => one === name));
  return known.some((one) => one === undefined) ? undefined : known.filter((one) => one !== undefined);
}

interface Changing {
  entity: { asset: Record<string, unknown>; user?: unknown };
  relations?: { entity: { user: unknown } }[];
}

const isSaid = (record: unknown, field: string): boolean =>
  isObject(record) && Object.hasOwn(record, field) && record[field] !== "" && record[field] !== null;

function change(entity: Changing, record: unknown, differences: ReadonlySet<ParserDifference>): void {
  const { asset } = entity.entity;
  const user = entity.relations?.[0]?.entity.user;
  if (user !== undefined && (differences.has("owner=noun") || differences.has("owner=both"))) {
    entity.entity.user = user;
    if (differences.has("owner=noun")) delete entity.relations;
  }
  const { hostname } = asset;
  if (differences.has("case") && typeof hostname === "string") asset["hostname"] = hostname.toUpperCase();
  if (differences.has("default_type") && !isSaid(record, "type")) delete asset["type"];
  if (differences.has("default_status") && !isSaid(record, "activated")) delete asset["deployment_status"];
}

/** The record as it reads when its last user is the first. */
function withLastUser(record: unknown): unknown {
  if (!isObject(record)) return record;
  const { users } = record;
  return Array.isArray(users) ? { ...record, users: users.slice(-1) } : record;
}

/** A message as proto JSON writes it: field names in lowerCamelCase. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (!isComposite(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(field),
    ]),
  );
}

/** The entities that the parser makes of a log. */
export function parseLog(log: string, chosen: readonly ParserDifference[], collectedAt: string): unknown[] {
  const differences = new Set(chosen);
  const document: unknown = JSON.parse(log);
  const isClosed =
    differences.has("response=closed") && isObject(document) && Object.hasOwn(document, "response");
  const records = isClosed ? [{ ...document, response: [] }] : recordsOf(document);
  return records.flatMap((record) => {
    const read = differences.has("first_user") ? withLastUser(record) : record;
    const entities: Changing[] = JSON.parse(JSON.stringify(mapPage(read, { collectedAt }).entities));
    for (const entity of entities) change(entity, record, differences);
    return entities.map(camelCase);
  });
}

/** The records of a page, and a record itself. */
function recordsOf(document: unknown): readonly unknown[] {
  const list: unknown =
    isObject(document) && Object.hasOwn(document, "response") ? document["response"] : document;
  return Array.isArray(list) ? list : [list];
}
