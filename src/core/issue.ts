/**
 * Issues are values: what was odd about a document or a record, where, and how bad it is. A path says where to
 * look; the raw value itself is there only when the caller asks for it.
 */

export type Severity = "error" | "warning" | "info";

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

/** Every code there is: those of the mapping first, which `map` raises too, then those of preflight. */
export const ISSUES = {
  // Documents and their mapping
  JSON_INVALID: {
    severity: "error",
    message: "The document is not valid JSON and was rejected.",
    advice: "Fetch the page again: it may be cut short, or be no answer of Duo's API.",
    origin: "RFC 8259",
  },
  DOCUMENT_NOT_RECORDS: {
    severity: "error",
    message: "The document is a single JSON scalar, which holds no records, and was rejected.",
    advice: "Give whole pages, arrays of records, or one record a line.",
    origin: "Duo Admin API",
  },
  DUO_STAT_FAIL: {
    severity: "error",
    message: "Duo answered with an error instead of records, and the document was rejected.",
    advice: "Look Duo's code up in the Admin API's documentation, then collect the page again.",
    origin: "Duo Admin API",
  },
  RECORD_NOT_OBJECT: {
    severity: "error",
    message: "The record is not a JSON object and was skipped.",
    advice: "Look at what wrote the page: every record of Duo's is an object.",
    origin: "Duo Admin API",
  },
  PAGE_RESPONSE_NOT_RECORDS: {
    severity: "warning",
    message: "The page's response is neither a list nor an object, so the page has no records.",
    advice: "Check that the page is the answer to a list request.",
    origin: "Duo Admin API",
  },
  FIELD_TYPE: {
    severity: "warning",
    message: "The field's JSON type is not one the mapping can read, so it counts as absent.",
    advice: "Look at what wrote the page. If Duo has changed the field, the table needs a decision.",
    origin: "mapping table",
  },
  TIMESTAMP_INVALID: {
    severity: "warning",
    message: "The value is not a timestamp this field can take, so it was left out.",
    advice: "Write it as ISO 8601. The entity is sound without it.",
    origin: "mapping table",
  },
  PLATFORM_UNMAPPED: {
    severity: "warning",
    message: "The operating system is neither Windows, Linux nor Mac, so the platform was left out.",
    advice: "Nothing: the vendor's table knows no other platform, and the rest is mapped.",
    origin: "mapping table",
  },
  NO_ASSET_IDENTITY: {
    severity: "info",
    message: "The record yields no asset_id, product_object_id or hostname, so it makes no entity.",
    advice: "Nothing for groups and credentials; an endpoint, phone or token should have its identifier.",
    origin: "UDM usage guide",
  },

  // Preflight: raw records
  RAW_SCHEMA: {
    severity: "error",
    message: "A field that the mapping table reads has a type that the table cannot use.",
    advice: "Look at what wrote the page, and correct it there. What the field says will be missing.",
    origin: "mapping table",
  },
  RAW_UNKNOWN_FIELD: {
    severity: "info",
    message: "The field, or the type it has here, is not in the Duo reference, and no row reads it.",
    advice: "Nothing, unless the field matters to you: no entity will carry it.",
    origin: "Duo reference",
  },
  RAW_UNKNOWN_VALUE: {
    severity: "warning",
    message: "The value is not one that the Duo reference lists for the field.",
    advice: "Rules and searches that name the listed values will miss this one; extend them.",
    origin: "Duo reference",
  },

  // Preflight: UDM entities
  UDM_SCHEMA: {
    severity: "error",
    message: "The entity has an unknown field, a value of the wrong type, or one not in the enum.",
    advice: "Correct the field: one entity that does not fit makes the import refuse its whole batch.",
    origin: "UDM proto",
  },
  ASSET_IDENTITY_MISSING: {
    severity: "error",
    message: "The asset has no product_object_id, hostname, asset_id or mac, and merges with nothing.",
    advice: "Give the asset one of the four, or leave the entity out.",
    origin: "UDM usage guide",
  },
  ENTITY_TOO_LARGE: {
    severity: "error",
    message: "The entity is larger than 1,000,000 bytes as JSON.",
    advice: "Leave out what repeats; long lists of software or labels are the usual cause.",
    origin: "SecOps limits",
  },
  ASSET_ID_FORMAT: {
    severity: "warning",
    message: "The asset_id is not of the form Vendor:ID, with a colon.",
    advice: "Nothing for Duo, whose table writes it bare; elsewhere put the vendor before it.",
    origin: "UDM proto",
  },
  HOSTNAME_FORMAT: {
    severity: "warning",
    message: "The hostname is not a host name by RFC 1123.",
    advice: "Expect the asset to merge only by its other identifiers; rename the device if you can.",
    origin: "RFC 1123",
  },
  EMAIL_FORMAT: {
    severity: "warning",
    message: "The e-mail address is not one that mail could be sent to.",
    advice: "Correct the address in Duo, or in the directory that it is synchronised from.",
    origin: "RFC 5321",
  },
  PHONE_FORMAT: {
    severity: "info",
    message: "The phone number is not in the international form, a plus and up to 15 digits.",
    advice: "Write it so in Duo if you search by phone number.",
    origin: "ITU-T E.164",
  },
  PLATFORM_VERSION_LENGTH: {
    severity: "warning",
    message: "The platform_version is longer than 64 characters.",
    advice: "Shorten it: what is over may be cut or refused.",
    origin: "UDM usage guide",
  },
  TIMESTAMP_FUTURE: {
    severity: "warning",
    message: "The time is more than 5 minutes past the collection time.",
    advice: "Check the clock of what reported it, and the collection time (--collected-at).",
    origin: "duo-udm",
  },
  USER_WITHOUT_EMAIL: {
    severity: "warning",
    message: "The user has no e-mail address, which a user entity must have.",
    advice: "Give the user an e-mail address in Duo; without it the user may be dropped.",
    origin: "UDM usage guide",
  },
  DUPLICATE_ENTITY: {
    severity: "warning",
    message: "An entity with this product_object_id was there before in this run.",
    advice: "Check whether pages were given twice, or overlap because Duo's data changed meanwhile.",
    origin: "UDM usage guide",
  },
} as const satisfies Record<string, IssueDefinition>;

export type IssueCode = keyof typeof ISSUES;

export type SchemaFault = "unknown field" | "wrong type" | "wrong form" | "not in the enum";

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
  /** Line and column in the source, from 1 (`JSON_INVALID`). */
  readonly line?: number;
  readonly column?: number;
  /** Duo's own error code and message (`DUO_STAT_FAIL`). */
  readonly duo_code?: string | number;
  readonly duo_message?: string;
  /** What a schema has against the place (`UDM_SCHEMA`). */
  readonly fault?: SchemaFault;
  /** The raw value at stake; only when the caller asks for values. */
  readonly value?: unknown;
}

/** Where an issue was found. */
export type Place = Omit<Issue, "severity" | "code" | "message">;

export function issue(code: IssueCode, place: Place = {}): Issue {
  const { severity, message } = ISSUES[code];
  return { severity, message, code, ...place };
}
