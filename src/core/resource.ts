/** Which Duo resource a record is of. A profile chooses its table by it; the vendor's has one for all. */

import { isObject, present, type RawObject } from "./scalar.ts";

export const RESOURCES = [
  "users",
  "groups",
  "phones",
  "endpoints",
  "tokens",
  "webauthncredentials",
  "desktop_authenticators",
] as const;

export type Resource = (typeof RESOURCES)[number];

/** The field that identifies a record of each resource. */
export const IDENTIFYING_KEY: { readonly [R in Resource]: string } = {
  users: "user_id",
  groups: "group_id",
  phones: "phone_id",
  endpoints: "epkey",
  tokens: "token_id",
  webauthncredentials: "webauthnkey",
  desktop_authenticators: "dakey",
};

const PAGE_NAME = /(?:^|[/\\])duo-([a-z_]+)-\d+(?:\.[^/\\]*)?$/;

/** The resource that a page's name tells (`duo-<resource>-<n>`, whatever its ending). */
export function resourceOfName(name: string): Resource | "unknown" {
  const [, named] = PAGE_NAME.exec(name) ?? [];
  return RESOURCES.find((resource) => resource === named) ?? "unknown";
}

function hasPresent(record: RawObject, field: string): boolean {
  return Object.hasOwn(record, field) && present(record[field]) !== undefined;
}

/** True when the record has the identifying key of the resource; of an unknown one, any resource's. */
export function hasKeyOf(record: RawObject, resource: Resource | "unknown"): boolean {
  const keys = resource === "unknown" ? Object.values(IDENTIFYING_KEY) : [IDENTIFYING_KEY[resource]];
  return keys.some((key) => hasPresent(record, key));
}

const KEYS = RESOURCES.map((resource) => ({ resource, key: IDENTIFYING_KEY[resource] }));

/** The resource of a record by its first identifying key that is present, in Duo's order. */
export function resourceOfRecord(record: RawObject): Resource | "unknown" {
  for (let i = 0; i < KEYS.length; i++) {
    const known = KEYS[i];
    if (known !== undefined && hasPresent(record, known.key)) return known.resource;
  }
  return "unknown";
}

/** The resource that a page's name tells, else the one of its first object. */
export function resourceOf(name: string, records: readonly unknown[]): Resource | "unknown" {
  const named = resourceOfName(name);
  if (named !== "unknown") return named;
  const first = records.find(isObject);
  return first === undefined ? "unknown" : resourceOfRecord(first);
}
