/** Finds the record that a person has an identifier of: a key of Duo's, an address, a name, a number, a serial. */

import { ALIAS_NAME } from "../core/cell.ts";
import { isObject, present } from "../core/scalar.ts";

/** The fields that are compared, in the record itself and in the users, phones and tokens within it. */
export const SEARCHED_FIELDS = [
  "user_id",
  "group_id",
  "phone_id",
  "epkey",
  "token_id",
  "webauthnkey",
  "dakey",
  "daid",
  "hardware_uuid",
  "machine_guid",
  "device_id",
  "device_identifier",
  "device_udid",
  "computer_sid",
  "cpu_id",
  "external_id",
  "credential_id",
  "device_name",
  "email",
  "username",
  "username1",
  "device_username",
  "number",
  "serial",
] as const;

const SEARCHED: ReadonlySet<string> = new Set(SEARCHED_FIELDS);

/** Levels of objects and arrays that are searched. */
const DEEPEST_SEARCHED = 4;

/** How well a record fits: the identifier is the record's own or of something in it, in this spelling or another. */
export const BEST_FIT = 0;
const OTHER_SPELLING = 1;
const WITHIN = 2;

const foldCase = (text: string): string => text.trim().toLowerCase();

/** A phone number may be written with spaces, hyphens and brackets. */
const PHONE_NUMBER = /^\+?[\d\s().-]{5,}$/;
const digits = (text: string): string => text.replace(/[\s().-]/g, "");

/** Compares values with one identifier. */
export class Search {
  readonly #id: string;
  readonly #folded: string;
  readonly #digits: string | undefined;

  constructor(id: string) {
    this.#id = id;
    this.#folded = foldCase(id);
    this.#digits = PHONE_NUMBER.test(id) ? digits(id) : undefined;
  }

  /** How well the record fits, 0 being best; undefined when it does not. */
  fit(record: unknown): number | undefined {
    return this.#fit(record, false, 0);
  }

  #fit(value: unknown, isAlias: boolean, depth: number): number | undefined {
    if (depth > DEEPEST_SEARCHED) return undefined;
    let best: number | undefined;
    const see = (fit: number | undefined): void => {
      if (fit !== undefined && (best === undefined || fit < best)) best = fit;
    };
    if (Array.isArray(value)) {
      for (const element of value) see(this.#fit(element, isAlias, depth + 1));
    } else if (isObject(value)) {
      for (const [name, field] of Object.entries(value)) {
        const scalar = present(field);
        if (scalar === undefined) see(this.#fit(field, name === "aliases", depth + 1));
        else if (isAlias || SEARCHED.has(name) || ALIAS_NAME.test(name)) {
          const spelling = this.#spelling(String(scalar));
          if (spelling !== undefined) see(spelling + (depth === 0 ? 0 : WITHIN));
        }
      }
    }
    return best;
  }

  #spelling(text: string): number | undefined {
    if (text === this.#id) return BEST_FIT;
    const isEqual =
      foldCase(text) === this.#folded || (this.#digits !== undefined && digits(text) === this.#digits);
    return isEqual ? OTHER_SPELLING : undefined;
  }
}
