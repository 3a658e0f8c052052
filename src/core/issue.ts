/**
 * Issues are values: what was odd about a document or a record, where, and how bad it is. A path says where to
 * look; the raw value itself is there only when the caller asks for it.
 */

/** The gravest first. */
export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a code means, the same wherever it is raised. */
export interface IssueDefinition {
  readonly severity: Severity;
  /** One fixed sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** Where the rule comes from. */
  readonly origin: string;
}

/** Every code there is: those of documents and their mapping first, which `map` raises too, then those of preflight. */
export const ISSUES = {
  // Documents and their mapping
  JSON_INVALID: {
    severity: "error",
    message: "The document is not valid JSON and was rejected.",
    advice: "Fetch the page again: it may be cut short, or may not come from Duo's API.",
    origin: "RFC 8259",
  },
  OBJECT_CHANGED: {
    severity: "error",
    message: "The object's SHA-256 is not the one that the run's manifest lists.",
    advice: "Find out what wrote over the object, then collect again or restore it.",
    origin: "duo-udm",
  },
  RECORDS_AT_NOTHING: {
    severity: "error",
    message: "The value has nothing at the path that --records-at names, so it was rejected.",
    advice: "Correct the path: field names from the top, joined by dots, with [] after each list to open.",
    origin: "duo-udm",
  },
  DOCUMENT_NOT_RECORDS: {
    severity: "error",
    message: "The document is a single JSON scalar, so it holds no records and was rejected.",
    advice: "Pass whole pages, arrays of records, or one record per line.",
    origin: "Duo Admin API",
  },
  DUO_STAT_FAIL: {
    severity: "error",
    message: "Duo answered with an error instead of records, so the document was rejected.",
    advice: "Look up Duo's code in the Admin API documentation, then collect the page again.",
    origin: "Duo Admin API",
  },
  RECORD_NOT_OBJECT: {
    severity: "error",
    message: "The record is not a JSON object and was skipped.",
    advice: "Check what wrote the page: every record that Duo sends is an object.",
    origin: "Duo Admin API",
  },
  RECORD_UNRECOGNIZED: {
    severity: "error",
    message: "The record has no field that identifies a Duo object, so it was skipped.",
    advice: "Pass records of the Duo Admin API. If they lie deeper in the input, use --records-at.",
    origin: "Duo Admin API",
  },
  PAGE_RESPONSE_NOT_RECORDS: {
    severity: "warning",
    message: "The page's response is neither a list nor an object, so the page has no records.",
    advice: "Check that the page is the answer to a request for a list.",
    origin: "Duo Admin API",
  },
  MANIFEST_NOT_PAGE: {
    severity: "info",
    message: "The document is the manifest of a collection run, so it has no records.",
    advice: "No action needed. To read only the objects that a manifest lists, pass it with --run.",
    origin: "duo-udm",
  },
  FIELD_TYPE: {
    severity: "warning",
    message: "The field has a JSON type that the mapping cannot read, so it counts as absent.",
    advice: "Check what wrote the page. If Duo changed the field, report it to the maintainers of duo-udm.",
    origin: "mapping table",
  },
  TIMESTAMP_INVALID: {
    severity: "warning",
    message: "The value is not a timestamp that the field can take, so it was left out.",
    advice: "Write the time as ISO 8601. The entity is valid without it.",
    origin: "mapping table",
  },
  PLATFORM_UNMAPPED: {
    severity: "warning",
    message: "The mapping table does not know the operating system, so the platform was left out.",
    advice: "No action needed: everything else in the record is mapped.",
    origin: "mapping table",
  },
  NO_ASSET_IDENTITY: {
    severity: "info",
    message: "The record yields no asset_id, product_object_id or hostname, so it makes no entity.",
    advice: "Expected for groups and credentials. An endpoint, phone or token should have its identifier.",
    origin: "UDM usage guide",
  },
  COVERED_BY_OWNER: {
    severity: "info",
    message: "The credential stands in the entity of its owner, so it makes none of its own.",
    advice: "No action needed if you collect users too: the credential is in its owner's entity.",
    origin: "enriched profile",
  },

  // Preflight: raw records
  RAW_SCHEMA: {
    severity: "error",
    message: "A field that the mapping table reads has a type that the table cannot use.",
    advice: "Correct the field in the system that wrote the page: its value is missing from the entity.",
    origin: "mapping table",
  },
  RAW_UNKNOWN_FIELD: {
    severity: "info",
    message: "The field, or its type here, is not in the Duo reference, and no row reads it.",
    advice: "No action needed unless you rely on the field: no entity carries it.",
    origin: "Duo reference",
  },
  RAW_UNKNOWN_VALUE: {
    severity: "warning",
    message: "The value is not one that the Duo reference lists for the field.",
    advice: "Add the value to rules and searches that name the listed values: they do not match it.",
    origin: "Duo reference",
  },
  PLACEHOLDER_IDENTIFIER: {
    severity: "warning",
    message: "The identifier is a placeholder that many devices share, so SecOps may merge them.",
    advice: "Correct the value on the device, or in the system that wrote the page.",
    origin: "duo-udm",
  },
  LINE_TOO_LONG: {
    severity: "warning",
    message: "The line is longer than 4,000,000 bytes, the limit of a SecOps feed.",
    advice: "Collect with a lower LIMIT or with OUTPUT=records, so that the lines are shorter.",
    origin: "SecOps limits",
  },

  // Preflight: UDM entities
  UDM_SCHEMA: {
    severity: "error",
    message: "A field of the entity is unknown, has the wrong type or form, or is not in its enum.",
    advice: "Correct the field: SecOps refuses the whole import request for one invalid entity.",
    origin: "UDM proto",
  },
  IMPORT_UNSUPPORTED: {
    severity: "error",
    message: "The entity sets a metadata field that the import does not support.",
    advice: "Remove metadata.creation_timestamp and metadata.interval from the entity.",
    origin: "UDM usage guide",
  },
  ENTITY_TYPE_MISSING: {
    severity: "warning",
    message: "The entity has no metadata.entity_type, or one that does not match its noun.",
    advice: "Set metadata.entity_type to the type of the noun, such as ASSET, USER or GROUP.",
    origin: "UDM usage guide",
  },
  ASSET_IDENTITY_MISSING: {
    severity: "error",
    message: "The asset has no product_object_id, hostname, asset_id or mac, so it merges with nothing.",
    advice: "Give the asset one of the four, or leave the entity out.",
    origin: "UDM usage guide",
  },
  ENTITY_TOO_LARGE: {
    severity: "error",
    message: "The entity is larger than 1,000,000 bytes as JSON.",
    advice: "Shorten the entity: long lists of software or labels are the usual cause.",
    origin: "SecOps limits",
  },
  ASSET_ID_FORMAT: {
    severity: "warning",
    message: "The asset_id does not have the form Vendor:ID, with a colon.",
    advice:
      "Write it as Vendor:ID. No action needed for Duo's assets: the vendor's table writes the bare ID.",
    origin: "UDM proto",
  },
  HOSTNAME_FORMAT: {
    severity: "warning",
    message: "The hostname is not a valid host name by RFC 1123.",
    advice: "Rename the device if you can. Until then, SecOps merges it only by its other identifiers.",
    origin: "RFC 1123",
  },
  EMAIL_FORMAT: {
    severity: "warning",
    message: "The e-mail address is not valid.",
    advice: "Correct the address in Duo, or in the directory that Duo synchronises with.",
    origin: "RFC 5321",
  },
  PHONE_FORMAT: {
    severity: "info",
    message: "The phone number is not in international form, a plus sign and up to 15 digits.",
    advice: "Enter the number in international form in Duo if you search by phone number.",
    origin: "ITU-T E.164",
  },
  PLATFORM_VERSION_LENGTH: {
    severity: "warning",
    message: "The platform_version is longer than 64 characters.",
    advice: "Shorten the version: SecOps may cut or refuse what is longer.",
    origin: "UDM usage guide",
  },
  TIMESTAMP_FUTURE: {
    severity: "warning",
    message: "The time is more than 5 minutes after the collection time.",
    advice: "Check the clock of the system that reported the time, and the collection time (--collected-at).",
    origin: "duo-udm",
  },
  USER_WITHOUT_EMAIL: {
    severity: "warning",
    message: "The user has no e-mail address, although a user entity must have one.",
    advice: "Give the user an e-mail address in Duo: SecOps may drop a user without one.",
    origin: "UDM usage guide",
  },
  OWNER_MISSING: {
    severity: "info",
    message: "The asset has no owner.",
    advice:
      "Assign the device to a user in Duo. A hint names the field that tells the owner, if there is one.",
    origin: "duo-udm",
  },
  DUPLICATE_ENTITY: {
    severity: "warning",
    message: "An entity with the same identifier came earlier in this run.",
    advice: "Check whether pages were passed twice, or overlap because Duo's data changed between them.",
    origin: "UDM usage guide",
  },
  MERGE_COLLISION: {
    severity: "warning",
    message: "Another entity of this run has the same value in a field that SecOps merges on.",
    advice: "Rename one of the two, or correct the value, so that SecOps does not merge different entities.",
    origin: "UDM usage guide",
  },
} as const satisfies Record<string, IssueDefinition>;

