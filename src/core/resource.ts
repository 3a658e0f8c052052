/** Which Duo resource a page holds. Nothing in the mapping depends on it. */

import { isComposite } from "./scalar.ts";

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

const PAGE_NAME = /(?:^|[/\\])duo-([a-z_]+)-\d+\.(?:json|ndjson|jsonl)(?:\.gz)?$/;

/** The resource by the page's name (`duo-<resource>-<n>.json`), else by its records' identifying key. */
export function resourceOf(name: string, records: readonly unknown[]): Resource | "unknown" {
  const [, named] = PAGE_NAME.exec(name) ?? [];
  const byName = RESOURCES.find((resource) => resource === named);
  if (byName !== undefined) return byName;
  const first = records.find((record) => isComposite(record));
  const byKey = RESOURCES.find(
    (resource) => first !== undefined && Object.hasOwn(first, IDENTIFYING_KEY[resource]),
  );
  return byKey ?? "unknown";
}
