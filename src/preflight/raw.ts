/** Checks of raw records: what the mapping table can use of one, and what the Duo reference knows of it. */

import type { Resource } from "../core/resource.ts";
import { isComposite, present, type RawObject } from "../core/scalar.ts";
import { maskedPath, pathOf, pathPattern, type Steps } from "../text/paths.ts";
import type { Finding } from "./finding.ts";
import { isPlaceholder } from "./placeholder.ts";
import { compileSchema } from "./schema.ts";
import { RESOURCE_SCHEMAS } from "./schemas/resources.schema.ts";
import { IDENTITY_FIELDS, READ_PATHS, TABLE_SCHEMA } from "./schemas/table.schema.ts";

type SeeFaults = ReturnType<typeof compileSchema>;

const seeTableFaults = compileSchema(TABLE_SCHEMA);

const SEE_REFERENCE_FAULTS: { readonly [R in Resource]: SeeFaults } = {
  users: compileSchema(RESOURCE_SCHEMAS.users),
  groups: compileSchema(RESOURCE_SCHEMAS.groups),
  phones: compileSchema(RESOURCE_SCHEMAS.phones),
  endpoints: compileSchema(RESOURCE_SCHEMAS.endpoints),
  tokens: compileSchema(RESOURCE_SCHEMAS.tokens),
  webauthncredentials: compileSchema(RESOURCE_SCHEMAS.webauthncredentials),
  desktop_authenticators: compileSchema(RESOURCE_SCHEMAS.desktop_authenticators),
};

/** The row that reads a raw path, if one does. */
function rowOf(path: string): string | undefined {
  return READ_PATHS.get(path) ?? READ_PATHS.get(pathPattern(path));
}

/** True of a raw path that a row reads. */
export function isRead(path: string): boolean {
  return rowOf(path) !== undefined;
}

/** A listed value in other case, or nothing at all, is no unknown value. A wrong type is its own fault. */
function isUnknownValue(value: unknown, listed: readonly unknown[] = []): boolean {
  if (isComposite(value) || present(value) === undefined) return false;
  const folded = String(value).toLowerCase();
  return !listed.some((one) => String(one).toLowerCase() === folded);
}

function tableFindings(record: RawObject): Finding[] {
  const findings: Finding[] = [];
  seeTableFaults(record, (_keyword, steps) => {
    const path = pathOf(steps);
    const row = rowOf(path);
    findings.push({ code: "RAW_SCHEMA", path, ...(row !== undefined && { row }) });
  });
  return findings;
}

function placeholderFindings(record: RawObject): Finding[] {
  return IDENTITY_FIELDS.flatMap((field): Finding[] => {
    const value = Object.hasOwn(record, field) ? present(record[field]) : undefined;
    if (value === undefined || !isPlaceholder(String(value))) return [];
    return [{ code: "PLACEHOLDER_IDENTIFIER", path: field, row: field }];
  });
}

function referenceFindings(record: RawObject, resource: Resource, showKeys: boolean): Finding[] {
  const findings: Finding[] = [];
  const shown = (steps: Steps): string => (showKeys ? pathOf(steps) : maskedPath(steps));
  SEE_REFERENCE_FAULTS[resource](record, (keyword, steps, value, schema) => {
    const row = rowOf(pathOf(steps));
    if (keyword === "enum") {
      if (!isUnknownValue(value, schema.enum)) return;
      findings.push({ code: "RAW_UNKNOWN_VALUE", path: shown(steps), ...(row !== undefined && { row }) });
    } else if (row === undefined) {
      // Whether the table can use the type of a field that it reads was asked above.
      findings.push({ code: "RAW_UNKNOWN_FIELD", path: shown(steps) });
    }
  });
  return findings;
}

/** What is odd about a raw record; of an unknown resource only what the table reads is known. */
export function checkRecord(record: RawObject, resource: Resource | "unknown", showKeys: boolean): Finding[] {
  return [
    ...tableFindings(record),
    ...placeholderFindings(record),
    ...(resource === "unknown" ? [] : referenceFindings(record, resource, showKeys)),
  ];
}
