/** Checks of raw records: what the mapping table can use of one, and what the Duo reference knows of it. */

import type { Resource } from "../core/resource.ts";
import { isComposite, present } from "../core/scalar.ts";
import { fieldPath, follow, pathPattern } from "../text/paths.ts";
import type { Finding } from "./finding.ts";
import { READ_PATHS } from "./schemas/table.schema.ts";
import {
  desktop_authenticators,
  endpoints,
  groups,
  phones,
  table,
  tokens,
  users,
  type Validator,
  webauthncredentials,
} from "./validators.ts";

const VALIDATORS: { readonly [R in Resource]: Validator } = {
  users,
  groups,
  phones,
  endpoints,
  tokens,
  webauthncredentials,
  desktop_authenticators,
};

/** The row that reads a raw path, if one does. */
function rowOf(path: string): string | undefined {
  return READ_PATHS.get(path) ?? READ_PATHS.get(pathPattern(path));
}

/** A listed value in other case, or nothing at all, is no unknown value. A wrong type is its own fault. */
function isUnknownValue(value: unknown, listed: unknown): boolean {
  if (isComposite(value) || present(value) === undefined || !Array.isArray(listed)) return false;
  const folded = String(value).toLowerCase();
  return !listed.some((one) => String(one).toLowerCase() === folded);
}

function tableFindings(record: object): Finding[] {
  if (table(record)) return [];
  const faults = table.errors ?? [];
  return faults.map(({ instancePath }) => {
    const { path } = follow(record, instancePath);
    const row = rowOf(path);
    return { code: "RAW_SCHEMA", path, ...(row !== undefined && { row }) };
  });
}

function referenceFindings(record: object, resource: Resource): Finding[] {
  const validator = VALIDATORS[resource];
  if (validator(record)) return [];
  const findings: Finding[] = [];
  for (const { instancePath, keyword, params } of validator.errors ?? []) {
    const { path, value } = follow(record, instancePath);
    if (keyword === "enum") {
      if (isUnknownValue(value, params["allowedValues"])) findings.push({ code: "RAW_UNKNOWN_VALUE", path });
      continue;
    }
    const name = params["additionalProperty"];
    const field = typeof name === "string" ? fieldPath(path, name) : path;
    // Whether the table can use the type of a field that it reads was asked above.
    if (rowOf(field) === undefined) findings.push({ code: "RAW_UNKNOWN_FIELD", path: field });
  }
  return findings;
}

/** What is odd about a raw record; of an unknown resource only what the table reads is known. */
export function checkRecord(record: object, resource: Resource | "unknown"): Finding[] {
  const findings = tableFindings(record);
  return resource === "unknown" ? findings : [...findings, ...referenceFindings(record, resource)];
}
