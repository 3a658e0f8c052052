/** One walk over an entity: how large it is as JSON, how deep, and which of its times lie ahead. */

import { isComposite, isObject } from "../core/scalar.ts";
import { maskedPath, pathOf } from "../text/paths.ts";
import type { Finding } from "./finding.ts";
import { TIME_PATTERN, UDM_ENTITY_SCHEMA } from "./schemas/udm-entity.schema.ts";

/** Protobuf's JSON parsers give up below this depth. */
const MAX_DEPTH = 100;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Times that may well lie ahead. */
const MAY_LIE_AHEAD: ReadonlySet<string> = new Set([
  "account_expiration_time",
  "end_time",
  "expiration_time",
  "expiry_time",
  "hire_date",
  "not_after",
  "not_before",
  "password_expiration_time",
  "start_time",
  "termination_date",
  "timestamp_time",
]);

/** The schema's timestamp fields, wherever they stand, that name something which has happened. */
const TIMES: ReadonlySet<string> = new Set(
  Object.values(UDM_ENTITY_SCHEMA.$defs).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(([name, { pattern }]) => pattern === TIME_PATTERN && !MAY_LIE_AHEAD.has(name))
      .map(([name]) => name),
  ),
);

function isFuture(text: string, limit: number): boolean {
  return RFC_3339.test(text) && Date.parse(text) > limit;
}

/** What one walk over an entity tells cheaply: whether the slower looks are needed. */
export interface Survey {
  /** Some part of the entity is nested too deep to be looked at. */
  isTooDeep: boolean;
  /** Some text looks like a time past the limit. */
  hasLateTime: boolean;
}

/** A `-` and a `T` where a time has them. Whether a time in UTC is past the limit is decided without parsing it. */
function looksLate(text: string, limit: string): boolean {
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(4) !== 45) return false;
  return text.charCodeAt(text.length - 1) !== 90 || text >= limit;
}

/**
 * Surveys a value. Written for speed, because it runs for every field of every entity.
 *
 * @returns the most bytes that the value can take as JSON
 */
export function surveyValue(value: unknown, depth: number, limit: string, survey: Survey): number {
  if (typeof value === "string") {
    if (value.length >= 20 && looksLate(value, limit)) survey.hasLateTime = true;
    // At most six bytes per unit, as \u0000.
    return value.length * 6 + 3;
  }
  if (typeof value !== "object" || value === null) return 26;
  if (depth >= MAX_DEPTH) {
    survey.isTooDeep = true;
    return 0;
  }
  let bytes = 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) bytes += surveyValue(value[at], depth + 1, limit, survey);
    return bytes;
  }
  if (!isComposite(value)) return bytes;
  for (const name in value) {
    const field = value[name];
    bytes += name.length * 6 + 4;
    if (typeof field === "string") {
      if (field.length >= 20 && looksLate(field, limit)) survey.hasLateTime = true;
      bytes += field.length * 6 + 3;
    } else {
      bytes += surveyValue(field, depth + 1, limit, survey);
    }
  }
  return bytes;
}

/** The bytes of well-formed text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate is half of four bytes; JSON leaves none without its other half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** The times of an entity that lie past the limit. */
export function futureTimes(entity: unknown, limit: number, showKeys: boolean): Finding[] {
  const findings: Finding[] = [];
  const steps: (string | number)[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const [at, element] of value.entries()) {
        steps.push(at);
        visit(element);
        steps.pop();
      }
    } else if (isObject(value)) {
      for (const [name, field] of Object.entries(value)) {
        steps.push(name);
        if (typeof field === "string" && TIMES.has(name) && isFuture(field, limit)) {
          findings.push({ code: "TIMESTAMP_FUTURE", path: showKeys ? pathOf(steps) : maskedPath(steps) });
        }
        visit(field);
        steps.pop();
      }
    }
  };
  visit(entity);
  return findings;
}
