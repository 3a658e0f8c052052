/** The labels whose values can be shown, as they tell nobody from anybody else. */

import type { Profile, Row } from "../core/profile.ts";
import { RESOURCES, type Resource } from "../core/resource.ts";
import type { RawSchema } from "../preflight/schemas/raw-schema.ts";
import { RESOURCE_SCHEMAS } from "../preflight/schemas/resources.schema.ts";
import { titleOfLabel } from "./values.ts";

/** Whether a value is one that the Duo reference lists, or a number of things. */
export type IsListed = (value: string) => boolean;

const LABEL = /^entity\.\w+\.attribute\.labels\.key: "([^"]*)"/;

/** The values that the Duo reference lists for a field; of an unknown resource, for the field of any. */
function listedValues(resource: Resource | "unknown", field: string): ReadonlySet<string> {
  const values = (resource === "unknown" ? RESOURCES : [resource]).flatMap((one) => {
    const properties: { readonly [field: string]: RawSchema } = RESOURCE_SCHEMAS[one].properties;
    const schema = Object.hasOwn(properties, field) ? properties[field] : undefined;
    return schema?.enum ?? schema?.items?.enum ?? [];
  });
  return new Set(
    values.filter((value) => value !== null && value !== "").map((value) => String(value).toLowerCase()),
  );
}

function isListedIn({ log_field, rule }: Row, resource: Resource | "unknown"): IsListed | undefined {
  if ("of" in rule && rule.of === "length") return (value) => /^\d{1,3}$/.test(value);
  const values = listedValues(resource, log_field.replace(/\[\]$/, ""));
  return values.size === 0 ? undefined : (value) => values.has(value.toLowerCase());
}

/** The labels of a resource's entities that hold one of a few listed values, by the titles of their charts. */
export function listedLabels(
  { tables }: Profile,
  resource: Resource | "unknown",
): ReadonlyMap<string, IsListed> {
  const table = tables[resource];
  const labels = new Map<string, IsListed>();
  for (const row of typeof table === "string" ? [] : table.rows) {
    const [, key] = LABEL.exec(row.udm) ?? [];
    const isListed = key === undefined ? undefined : isListedIn(row, resource);
    if (key !== undefined && isListed !== undefined) labels.set(titleOfLabel(key), isListed);
  }
  return labels;
}
