/** Checks of raw records: what the mapping table can use of one, and what the Duo reference knows of it. */

import { planOf } from "../core/plan.ts";
import type { Profile, Table } from "../core/profile.ts";
import { Fit, readPaths } from "../core/reads.ts";
import type { Resource } from "../core/resource.ts";
import { isComposite, present, type RawObject } from "../core/scalar.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { maskedPath, pathOf, pathPattern, type Steps } from "../text/paths.ts";
import type { Finding } from "./finding.ts";
import { isPlaceholder } from "./placeholder.ts";
import { compileSchema } from "./schema.ts";
import { RESOURCE_SCHEMAS } from "./schemas/resources.schema.ts";

type SeeFaults = ReturnType<typeof compileSchema>;

const SEE_REFERENCE_FAULTS: { readonly [R in Resource | "unknown"]: SeeFaults } = {
  users: compileSchema(RESOURCE_SCHEMAS.users),
  groups: compileSchema(RESOURCE_SCHEMAS.groups),
  phones: compileSchema(RESOURCE_SCHEMAS.phones),
  endpoints: compileSchema(RESOURCE_SCHEMAS.endpoints),
  tokens: compileSchema(RESOURCE_SCHEMAS.tokens),
  webauthncredentials: compileSchema(RESOURCE_SCHEMAS.webauthncredentials),
  desktop_authenticators: compileSchema(RESOURCE_SCHEMAS.desktop_authenticators),
  unknown: compileSchema(RESOURCE_SCHEMAS.unknown),
};

/** What a table reads of a record. */
class Reading {
  readonly fit: Fit;
  /** The fields that identify an entity; each is the log field of a row. */
  readonly identity: readonly string[];
  readonly #rows: ReadonlyMap<string, string>;

  constructor(table: Table) {
    const plan = planOf(table);
    this.fit = new Fit(plan);
    this.#rows = readPaths(plan, "[0]");
    const identity = plan.identity.flatMap((index) => plan.rows[index]?.row.log_field ?? []);
    this.identity = [...new Set(identity)];
  }

  /** The row that reads a raw path, if one does. */
  rowOf(path: string): string | undefined {
    return this.#rows.get(path) ?? this.#rows.get(pathPattern(path));
  }
}

const readings = new WeakMap<Table, Reading>();

function readingOf({ tables }: Profile, resource: Resource | "unknown"): Reading | undefined {
  const table = tables[resource];
  if (typeof table === "string") return undefined;
  let reading = readings.get(table);
  if (reading === undefined) {
    reading = new Reading(table);
    readings.set(table, reading);
  }
  return reading;
}

/** True of a raw path that a row of the record's table reads. */
export function isRead(path: string, resource: Resource | "unknown", profile: Profile = VENDOR): boolean {
  return readingOf(profile, resource)?.rowOf(path) !== undefined;
}

/** A listed value in another case is not unknown, nor is a blank one. A wrong type is a fault of its own. */
function isUnknownValue(value: unknown, listed: readonly unknown[] = []): boolean {
  if (isComposite(value) || present(value) === undefined) return false;
  const folded = String(value).toLowerCase();
  return !listed.some((one) => String(one).toLowerCase() === folded);
}

function placeholderFindings(record: RawObject, { identity }: Reading): Finding[] {
  return identity.flatMap((field): Finding[] => {
    const value = Object.hasOwn(record, field) ? present(record[field]) : undefined;
    if (value === undefined || !isPlaceholder(value)) return [];
    return [{ code: "PLACEHOLDER_IDENTIFIER", path: field, row: field }];
  });
}

function referenceFindings(
  record: RawObject,
  resource: Resource | "unknown",
  reading: Reading | undefined,
  showKeys: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const shown = (steps: Steps): string => (showKeys ? pathOf(steps) : maskedPath(steps));
  SEE_REFERENCE_FAULTS[resource](record, (keyword, steps, value, schema) => {
    const row = reading?.rowOf(pathOf(steps));
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

/**
 * What is odd about a raw record. One of unknown resource is held to the fields of all resources.
 *
 * @param isDuo whether the record is Duo's at all; if not, its fields say nothing
 */
export function checkRecord(
  record: RawObject,
  resource: Resource | "unknown",
  isDuo: boolean,
  showKeys: boolean,
  profile: Profile,
): Finding[] {
  const reading = readingOf(profile, resource);
  return [
    ...(reading?.fit.misfits(record, showKeys) ?? []).map(
      (misfit): Finding => ({ code: "RAW_SCHEMA", ...misfit }),
    ),
    ...(reading === undefined ? [] : placeholderFindings(record, reading)),
    ...(isDuo ? referenceFindings(record, resource, reading, showKeys) : []),
  ];
}
