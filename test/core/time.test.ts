import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { isoTimestamp, isoTimestampByLuxon, timestamp } from "../../src/core/time.ts";

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** What the fast path and luxon say of each text, where they differ. */
function disagreements(texts: Iterable<string>): string[] {
  const found: string[] = [];
  for (const text of texts) {
    const time = DateTime.fromISO(text, { zone: "utc" });
    const seconds = time.millisecond === 0 ? "ss" : "ss.SSS";
    const format = `yyyy-MM-dd'T'HH:mm:${seconds}'Z'`;
    const judged = time.isValid && time.year >= 1 ? time.toFormat(format) : undefined;
    if (isoTimestamp(text) !== judged || isoTimestampByLuxon(text) !== judged) {
      found.push(`${text}: ${isoTimestamp(text)}, ${isoTimestampByLuxon(text)}, ${judged}`);
    }
  }
  return found;
}

function* days(): Generator<string> {
  for (const year of [0, 1, 4, 100, 400, 1582, 1900, 1969, 1970, 2000, 2023, 2024, 2100, 9999]) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
        yield `${date}T03:04:05`;
        yield `${date}T23:59:59Z`;
        yield `${date}T23:59:59.120Z`;
      }
    }
  }
}

function* times(): Generator<string> {
  for (const date of ["2025-01-02", "2024-02-29", "2025-12-31"]) {
    for (let hour = 0; hour <= 25; hour++) yield `${date}T${pad(hour)}:00:00`;
    for (let hour = 0; hour <= 25; hour++) yield `${date}T${pad(hour)}:59:59Z`;
    for (let minute = 0; minute <= 61; minute++) yield `${date}T23:${pad(minute)}:59Z`;
    for (let second = 0; second <= 61; second++) yield `${date}T23:59:${pad(second)}`;
    for (let count = 0; count <= 999; count++) yield `${date}T23:59:59.${pad(count, 3)}Z`;
    for (const rest of [".1Z", ".12Z", ".123", ".123z", ",123Z", ".12aZ", ".Z"]) {
      yield `${date}T23:59:59${rest}`;
    }
  }
}

