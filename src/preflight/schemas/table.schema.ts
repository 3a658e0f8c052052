/**
 * What the mapping table can use of a raw record, whatever the resource. Derived from the table: a field is
 * here because a row reads it, and may be what some rule that reads it takes. Null, blank and absent always pass.
 */

import { PLAN, type Read, type ReadGroup } from "../../core/plan.ts";
import type { Rule } from "../../core/row.ts";

/** A schema, in the keywords used for raw records. */
export interface RawSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | boolean | null)[];
  readonly pattern?: string;
  readonly items?: RawSchema;
  readonly prefixItems?: readonly RawSchema[];
  readonly properties?: { readonly [field: string]: RawSchema };
  readonly additionalProperties?: false;
}

/** A string that says nothing, where the schema asks for something other than a string. */
export const BLANK = "^\\s*$";

/** The JSON types that each rule can make something of. */
const USABLE: { readonly [K in Rule["kind"]]: readonly string[] } = {
  copy: ["string", "number", "boolean"],
  lower_case: ["string", "number", "boolean"],
  deployment_status: ["string", "number", "boolean"],
  asset_type: ["string", "number", "boolean"],
  platform: ["string", "number", "boolean"],
  local_part: ["string", "number", "boolean"],
  timestamp: ["string", "number"],
  iso8601: ["string"],
  address: ["string"],
  constant: [],
};

function scalarSchema(read: Read): RawSchema {
  const readers = PLAN.rows.filter(({ alternatives }) => alternatives.flat().includes(read));
  return { type: [...new Set(readers.flatMap(({ row }) => USABLE[row.rule.kind])), "null"] };
}

function fieldsOf(reads: readonly Read[]): { [field: string]: RawSchema } {
  return Object.fromEntries(reads.map((read) => [read.field, scalarSchema(read)]));
}

/** The raw field of a group and what it may be: one object of an array, or each, a bare object counting as one. */
function groupSchema({ container, of, reads }: ReadGroup): { [field: string]: RawSchema } {
  const properties = fieldsOf(reads);
  if (container === undefined) return properties;
  const element: RawSchema = { type: ["object", "null"], properties };
  const schema: RawSchema =
    of === "first"
      ? { type: ["array", "null", "string"], pattern: BLANK, prefixItems: [element] }
      : { type: ["array", "object", "null", "string"], pattern: BLANK, properties, items: element };
  return { [container]: schema };
}

export const TABLE_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:duo-udm:table",
  title: "A raw record, as the mapping table reads it",
  type: "object",
  properties: Object.fromEntries(PLAN.groups.flatMap((group) => Object.entries(groupSchema(group)))),
} as const;

/**
 * The raw paths that the table reads, and the row whose log field each is. List indexes are left out, save that
 * of a first element: `users[0].email`.
 */
export const READ_PATHS: ReadonlyMap<string, string> = new Map(
  PLAN.groups.flatMap(({ container, of, reads }): [string, string][] => {
    const fields = reads.map(({ field, row }): [string, string] => [field, row]);
    if (container === undefined) return fields;
    const row = reads[0]?.row ?? "";
    const places = of === "first" ? [`${container}[0]`] : [container, `${container}[]`];
    return [
      ...[container, ...places].map((place): [string, string] => [place, row]),
      ...places.flatMap((place) =>
        fields.map(([field, own]): [string, string] => [`${place}.${field}`, own]),
      ),
    ];
  }),
);

/** The fields of a record that identify its entity; each is the log field of a row. */
export const IDENTITY_FIELDS: readonly string[] = PLAN.identity.flatMap(
  (index) => PLAN.rows[index]?.row.log_field ?? [],
);
