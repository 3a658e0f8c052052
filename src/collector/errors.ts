/**
 * What can go wrong in a collection, told apart by who must act: Duo, or the person who runs it. A wrong
 * configuration is a `ConfigError` (io/errors.ts).
 */

import { causeOf } from "./causes.ts";

/** Why Duo gave no page. */
export const DUO_ERRORS = {
  DUO_STAT_FAIL: "Duo refused the request",
  DUO_HTTP: "Duo answered with an HTTP error",
  DUO_BODY: "Duo's answer could not be used",
  DUO_UNREACHABLE: "Duo could not be reached, or the connection broke",
  DUO_PAGING: "Duo's pages would not come to an end",
  DUO_SHORT: "Duo gave fewer records than it announced",
  DEADLINE: "The time for this run was used up",
} as const;
export type DuoErrorCode = keyof typeof DUO_ERRORS;

export interface DuoErrorDetail {
  /** The request's path and query. */
  readonly path: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** Duo's own five-digit code and message, when its answer had them. Masked, and short. */
  readonly duo_code?: string;
  readonly duo_message?: string;
  /** The system's code of a broken connection (`ECONNRESET`). */
  readonly system_code?: string;
  /** What is wrong with the answer, where the code leaves it open. */
  readonly fault?: string;
  /** The scheme and host that a redirect points to. */
  readonly redirect?: string;
  /** True when it was the proxy that answered, or could not be reached. */
  readonly of_proxy?: boolean;
  /** How often the request was sent. */
  readonly tries?: number;
}

/** Duo's answer, or the lack of one, kept a page from being read. Says what happened, where, and what to do. */
export class DuoApiError extends Error {
  override readonly name = "DuoApiError";
  readonly code: DuoErrorCode;
  readonly detail: DuoErrorDetail;

  constructor(code: DuoErrorCode, detail: DuoErrorDetail, options?: ErrorOptions) {
    const { path, status, duo_code, duo_message, system_code, fault, redirect, tries } = detail;
    const facts = [
      status !== undefined && `HTTP ${status}`,
      redirect !== undefined && `to ${redirect}`,
      fault,
      duo_code !== undefined && `Duo code ${duo_code}`,
      duo_message !== undefined && `"${duo_message}"`,
      system_code,
      tries !== undefined && tries > 1 && `after ${tries} tries`,
    ].filter((fact) => typeof fact === "string");
    const { what = DUO_ERRORS[code], advice } = causeOf(code, detail);
    super(`${what} (GET ${path}${facts.map((fact) => `, ${fact}`).join("")}): ${advice}.`, options);
    this.code = code;
    this.detail = detail;
  }
}

/** The run itself could not be carried out, or ended with an error. */
export class CollectionError extends Error {
  override readonly name = "CollectionError";
  readonly code: "SECRET_UNREADABLE" | "STORE_FAILED" | "INTERRUPTED" | "INCOMPLETE";
  /** True when nothing else of the run would do better. */
  readonly endsRun: boolean;

  constructor(
    code: CollectionError["code"],
    message: string,
    options: ErrorOptions & { endsRun?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.endsRun = options.endsRun ?? false;
  }
}
