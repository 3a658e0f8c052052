/**
 * Timestamps: whatever a page holds, read as UTC and printed in one form.
 *
 * Read: an ISO 8601 string with a date (no zone means UTC, white space around it is ignored), a string of
 * exactly 10 digits (epoch seconds) or 13 (epoch milliseconds), a number (below 1e11 in magnitude seconds,
 * else milliseconds). Printed: `YYYY-MM-DDTHH:MM:SSZ`, with `.mmm` only when the milliseconds are not zero;
 * finer digits are cut. Years outside 0001 to 9999 are invalid. (DECISIONS.md, 6)
 */

import { DateTime } from "luxon";

const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;

/** From here on a number counts milliseconds; below it, in magnitude, seconds. */
const MILLISECONDS_FROM = 1e11;

const DASH = 45;
const COLON = 58;
const T = 84;
const Z = 90;

/** The character codes of the two digits of a number below 100. */
const ten = (number: number): number => 48 + Math.trunc(number / 10);
const one = (number: number): number => 48 + (number % 10);

/** As `toISOString` prints a time, which takes three times as long. */
function print(milliseconds: number): string | undefined {
  if (!(milliseconds >= YEAR_1 && milliseconds < YEAR_10000)) return undefined;
  const time = new Date(milliseconds);
  const century = Math.trunc(time.getUTCFullYear() / 100);
  const year = time.getUTCFullYear() % 100;
  const month = time.getUTCMonth() + 1;
  const day = time.getUTCDate();
  const hour = time.getUTCHours();
  const minute = time.getUTCMinutes();
  const second = time.getUTCSeconds();
  // biome-ignore format: as it is printed
  const text = String.fromCharCode(
    ten(century), one(century), ten(year), one(year), DASH, ten(month), one(month), DASH, ten(day), one(day),
    T, ten(hour), one(hour), COLON, ten(minute), one(minute), COLON, ten(second), one(second), Z,
  );
  const finer = time.getUTCMilliseconds();
  return finer === 0 ? text : `${text.slice(0, -1)}.${String(finer).padStart(3, "0")}Z`;
}

const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};

const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

/** `.mmm` and `Z`, and nothing else. */
const MILLISECONDS = /^\.\d{3}Z$/;

/**
 * `YYYY-MM-DDTHH:MM:SS`, bare or with `Z` or `.mmmZ`, by its digits alone. Anything else, the 29th to 31st of a
 * month and the hour 24 among it, is left to luxon.
 */
function canonical(text: string): string | undefined {
  const { length } = text;
  const isWhole = length === 19 || (length === 20 && text.charCodeAt(19) === Z);
  if (!isWhole && !(length === 24 && MILLISECONDS.test(text.slice(19)))) return undefined;
  if (
    text.charCodeAt(4) !== DASH ||
    text.charCodeAt(7) !== DASH ||
    text.charCodeAt(10) !== T ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON
  ) {
    return undefined;
  }
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const inRange =
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    two(text, 11) <= 23 &&
    two(text, 14) <= 59 &&
    two(text, 17) <= 59;
  if (!inRange) return undefined;
  if (length === 19 || text.endsWith(".000Z")) return `${text.slice(0, 19)}Z`;
  return text;
}

// Luxon also takes a time without a date for today's, a year and month without a hyphen, a zone by its name in
// brackets and an offset of any size. None of them is ISO 8601, and two depend on more than the page.
const DATE = String.raw`(?:[+-]\d{6}|\d{4})(?:-?\d\d-?\d\d|-\d\d|-?\d{3}|-?W\d\d(?:-?\d)?)?`;
const TIME = String.raw`T[\d:.,]+(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?`;
const ISO_8601 = new RegExp(`^${DATE}(?:${TIME})?$`, "i");
const FINER_THAN_MILLISECONDS = /([.,]\d{3})\d+/;

/** What {@link isoTimestamp} says of a string that is not in the canonical form. */
export function isoTimestampByLuxon(text: string): string | undefined {
  const trimmed = text.trim();
  if (!ISO_8601.test(trimmed)) return undefined;
  const time = DateTime.fromISO(trimmed.replace(FINER_THAN_MILLISECONDS, "$1"), {
    zone: "utc",
    // No ISO 8601 depends on it, and asking for the system's takes 20 ms.
    locale: "en-US",
  });
  return time.isValid ? print(time.toMillis()) : undefined;
}

/** An ISO 8601 string as a UDM timestamp, or `undefined` when it is not one. */
export function isoTimestamp(text: string): string | undefined {
  return canonical(text) ?? isoTimestampByLuxon(text);
}

/** Seconds to whole milliseconds by the digits JavaScript prints, so that `.123` stays 123. */
function secondsToMilliseconds(seconds: number): number {
  const [whole = "", fraction = ""] = String(Math.abs(seconds)).split(".");
  if (whole.includes("e") || fraction.includes("e")) return 0;
  return Math.sign(seconds) * (Number(whole) * 1000 + Number(`${fraction}000`.slice(0, 3)));
}

/** Any timestamp of the three kinds as a UDM timestamp, or `undefined` when it is not one. */
export function timestamp(value: unknown): string | undefined {
  if (typeof value === "number") {
    return print(Math.abs(value) < MILLISECONDS_FROM ? secondsToMilliseconds(value) : Math.trunc(value));
  }
  if (typeof value !== "string") return undefined;
  if (/^\d{10}$/.test(value)) return print(Number(value) * 1000);
  if (/^\d{13}$/.test(value)) return print(Number(value));
  return isoTimestamp(value);
}

/** Whole epoch seconds, as a number or as digits, as a UDM timestamp, or `undefined` when the value is not one. */
export function epochTimestamp(value: unknown): string | undefined {
  const seconds = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof seconds === "number" && Number.isInteger(seconds) ? print(seconds * 1000) : undefined;
}
