/** Checks of UDM entities: the schema, then the rules that no schema can say. */

import type { SchemaFault } from "../core/issue.ts";
import { isComposite, isObject, present, type RawObject } from "../core/scalar.ts";
import { fieldPath, follow } from "../text/paths.ts";
import type { Finding } from "./finding.ts";
import { UDM_ENTITY_SCHEMA } from "./schemas/udm-entity.schema.ts";
import { udm_entity } from "./validators.ts";

const MAX_BYTES = 1_000_000;
/** Protobuf's JSON parsers give up below this depth. */
const MAX_DEPTH = 100;
const MAX_VERSION_LENGTH = 64;

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const ASSET_ID = /^[^:]+:./s;
/** A dotted-decimal address is no host name. */
const HOSTNAME = new RegExp(`^(?!\\d+(?:\\.\\d+){3}$)(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
/** Letters outside ASCII are taken (RFC 6531); quoted local parts, which nobody has, are not. */
const ATOM = "[\\w!#$%&'*+/=?^`{|}~\\u0080-\\uffff-]+";
const MAIL_LABEL = LABEL.replaceAll("0-9", "0-9\\u0080-\\uffff");
const MAILBOX = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${MAIL_LABEL}(?:\\.${MAIL_LABEL})*$`);
const EMAIL = {
  test: (text: string): boolean => text.length <= 254 && text.indexOf("@") <= 64 && MAILBOX.test(text),
};
const PHONE = /^\+[1-9]\d{1,14}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** What a text should look like. */
interface Form {
  test(text: string): boolean;
}

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
      .filter(([name, { pattern }]) => pattern?.startsWith("^\\d{4}-") === true && !MAY_LIE_AHEAD.has(name))
      .map(([name]) => name),
  ),
);

function isFuture(text: string, limit: number): boolean {
  return RFC_3339.test(text) && Date.parse(text) > limit;
}

/** What one walk over an entity tells cheaply: whether the slower looks are needed. */
interface Survey {
  /** Some part of the entity is nested too deep to be looked at. */
  isTooDeep: boolean;
  /** Some text looks like a time past the limit. */
  hasLateTime: boolean;
}

/** A `-` and a `T` where a time has them; whether the common form is past the limit is settled unread. */
function looksLate(text: string, limit: string): boolean {
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(4) !== 45) return false;
  return text.length !== 20 || text.charCodeAt(19) !== 90 || text > limit;
}

/** At least the bytes of a value as JSON. This runs for every field of every entity, and is written for that. */
function surveyValue(value: unknown, depth: number, limit: string, survey: Survey): number {
  if (typeof value === "string") {
    if (value.length >= 20 && looksLate(value, limit)) survey.hasLateTime = true;
    // At most six bytes a unit, as \u0000.
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

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate is half of four bytes; JSON leaves none without its other half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

function futureTimes(value: unknown, path: string, limit: number, findings: Finding[]): void {
  if (Array.isArray(value)) {
    for (const [at, element] of value.entries()) futureTimes(element, `${path}[${at}]`, limit, findings);
  } else if (isObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      const place = fieldPath(path, name);
      if (typeof field === "string" && TIMES.has(name) && isFuture(field, limit))
        findings.push({ code: "TIMESTAMP_FUTURE", path: place });
      futureTimes(field, place, limit, findings);
    }
  }
}

/** The keywords of the entity's schema that can fail, and what it means. */
const FAULTS: { readonly [keyword: string]: SchemaFault } = {
  additionalProperties: "unknown field",
  enum: "not in the enum",
  pattern: "wrong form",
};

function schemaFindings(entity: unknown): Finding[] {
  return (udm_entity.errors ?? []).map(({ instancePath, keyword, params }) => {
    const { path } = follow(entity, instancePath);
    const name = params["additionalProperty"];
    const place = typeof name === "string" ? fieldPath(path, name) : path;
    const fault = FAULTS[keyword] ?? "wrong type";
    return { code: "UDM_SCHEMA", fault, ...(place !== "" && { path: place }) };
  });
}

/** A text that says something, else `undefined`: what is no text is the schema's matter. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && present(value) !== undefined ? value : undefined;
}

function checkText(
  object: RawObject,
  name: string,
  path: string,
  code: Finding["code"],
  form: Form,
  findings: Finding[],
): void {
  const text = textOf(object[name]);
  if (text !== undefined && !form.test(text)) findings.push({ code, path: `${path}.${name}` });
}

function checkVersion(object: RawObject, path: string, findings: Finding[]): void {
  const value = object["platform_version"];
  // Characters, not UTF-16 units.
  if (
    typeof value === "string" &&
    value.length > MAX_VERSION_LENGTH &&
    [...value].length > MAX_VERSION_LENGTH
  ) {
    findings.push({ code: "PLATFORM_VERSION_LENGTH", path: `${path}.platform_version` });
  }
}

function hasText(values: unknown): boolean {
  return Array.isArray(values) && values.some((value) => textOf(value) !== undefined);
}

function checkList(
  object: RawObject,
  name: string,
  path: string,
  code: Finding["code"],
  form: Form,
  findings: Finding[],
): void {
  const values = object[name];
  if (!Array.isArray(values)) return;
  for (let at = 0; at < values.length; at++) {
    const text = textOf(values[at]);
    if (text !== undefined && !form.test(text)) findings.push({ code, path: `${path}.${name}[${at}]` });
  }
}

function checkAsset(asset: RawObject, path: string, findings: Finding[]): void {
  checkText(asset, "asset_id", path, "ASSET_ID_FORMAT", ASSET_ID, findings);
  checkText(asset, "hostname", path, "HOSTNAME_FORMAT", HOSTNAME, findings);
  const software = asset["platform_software"];
  if (isObject(software)) checkVersion(software, `${path}.platform_software`, findings);
}

function checkUser(user: RawObject, path: string, findings: Finding[]): void {
  if (!hasText(user["email_addresses"])) findings.push({ code: "USER_WITHOUT_EMAIL", path });
  checkList(user, "email_addresses", path, "EMAIL_FORMAT", EMAIL, findings);
  checkList(user, "phone_numbers", path, "PHONE_FORMAT", PHONE, findings);
}

/** The asset and user of a noun, and the noun's own fields of the same kind. */
function checkNoun(noun: RawObject, path: string, isUser: boolean, findings: Finding[]): void {
  const { asset, user } = noun;
  checkText(noun, "asset_id", path, "ASSET_ID_FORMAT", ASSET_ID, findings);
  checkText(noun, "hostname", path, "HOSTNAME_FORMAT", HOSTNAME, findings);
  checkVersion(noun, path, findings);
  if (isObject(asset)) checkAsset(asset, `${path}.asset`, findings);
  if (isObject(user)) checkUser(user, `${path}.user`, findings);
  else if (isUser) findings.push({ code: "USER_WITHOUT_EMAIL", path: `${path}.user` });
}

function hasIdentity(asset: unknown): boolean {
  if (!isObject(asset)) return false;
  const { asset_id, hostname, mac, product_object_id } = asset;
  const id = textOf(product_object_id) ?? textOf(hostname) ?? textOf(asset_id);
  return id !== undefined || hasText(mac);
}

/** The latest time that does not lie in the future of the collection time. */
export interface TimeLimit {
  readonly milliseconds: number;
  /** In the form `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly text: string;
}

