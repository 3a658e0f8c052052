/**
 * What can go wrong in a collection, told apart by who must act: Duo, or whoever looks after the run. A wrong
 * configuration is a `ConfigError` (io/errors.ts).
 */

/** Why Duo gave no page. */
export const DUO_ERRORS = {
  DUO_STAT_FAIL: "Duo refused the request",
  DUO_HTTP: "Duo answered with an HTTP error",
  DUO_BODY: "Duo's answer was not JSON, or was cut short",
  DUO_UNREACHABLE: "Duo could not be reached, or the connection broke",
  DUO_PAGING: "Duo's metadata.next_offset is not a number that grows, so paging would not end",
  DEADLINE: "the time for this run was used up",
} as const;
export type DuoErrorCode = keyof typeof DUO_ERRORS;

export interface DuoErrorDetail {
  /** The request's path and query. */
  readonly path: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** Duo's own five-digit code and message, when its answer had them. */
  readonly duo_code?: string;
  readonly duo_message?: string;
  /** The system's code of a broken connection (`ECONNRESET`). */
  readonly system_code?: string;
  /** How often the request was sent. */
  readonly tries?: number;
}

const ADVICE: Readonly<Record<string, string>> = {
  "40002": "check LIMIT, and report the request if it persists",
  "40101": "check that DUO_IKEY and DUO_SKEY are set as in Duo's Admin Panel",
  "40102": "check DUO_IKEY, and that it belongs to an Admin API application of the host in DUO_API_HOSTNAME",
  "40103": "check DUO_SKEY and DUO_API_HOSTNAME, and that this machine's clock is right",
  "40105": "set this machine's clock: Duo takes a Date a few minutes off at most",
  "40112": "check the application's permissions, and try the other DUO_SIGNATURE",
  "40301": "grant the Admin API application the read permissions this resource needs (Grant resource - Read)",
  "40401": "leave this resource out of RESOURCES: this Duo edition does not have it",
  DUO_HTTP: "check DUO_API_HOSTNAME, and Duo's status page",
  DUO_STAT_FAIL: "look up Duo's code in its Admin API documentation",
  DUO_BODY: "check for a proxy between this machine and Duo, then run again",
  DUO_UNREACHABLE: "check DUO_API_HOSTNAME, the network and any firewall, then run again",
  DUO_PAGING: "report it to Duo support with the offset; the pages before it are stored",
  DEADLINE: "give the run more time, or collect this resource in an invocation of its own",
  "429": "run less often, or leave other clients of this Duo account more room",
};

/** Duo's message may hold anything: keep it to one short line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}

/** Duo's answer, or the lack of one, kept a page from being read. Says what happened, where, and what to do. */
export class DuoApiError extends Error {
  override readonly name = "DuoApiError";
  readonly code: DuoErrorCode;
  readonly detail: DuoErrorDetail;

  constructor(code: DuoErrorCode, detail: DuoErrorDetail, options?: ErrorOptions) {
    const { path, status, duo_code, duo_message, system_code, tries } = detail;
    const facts = [
      status !== undefined && `HTTP ${status}`,
      duo_code !== undefined && `Duo code ${oneLine(duo_code)}`,
      duo_message !== undefined && `"${oneLine(duo_message)}"`,
      system_code,
      tries !== undefined && tries > 1 && `after ${tries} tries`,
    ].filter((fact) => typeof fact === "string");
    const advice =
      code === "DEADLINE" || code === "DUO_PAGING"
        ? ADVICE[code]
        : (ADVICE[duo_code ?? ""] ?? ADVICE[String(status)] ?? ADVICE[code]);
    super(
      `${DUO_ERRORS[code]} (GET ${path}${facts.map((fact) => `, ${fact}`).join("")}): ${advice}.`,
      options,
    );
    this.code = code;
    this.detail = detail;
  }
}

/** The run itself could not be carried out, or ended with an error. */
export class CollectionError extends Error {
  override readonly name = "CollectionError";
  readonly code: "SECRET_UNREADABLE" | "STORE_FAILED" | "INCOMPLETE";

  constructor(code: CollectionError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
