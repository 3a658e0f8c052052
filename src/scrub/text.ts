/**
 * Replaces what text says and keeps its shape: each word by another one, everything between the words as it is. So an
 * address stays an address, a host name stays valid or invalid, and what was blank stays blank.
 */

import { syncedSuffix } from "../core/rules.ts";
import { isPlaceholder } from "../preflight/placeholder.ts";
import { type KeyedDigest, Permutation } from "./permutation.ts";

/** Names that devices come with, and words for nothing. They identify nobody, and mappings know them. */
const COMMON =
  /^(?:air|android|desktop|false|ipad|iphone|laptop|localdomain|localhost|macbook|none|null|pc|pro|true|unknown)(?=\d*$)/;
const ALL_ONE = /^(?:0+|f+)$/;

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?";
const NO_WORD_BEFORE = "(?<![\\p{L}\\p{N}])";
const NO_WORD_AFTER = "(?![\\p{L}\\p{N}])";
const TOKEN = new RegExp(
  [
    `${NO_WORD_BEFORE}(?<uuid>${UUID})${NO_WORD_AFTER}`,
    `(?<=@)(?<domain>${LABEL}(?:\\.${LABEL})*)`,
    `(?<phone>\\+[1-9]\\d{6,14})${NO_WORD_AFTER}`,
    `(?<short>\\+[1-9]\\d{0,5})${NO_WORD_AFTER}`,
    // How the identifiers of Duo and Windows begin says what they are.
    `${NO_WORD_BEFORE}(?<start>(?:D[ADGHPU]|EP|WA)(?=[A-Z0-9]{18}${NO_WORD_AFTER})|S-1-5-21(?=-\\d))`,
    "(?<word>[\\p{L}\\p{N}]+)",
  ].join("|"),
  "giu",
);

const HEX_WORD = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/i;

/** As long as an address may be. */
const ADDRESS_LENGTH = 254;
const COMMON_ENDING = /^(?:com|corp|edu|example|gov|invalid|io|local|net|org|test)$/i;
/** Ends every domain, so that it belongs to nobody. */
const NOBODYS = ".example";

/** Numbers of people who do not exist: `1`, an area code, 555 and four digits. */
const AREA = 503;
const PER_AREA = 10_000;
const FIRST_AREA = 201;

/** Words that look like one of these stand for one another; the common ones stand for themselves. */
function kindOf(word: string): string | undefined {
  if (ALL_ONE.test(word) || COMMON.test(word)) return undefined;
  if (HEX_WORD.test(word)) return "hex";
  return /^0\d*$/.test(word) ? "with leading zero" : "any";
}

const kindOfUuid = (digits: string): string | undefined => (ALL_ONE.test(digits) ? undefined : "any");

/** Gives phone numbers in the place of others, each once. */
class PhoneBook {
  readonly #permutation: Permutation;
  readonly #numbers = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(permutation: Permutation) {
    this.#permutation = permutation;
  }

  has(digits: string): boolean {
    return this.#numbers.has(digits);
  }

  /** The eleven digits that stand for those of a number. */
  of(digits: string): string {
    let number = this.#numbers.get(digits);
    if (number === undefined) {
      number = this.#free(this.#permutation.number(digits, PER_AREA));
      this.#numbers.set(digits, number);
      this.#taken.add(number);
    }
    return number;
  }

  #free(start: number): string {
    const full = Math.floor(this.#taken.size / PER_AREA);
    const area = full === 0 ? AREA : FIRST_AREA + ((full - 1) % (AREA - FIRST_AREA));
    for (let line = start; ; line++) {
      const number = `1${area}555${String(line % PER_AREA).padStart(4, "0")}`;
      if (!this.#taken.has(number) || line >= start + PER_AREA) return number;
    }
  }
}

const DIGITS_ONLY = /^\d{7,15}$/;
const E164 = /^\+([1-9]\d{6,14})$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?([eE][+-]?\d+)?$/;

/** Most words that are remembered with their replacements. */
const REMEMBERED = 100_000;

export class Replacer {
  readonly #permutation: Permutation;
  readonly #phones: PhoneBook;
  readonly #words = new Map<string, string>();