export type IssueCode = keyof typeof ISSUES;

export type SchemaFault = "unknown field" | "wrong type" | "wrong form" | "not in the enum";

/** Why a document could not be read, where it is not its JSON. */
export type DocumentFault = "encoding" | "gzip" | "too large";

export interface Issue {
  readonly severity: Severity;
  readonly code: IssueCode;
  /** The code's fixed sentence; what varies is in the other fields. */
  readonly message: string;
  /** The input's name: a file, an S3 object, or `-`. */
  readonly source?: string;
  /** Index of the document in its source, from 0; sources of one document have none. */
  readonly document?: number;
  /** Index of the record in its document, from 0. */
  readonly record?: number;
  /** The raw path (`users[0].email`), or `envelope.timestamp` for the page's own. */
  readonly path?: string;
  /** The table row that asked for the field, by its log field. */
  readonly row?: string;
  /** The line of the source on which the record starts, or on which the document is at fault; from 1. */
  readonly line?: number;
  /** The column of the fault, from 1 (`JSON_INVALID`). */
  readonly column?: number;
  /** Duo's own error code and message (`DUO_STAT_FAIL`). */
  readonly duo_code?: string | number;
  readonly duo_message?: string;
  /** What a schema has against the place (`UDM_SCHEMA`), or why the document cannot be read (`JSON_INVALID`). */
  readonly fault?: SchemaFault | DocumentFault;
  /** What may lie behind the issue, or what helps; never a raw value. */
  readonly hint?: string;
  /** The record's identifying value; only when the caller asks for values. */
  readonly id?: string;
  /** The raw value at stake; only when the caller asks for values. */
  readonly value?: unknown;
}

/** Where an issue was found. */
export type Place = Omit<Issue, "severity" | "code" | "message">;

export function issue(code: IssueCode, place: Place = {}): Issue {
  const { severity, message } = ISSUES[code];
  // V8 takes ten times as long for a spread that is not the first.
  return Object.assign({ severity, message, code }, place);
}
