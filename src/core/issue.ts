/**
 * Issues are values: what was odd about a document or a record, where, and how bad it is. Nothing here
 * holds a raw value; a path says where to look.
 */

export type Severity = "error" | "warning" | "info";

/** Every code the mapping can raise, its severity and its one fixed sentence. */
export const ISSUES = {
  JSON_INVALID: { severity: "error", message: "The document is not valid JSON and was rejected." },
  DOCUMENT_NOT_RECORDS: {
    severity: "error",
    message: "The document is a single JSON scalar, which holds no records, and was rejected.",
  },
  DUO_STAT_FAIL: {
    severity: "error",
    message: "Duo answered with an error instead of records, and the document was rejected.",
  },
  RECORD_NOT_OBJECT: { severity: "error", message: "The record is not a JSON object and was skipped." },
  PAGE_RESPONSE_NOT_RECORDS: {
    severity: "warning",
    message: "The page's response is neither a list nor an object, so the page has no records.",
  },
  FIELD_TYPE: {
    severity: "warning",
    message: "The field's JSON type is not one the mapping can read, so it counts as absent.",
  },
  TIMESTAMP_INVALID: {
    severity: "warning",
    message: "The value is not a timestamp this field can take, so it was left out.",
  },
  PLATFORM_UNMAPPED: {
    severity: "warning",
    message: "The operating system is neither Windows, Linux nor Mac, so the platform was left out.",
  },
  NO_ASSET_IDENTITY: {
    severity: "info",
    message: "The record yields no asset_id, product_object_id or hostname, so it makes no entity.",
  },
} as const satisfies Record<string, { severity: Severity; message: string }>;

export type IssueCode = keyof typeof ISSUES;

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
}

/** Where an issue was found. */
export type Place = Omit<Issue, "severity" | "code" | "message">;

export function issue(code: IssueCode, place: Place = {}): Issue {
  return { ...ISSUES[code], code, ...place };
}