  /** @param digest the same secret gives the same replacements */
  constructor(digest: KeyedDigest) {
    this.#permutation = new Permutation(digest);
    this.#phones = new PhoneBook(this.#permutation);
  }

  /** Remembers a phone number, so that it is known wherever it stands. */
  addPhone(number: string): void {
    const digits = E164.exec(number.trim())?.[1] ?? number.trim();
    if (DIGITS_ONLY.test(digits)) this.#phones.of(digits);
  }

  /** The text that stands for a value. */
  text(value: string): string {
    if (isPlaceholder(value)) return value;
    const synced = syncedSuffix(value);
    if (synced === undefined) return this.#tokens(value);
    const { suffix, directory } = synced;
    const name = value.slice(0, value.length - suffix.length);
    if (name.trim() === "") return this.#tokens(value);
    const from = suffix.slice(0, -`${directory}")`.length);
    return `${this.#tokens(name)}${from}${this.#tokens(directory)}")`;
  }

  /** The JSON number that stands for another one. */
  number(literal: string): string {
    const [, sign = "", whole = "", fraction, exponent = ""] = NUMBER.exec(literal) ?? [];
    if (whole === "" || isPlaceholder(String(Number(literal)))) return literal;
    const digits = fraction === undefined ? "" : `.${this.#word(fraction)}`;
    const replaced = sign + (whole === "0" ? whole : this.#word(whole)) + digits + exponent;
    // At the ends of what numbers can say, other digits may say nothing or too much.
    const isLike = (one: string): string => `${Number.isFinite(Number(one))} ${Number(one) === 0}`;
    return isLike(replaced) === isLike(literal) ? replaced : literal;
  }

  #tokens(text: string): string {
    const domains = text.split("@").length - 1;
    const isRoom = text.length > ADDRESS_LENGTH || text.length + domains * NOBODYS.length <= ADDRESS_LENGTH;
    return text.replace(TOKEN, (token: string, ...rest: unknown[]) => {
      const groups: unknown = rest.at(-1);
      const is = (name: string): boolean => Reflect.get(Object(groups), name) !== undefined;
      if (is("word")) return this.#word(token);
      if (is("uuid")) return this.#uuid(token);
      if (is("phone")) return `+${this.#phones.of(token.slice(1))}`;
      if (is("short")) return `+${this.#permutation.word(token.slice(1), kindOf)}`;
      if (is("domain")) return this.#domain(token) + (isRoom ? NOBODYS : "");
      return token;
    });
  }

  #word(word: string): string {
    let replaced = this.#words.get(word);
    if (replaced === undefined) {
      replaced = this.#newWord(word);
      if (this.#words.size >= REMEMBERED) this.#words.clear();
      this.#words.set(word, replaced);
    }
    return replaced;
  }

  #newWord(word: string): string {
    if (DIGITS_ONLY.test(word) && this.#phones.has(word)) {
      const digits = this.#phones.of(word).padStart(word.length, "1").slice(-word.length);
      return digits.replace(/^0/, "9");
    }
    const [common] = COMMON.exec(word.toLowerCase()) ?? [];
    if (common !== undefined) {
      const digits = word.slice(common.length);
      return word.slice(0, common.length) + (digits === "" ? "" : this.#permutation.word(digits, kindOf));
    }
    return HEX_WORD.test(word) ? this.#permutation.hex(word, kindOf) : this.#permutation.word(word, kindOf);
  }

  #uuid(uuid: string): string {
    const digits = this.#permutation.hex(uuid.replaceAll("-", ""), kindOfUuid);
    return [0, 8, 12, 16, 20].map((from, at) => digits.slice(from, [8, 12, 16, 20, 32][at])).join("-");
  }

  /** The last label stays where it says what kind of domain it is, and nothing about whose. */
  #domain(domain: string): string {
    const labels = domain.split(".");
    const last = labels.length > 1 && COMMON_ENDING.test(labels.at(-1) ?? "") ? labels.pop() : undefined;
    const replaced = labels.map((label) => label.replace(/[\p{L}\p{N}]+/gu, (word) => this.#word(word)));
    return [...replaced, ...(last === undefined ? [] : [last])].join(".");
  }
}
