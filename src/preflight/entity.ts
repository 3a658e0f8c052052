/** Checks of UDM entities: the schema, then the rules that no schema can say. */

import type { SchemaFault } from "../core/issue.ts";
import { isObject, present, type RawObject } from "../core/scalar.ts";
import { maskedPath, pathOf } from "../text/paths.ts";
import { hasUnknownNumbers } from "./canonical.ts";
import type { Finding } from "./finding.ts";
import { compileSchema, type Keyword } from "./schema.ts";
import { UDM_ENTITY_SCHEMA } from "./schemas/udm-entity.schema.ts";
import { futureTimes, type Survey, surveyValue, utf8Length } from "./survey.ts";

const MAX_BYTES = 1_000_000;
const MAX_VERSION_LENGTH = 64;

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const ASSET_ID = /^[^:]+:./s;
/** A dotted-decimal address is not a host name. */
const HOSTNAME = new RegExp(`^(?!\\d+(?:\\.\\d+){3}$)(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
/**
 * Letters outside ASCII are accepted (RFC 6531), except U+FFFD, which marks a lost character, white space, and what
 * cannot be seen. Quoted local parts are not accepted: nobody has one.
 */
const BEYOND_ASCII = "\\u0080-\\ufffc";
const UNSEEN = /[\s\p{Cc}\p{Cf}]/u;
const ATOM = `[\\w!#$%&'*+/=?^\`{|}~${BEYOND_ASCII}-]+`;
const MAIL_LABEL = LABEL.replaceAll("0-9", `0-9${BEYOND_ASCII}`);
const MAILBOX = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${MAIL_LABEL}(?:\\.${MAIL_LABEL})*$`);
const EMAIL = {
  test: (text: string): boolean =>
    text.length <= 254 && text.indexOf("@") <= 64 && MAILBOX.test(text) && !UNSEEN.test(text),
};
const PHONE = /^\+[1-9]\d{1,14}$/;

/** What a text should look like. */
interface TextForm {
  test(text: string): boolean;
}

/** The latest time that does not lie in the future of the collection time. */
export interface TimeLimit {
  readonly milliseconds: number;
  /** In UTC, in the form `YYYY-MM-DDTHH:MM:SS`. */
  readonly text: string;
}

export interface EntityCheck {
  readonly limit: TimeLimit;
  /** Whether paths show keys that may be somebody's data. */
  readonly showKeys: boolean;
  /** Whether Duo's own table, which writes asset_id bare, may have made the entity. */
  readonly isVendorProfile: boolean;
}

/** What each keyword of the schema has against a value. */
const FAULT_OF: { readonly [K in Keyword]: SchemaFault } = {
  additionalProperties: "unknown field",
  enum: "not in the enum",
  pattern: "wrong form",
  type: "wrong type",
};

const seeFaults = compileSchema(UDM_ENTITY_SCHEMA);

function schemaFindings(entity: unknown, showKeys: boolean): Finding[] {
  const findings: Finding[] = [];
  seeFaults(entity, (keyword, steps, value, schema) => {
    if (keyword === "enum" && Number.isInteger(value) && hasUnknownNumbers(schema)) return;
    const path = showKeys ? pathOf(steps) : maskedPath(steps);
    findings.push({ code: "UDM_SCHEMA", fault: FAULT_OF[keyword], ...(path !== "" && { path }) });
  });
  return findings;
}

/** True when the schema has nothing against an entity in its canonical spelling. */
export function fitsSchema(entity: unknown): boolean {
  return schemaFindings(entity, false).length === 0;
}

/** A text that is not blank, else `undefined`. A value that is not text is left to the schema. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && present(value) !== undefined ? value : undefined;
}

function hasText(values: unknown): boolean {
  return Array.isArray(values) && values.some((value) => textOf(value) !== undefined);
}

function checkText(
  object: RawObject,
  name: string,
  path: string,
  finding: Finding,
  form: TextForm,
  findings: Finding[],
): void {
  const text = textOf(object[name]);
  if (text !== undefined && !form.test(text)) findings.push({ ...finding, path: `${path}.${name}` });
}

function checkList(
  object: RawObject,
  name: string,
  path: string,
  code: Finding["code"],
  form: TextForm,
  findings: Finding[],
): void {
  const values = object[name];
  if (!Array.isArray(values)) return;
  for (let at = 0; at < values.length; at++) {
    const text = textOf(values[at]);
    if (text !== undefined && !form.test(text)) findings.push({ code, path: `${path}.${name}[${at}]` });
  }
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

/** Checks the asset_id and hostname of a noun or of its asset. */
function checkDevice(device: RawObject, path: string, assetId: Finding, findings: Finding[]): void {
  checkText(device, "asset_id", path, assetId, ASSET_ID, findings);
  checkText(device, "hostname", path, { code: "HOSTNAME_FORMAT" }, HOSTNAME, findings);
}

function checkUser(user: RawObject, path: string, findings: Finding[]): void {
  if (!hasText(user["email_addresses"])) findings.push({ code: "USER_WITHOUT_EMAIL", path });
  checkList(user, "email_addresses", path, "EMAIL_FORMAT", EMAIL, findings);
  checkList(user, "phone_numbers", path, "PHONE_FORMAT", PHONE, findings);
}

/** Checks the asset, user and group of a noun, and the noun's own fields of the same kind. */
function checkNoun(
  noun: RawObject,
  path: string,
  isUser: boolean,
  assetId: Finding,
  findings: Finding[],
): void {
  const { asset, user, group } = noun;
  checkDevice(noun, path, assetId, findings);
  checkVersion(noun, path, findings);
  if (isObject(asset)) {
    checkDevice(asset, `${path}.asset`, assetId, findings);
    const software = asset["platform_software"];
    if (isObject(software)) checkVersion(software, `${path}.asset.platform_software`, findings);
  }
  if (isObject(user)) checkUser(user, `${path}.user`, findings);
  else if (isUser) findings.push({ code: "USER_WITHOUT_EMAIL", path: `${path}.user` });
  if (isObject(group)) {
    checkList(group, "email_addresses", `${path}.group`, "EMAIL_FORMAT", EMAIL, findings);
  }
}

function hasIdentity(asset: unknown): boolean {
  if (!isObject(asset)) return false;
  const { asset_id, hostname, mac, product_object_id } = asset;
  const id = textOf(product_object_id) ?? textOf(hostname) ?? textOf(asset_id);
  return id !== undefined || hasText(mac);
}

/** Fields of the metadata that the import does not accept. */
const UNSUPPORTED = ["creation_timestamp", "interval"] as const;

/** The field of a noun that an entity of each type fills. */
const NOUN_OF = new Map([
  ["ASSET", "asset"],
  ["USER", "user"],
  ["GROUP", "group"],
  ["RESOURCE", "resource"],
  ["FILE", "file"],
  ["DOMAIN_NAME", "domain"],
]);
const NOUN_FIELDS = [...NOUN_OF.values()];
/** Types whose entities fill fields of the noun itself. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set(["IP_ADDRESS", "CIDR_BLOCK", "URL", "MUTEX", "METRIC"]);

/** True when the type says what the noun is. A type that is not in the enum is left to the schema. */
function isTypeOf(type: unknown, noun: RawObject): boolean {
  if (type === undefined || type === null || type === "UNKNOWN_ENTITYTYPE") return false;
  const field = typeof type === "string" ? NOUN_OF.get(type) : undefined;
  if (field !== undefined) return isObject(noun[field]) || !NOUN_FIELDS.some((one) => isObject(noun[one]));
  return !PLAIN_TYPES.has(type) || !["asset", "user", "group"].some((one) => isObject(noun[one]));
}

function checkMetadata(metadata: unknown, noun: RawObject, findings: Finding[]): void {
  const fields = isObject(metadata) ? metadata : {};
  for (const name of UNSUPPORTED) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    findings.push({ code: "IMPORT_UNSUPPORTED", path: `metadata.${name}` });
  }
  if (!isTypeOf(fields["entity_type"], noun)) {
    findings.push({ code: "ENTITY_TYPE_MISSING", path: "metadata.entity_type" });
  }
}

/** True of an asset that names its owner, in a relation or beside it; and of what needs none. */
export function hasOwner(entity: unknown): boolean {
  const { entity: noun, relations } = isObject(entity) ? entity : {};
  if (!isObject(noun) || !isObject(noun["asset"])) return true;
  if (isObject(noun["user"])) return true;
  if (!Array.isArray(relations)) return false;
  return relations.some(
    (relation: unknown) =>
      isObject(relation) && isObject(relation["entity"]) && isObject(relation["entity"]["user"]),
  );
}

/** Checks the nouns of relations. A user that stands in the entity's own noun too has been checked there. */
function checkRelations(relations: unknown, own: RawObject, assetId: Finding, findings: Finding[]): void {
  if (!Array.isArray(relations)) return;
  const ownUser = isObject(own["user"]) ? JSON.stringify(own["user"]) : undefined;
  for (let at = 0; at < relations.length; at++) {
    const relation: unknown = relations[at];
    if (!isObject(relation) || !isObject(relation["entity"])) continue;
    const { user, ...rest } = relation["entity"];
    const isAgain = isObject(user) && ownUser !== undefined && JSON.stringify(user) === ownUser;
    const isUser = relation["entity_type"] === "USER" && !isAgain;
    checkNoun(isAgain ? rest : relation["entity"], `relations[${at}].entity`, isUser, assetId, findings);
  }
}

/** Duo's table writes the asset_id bare, and its entities are merged as they are. */
function assetIdFinding(metadata: unknown, isVendorProfile: boolean): Finding {
  const isDuo = isVendorProfile && isObject(metadata) && metadata["vendor_name"] === "Duo";
  return { code: "ASSET_ID_FORMAT", ...(isDuo && { severity: "info" }) };
}

/** What is wrong with a UDM entity in its canonical spelling. */
export function checkEntityRules(entity: unknown, check: EntityCheck): Finding[] {
  const { limit, showKeys } = check;
  const survey: Survey = { isTooDeep: false, hasLateTime: false };
  const bytes = surveyValue(entity, 0, limit.text, survey);
  if (survey.isTooDeep || !isObject(entity)) return [{ code: "UDM_SCHEMA" }];
  const findings = schemaFindings(entity, showKeys);
  if (bytes > MAX_BYTES && utf8Length(JSON.stringify(entity)) > MAX_BYTES) {
    findings.push({ code: "ENTITY_TOO_LARGE" });
  }
  const { metadata, entity: noun = {}, relations } = entity;
  const assetId = assetIdFinding(metadata, check.isVendorProfile);
  checkMetadata(metadata, isObject(noun) ? noun : {}, findings);
  if (isObject(noun)) {
    const type = isObject(metadata) ? metadata["entity_type"] : undefined;
    const isAsset = type === "ASSET" || isObject(noun["asset"]);
    if (isAsset && !hasIdentity(noun["asset"])) {
      findings.push({ code: "ASSET_IDENTITY_MISSING", path: "entity.asset" });
    }
    checkNoun(noun, "entity", type === "USER", assetId, findings);
    if (!hasOwner(entity)) findings.push({ code: "OWNER_MISSING" });
  }
  checkRelations(relations, isObject(noun) ? noun : {}, assetId, findings);
  if (survey.hasLateTime) findings.push(...futureTimes(entity, limit.milliseconds, showKeys));
  return findings;
}