/** What is wrong with a UDM entity. */
export function checkEntityRules(entity: unknown, limit: TimeLimit): Finding[] {
  const survey: Survey = { isTooDeep: false, hasLateTime: false };
  const bytes = surveyValue(entity, 0, limit.text, survey);
  if (survey.isTooDeep || !isObject(entity)) return [{ code: "UDM_SCHEMA" }];
  const findings = udm_entity(entity) ? [] : schemaFindings(entity);
  if (bytes > MAX_BYTES && utf8Length(JSON.stringify(entity)) > MAX_BYTES) {
    findings.push({ code: "ENTITY_TOO_LARGE" });
  }
  const { metadata, entity: noun, relations } = entity;
  const type = isObject(metadata) ? metadata["entity_type"] : undefined;
  if (isObject(noun)) {
    const isAsset = type === "ASSET" || isObject(noun["asset"]);
    if (isAsset && !hasIdentity(noun["asset"])) {
      findings.push({ code: "ASSET_IDENTITY_MISSING", path: "entity.asset" });
    }
    checkNoun(noun, "entity", type === "USER", findings);
  }
  if (Array.isArray(relations)) {
    for (let at = 0; at < relations.length; at++) {
      const relation: unknown = relations[at];
      if (!isObject(relation) || !isObject(relation["entity"])) continue;
      const isUser = relation["entity_type"] === "USER";
      checkNoun(relation["entity"], `relations[${at}].entity`, isUser, findings);
    }
  }
  if (survey.hasLateTime) futureTimes(entity, "", limit.milliseconds, findings);
  return findings;
}

/** The entity's product_object_id, when it says something. */
export function productObjectId(entity: unknown): string | undefined {
  if (!isObject(entity) || !isObject(entity["entity"]) || !isObject(entity["entity"]["asset"]))
    return undefined;
  return textOf(entity["entity"]["asset"]["product_object_id"]);
}