describe("an ISO 8601 string", () => {
  it.each([
    ["without a zone is UTC", "2025-01-02T03:04:05", "2025-01-02T03:04:05Z"],
    ["with Z is UTC", "2025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"],
    ["with an offset is converted to UTC", "2025-01-02T03:04:05+05:30", "2025-01-01T21:34:05Z"],
    ["with an offset of hours alone is converted", "2025-01-02T03:04:05-08", "2025-01-02T11:04:05Z"],
    ["with the greatest offset is converted", "2025-01-02T23:59:00+23:59", "2025-01-02T00:00:00Z"],
    ["has the white space around it ignored", " \t2025-01-02T03:04:05 \n", "2025-01-02T03:04:05Z"],
    ["prints milliseconds when they are not zero", "2025-01-02T03:04:05.250", "2025-01-02T03:04:05.250Z"],
    ["prints one digit of a second as milliseconds", "2025-01-02T03:04:05,5Z", "2025-01-02T03:04:05.500Z"],
    ["prints no milliseconds when they are zero", "2025-01-02T03:04:05.000Z", "2025-01-02T03:04:05Z"],
    ["has finer digits cut, not rounded", "2025-01-02T03:04:05.9999999Z", "2025-01-02T03:04:05.999Z"],
    ["has finer digits cut before 1970 too", "1969-12-31T23:59:58.7659", "1969-12-31T23:59:58.765Z"],
    [
      "has milliseconds that vanish when finer digits are cut",
      "2025-01-02T03:04:05.0009",
      "2025-01-02T03:04:05Z",
    ],
    ["without a time is midnight", "2025-01-02", "2025-01-02T00:00:00Z"],
    ["without seconds has none", "2025-01-02T03:04", "2025-01-02T03:04:00Z"],
    ["in the basic format is read", "20250102T030405Z", "2025-01-02T03:04:05Z"],
    ["of a week date is read", "2025-W01-4", "2025-01-02T00:00:00Z"],
    ["of an ordinal date is read", "2025-002", "2025-01-02T00:00:00Z"],
    ["of a year and month is their first day", "2025-01", "2025-01-01T00:00:00Z"],
    ["at hour 24 is the next midnight", "2025-01-02T24:00:00", "2025-01-03T00:00:00Z"],
    ["in lower case is read", "2025-01-02t03:04:05z", "2025-01-02T03:04:05Z"],
    ["of the first second of year 1 is read", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["of the last millisecond of year 9999 is read", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
    ["with a signed six-digit year is read", "+002025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"],
  ])("%s", (_, text, expected) => {
    expect(isoTimestamp(text)).toBe(expected);
    expect(timestamp(text)).toBe(expected);
  });

  it.each([
    ["a year before 0001", "0000-12-31T23:59:59Z"],
    ["a year after 9999", "+010000-01-01T00:00:00Z"],
    ["a time before year 1 by its offset", "0001-01-01T00:00:00+00:01"],
    ["a time after year 9999 by its offset", "9999-12-31T23:59:59-00:01"],
    ["a time after year 9999 by hour 24", "9999-12-31T24:00:00Z"],
    ["a day that its month does not have", "2025-02-29"],
    ["a month that no year has", "2025-13-01T00:00:00"],
    ["a leap second", "2016-12-31T23:59:60Z"],
    ["a time past hour 24", "2025-01-02T24:00:01"],
    ["a time without a date", "03:04:05"],
    ["a T and no time", "2025-01-02T"],
    ["a space for the T", "2025-01-02 03:04:05"],
    ["a space before the zone", "2025-01-02T03:04:05 Z"],
    ["a zone by name", "2025-01-02T03:04:05[Pacific/Auckland]"],
    ["a zone by name after an offset", "2025-01-02T03:04:05+13:00[Pacific/Auckland]"],
    ["an offset of 24 hours", "2025-01-02T03:04:05+24:00"],
    ["an offset of 60 minutes", "2025-01-02T03:04:05+01:60"],
    ["an offset with the minus sign of typography", "2025-01-02T03:04:05−05:00"],
    ["single digits", "2025-1-2"],
    ["a year and month that could be a date of six digits", "202501"],
    ["digits of another script", "２０２５-01-02T03:04:05"],
    ["words", "yesterday"],
    ["nothing", ""],
    ["the digits of an epoch", "1735787045"],
  ])("is refused with %s", (_, text) => {
    expect(isoTimestamp(text)).toBeUndefined();
  });

  it("is read alike by its digits and by luxon on every day of every month, and beyond", () => {
    expect(disagreements(days())).toEqual([]);
  });

  it("is read alike by its digits and by luxon at every hour, minute and second, and beyond", () => {
    expect(disagreements(times())).toEqual([]);
  });

  it("keeps each of the thousand milliseconds", () => {
    const lost: string[] = [];
    for (let millisecond = 1; millisecond < 1000; millisecond++) {
      const text = `2025-01-02T03:04:05.${pad(millisecond, 3)}`;
      if (isoTimestamp(text) !== `${text}Z`) lost.push(text);
      if (timestamp(Number(`1735787045.${pad(millisecond, 3)}`)) !== `${text}Z`)
        lost.push(`${text} as seconds`);
    }
    expect(lost).toEqual([]);
  });
});

describe("an epoch", () => {
  it.each<[string, unknown, string]>([
    ["as a string of 10 digits counts seconds", "1735787045", "2025-01-02T03:04:05Z"],
    ["as a string of 13 digits counts milliseconds", "1735787045250", "2025-01-02T03:04:05.250Z"],
    ["as a string with leading zeros still has 10 digits", "0000000001", "1970-01-01T00:00:01Z"],
    ["as a number counts seconds", 1735787045, "2025-01-02T03:04:05Z"],
    ["as a number with a fraction keeps its milliseconds", 1735787045.289, "2025-01-02T03:04:05.289Z"],
    ["as a number has finer digits cut", 1.2349, "1970-01-01T00:00:01.234Z"],
    ["of zero is 1970", 0, "1970-01-01T00:00:00Z"],
    ["below zero is before 1970", -1, "1969-12-31T23:59:59Z"],
    ["just below 1e11 still counts seconds", 99_999_999_999, "5138-11-16T09:46:39Z"],
    ["from 1e11 on counts milliseconds", 100_000_000_000, "1973-03-03T09:46:40Z"],
    ["just above -1e11 still counts seconds", -62_135_596_800, "0001-01-01T00:00:00Z"],
    ["from -1e11 down counts milliseconds", -100_000_000_000, "1966-10-31T14:13:20Z"],
    ["too small to count is zero", 1e-7, "1970-01-01T00:00:00Z"],
    ["of the last millisecond of year 9999 is read", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"],
  ])("%s", (_, value, expected) => {
    expect(timestamp(value)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ["as a string of 9 digits", "173578704"],
    ["as a string of 11 digits", "17357870451"],
    ["as a string of 12 digits", "173578704512"],
    ["as a string of 14 digits", "17357870452501"],
    ["as a string with a sign", "-1735787045"],
    ["as a string with a fraction", "1735787045.5"],
    ["as a string with white space around it", " 1735787045"],
    ["of year 10000", 253_402_300_800_000],
    ["before year 1", -62_135_596_801],
    ["past what a date can hold", 1e300],
    ["of no number", Number.NaN],
    ["without end", Number.POSITIVE_INFINITY],
    ["as a boolean", true],
    ["as null", null],
    ["as a list", [1735787045]],
  ])("is refused %s", (_, value) => {
    expect(timestamp(value)).toBeUndefined();
  });
});
