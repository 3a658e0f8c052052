/** Every schema by the name of its validator, and how ajv is to read them. */

import { RESOURCE_SCHEMAS } from "./resources.schema.ts";
import { TABLE_SCHEMA } from "./table.schema.ts";
import { UDM_ENTITY_SCHEMA } from "./udm-entity.schema.ts";

export const SCHEMAS = {
  udm_entity: UDM_ENTITY_SCHEMA,
  table: TABLE_SCHEMA,
  ...RESOURCE_SCHEMAS,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/**
 * Strict, all faults at once, nothing coerced or edited. Unions of types and open tuples are meant. `loopEnum`
 * keeps long enums inline, so that the standalone code needs no part of ajv.
 */
export const AJV_OPTIONS = {
  strict: true,
  allErrors: true,
  allowUnionTypes: true,
  strictTuples: false,
  messages: false,
  inlineRefs: false,
  loopEnum: Number.POSITIVE_INFINITY,
} as const;
