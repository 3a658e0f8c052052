/** Why SecOps did not do what it was asked, and what to do about it. */

import { CERTIFICATE_ADVICE } from "../io/advice.ts";
import { isCertificateCode } from "../io/tls.ts";

/** What went wrong, by who must act. */
const SECOPS_ERRORS = {
  CREDENTIALS: "Google gave no access token",
  SECOPS_HTTP: "SecOps answered with an HTTP error",
  SECOPS_BODY: "SecOps's answer was not JSON, or was cut short",
  SECOPS_UNREACHABLE: "SecOps could not be reached, or the connection broke",
  SECOPS_PAGING: "SecOps named a next page of parsers without end",
  NO_PARSER: "the instance has no active parser for this log type",
} as const;
export type SecopsErrorCode = keyof typeof SECOPS_ERRORS;

export interface SecopsErrorDetail {
  /** What was asked, without the host: `entities:import`. */
  readonly method: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** Google's own name and sentence for the error, when the answer had them. */
  readonly google_status?: string;
  readonly google_message?: string;
  /** The system's code of a broken connection (`ECONNRESET`). */
  readonly system_code?: string;
  /** How often the request was sent. */
  readonly tries?: number;
  /** What to do; default: what helps with the status, the system's code or the error's code. */
  readonly advice?: string;
}

const REDIRECT =
  "a proxy, a firewall or a network's sign-in page answers in Google's place: sign in there, or set HTTPS_PROXY";

const ADVICE: { readonly [what: string]: string } = {
  CREDENTIALS:
    "set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, or run gcloud auth application-default login",
  SECOPS_HTTP: "look the status up in Google's Chronicle API reference",
  SECOPS_BODY: "check for a proxy between this machine and Google, then run again",
  SECOPS_UNREACHABLE: "check the network and any firewall, then run again",
  SECOPS_PAGING: "report it to Google support",
  NO_PARSER: "wait until the log type has received its first log, or activate its parser in SecOps",
  "400": "check the instance and the log type",
  "401": "check that the credentials are of this Google Cloud organization, and that they are not revoked",
  "403":
    "grant the account a role with the permission (chronicle.entities.import for import; chronicle.parsers.list and chronicle.parsers.runParser for compare) in the instance's project",
  "404":
    "check project, location and instance in --instance or --tenant: SecOps, Settings, SIEM Settings, Profile shows them",
  "413": "give a smaller --batch-bytes",
  "429": "the quota is used up: run later, or ask Google to raise it",
  "503": "check Google's status page, then run again",
  ENOTFOUND: "check the location in --instance or --tenant: there is no SecOps host of that region",
};

function adviceOn(code: SecopsErrorCode, status: number | undefined, systemCode = ""): string | undefined {
  if (isCertificateCode(systemCode)) return CERTIFICATE_ADVICE;
  if (status !== undefined && status >= 300 && status < 400) return REDIRECT;
  return ADVICE[String(status)] ?? ADVICE[systemCode] ?? ADVICE[code];
}

/** A message from outside may hold anything: keep it to one short line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}

/** SecOps, or the way to it, kept a request from being carried out. */
export class SecopsError extends Error {
  override readonly name = "SecopsError";
  readonly code: SecopsErrorCode;
  readonly detail: SecopsErrorDetail;

  constructor(code: SecopsErrorCode, detail: SecopsErrorDetail, options?: ErrorOptions) {
    const { method, status, google_status, google_message, system_code, tries } = detail;
    const facts = [
      status !== undefined && `HTTP ${status}`,
      google_status !== undefined && oneLine(google_status),
      google_message !== undefined && `"${oneLine(google_message)}"`,
      system_code,
      tries !== undefined && tries > 1 && `after ${tries} tries`,
    ].filter((fact) => typeof fact === "string");
    const advice = detail.advice ?? adviceOn(code, status, system_code);
    super(
      `${SECOPS_ERRORS[code]} (${method}${facts.map((fact) => `, ${fact}`).join("")}): ${advice}.`,
      options,
    );
    this.code = code;
    this.detail = detail;
  }
}
