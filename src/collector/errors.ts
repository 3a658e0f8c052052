/**
 * What can go wrong in a collection, told apart by who must act: Duo, or the person who runs it. A wrong
 * configuration is a `ConfigError` (io/errors.ts).
 */

import { causeOf, DUO_ERRORS, type DuoErrorCode, type DuoErrorDetail } from "./causes.ts";

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
  /**
   * `SECRET_UNREADABLE`: Secrets Manager gave no key. `STORE_FAILED`: an object was not stored. `INTERRUPTED`: the
   * run's signal was aborted. `INCOMPLETE`: a resource failed, or was not started.
   */
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
