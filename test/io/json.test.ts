import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseJson } from "../../src/io/json.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PAGE_BYTES = 200_000;

/** Values as JSON text, with what looks like the border of two records in them. */
const value = fc.oneof(
  fc.json(),
  fc.constantFrom('"},{\\"epkey\\":"', '[{"epkey":1},{"epkey":2}]', '{"epkey":{"response":[{"epkey":3}]}}'),
);
const member = fc
  .tuple(fc.constantFrom("stat", "response", "\\u0072esponse", "__proto__", "", "0", 'my\\"response'), value)
  .map(([key, text]) => `"${key}":${text}`);
const record = fc
  .tuple(fc.constantFrom("epkey", "epkey", "epkey", "é", "other"), value, fc.array(member, { maxLength: 3 }))
  .map(([key, text, members]) => `{${[`"${key}":${text}`, ...members].join()}}`);

/** A page as text, large enough for pieces: its records come again and again. */
const page = fc
  .record({
    head: fc.array(member, { maxLength: 2 }),
    records: fc.array(record, { minLength: 1, maxLength: 5 }),
    tail: fc.array(member, { maxLength: 2 }),
    separator: fc.constantFrom(",", ", ", ",\n "),
    colon: fc.constantFrom(":", ": "),
  })
  .map(({ head, records, tail, separator, colon }) => {
    const bytes = records.join(separator).length;
    const all = Array.from({ length: Math.ceil(PAGE_BYTES / bytes) }, () => records).flat();
    const response = `"response"${colon}[${all.join(separator)}]`;
    return `{${[...head, response, ...tail].join(separator)}}`;
  });

/** What a parser makes of it, members in their order, or that it throws. */
function outcome(parser: () => unknown): unknown {
  try {
    const parsed = parser();
    return { parsed, text: JSON.stringify(parsed) };
  } catch (error) {
    return error instanceof SyntaxError ? "SyntaxError" : error;
  }
}

/** The same outcome by both parsers. (A matcher would take ten times as long for pages of this size.) */
const isSame = (text: string): boolean =>
  isDeepStrictEqual(
    outcome(() => parseJson(Buffer.from(text))),
    outcome(() => JSON.parse(text)),
  );

describe("parseJson", () => {
  it("gives what JSON.parse gives for a large page, whatever is in it", () => {
    fc.assert(
      fc.property(page, (text) => {
        expect(isSame(text)).toBe(true);
      }),
    );
  });

  it("gives what JSON.parse gives for a large page with a fault in it", () => {
    const fault = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom("", "}", "]", ",", '"', "\\", "[", "{", ":"));
    fc.assert(
      fc.property(page, fault, (good, [place, length, inserted]) => {
        const at = place % good.length;
        const text = good.slice(0, at) + inserted + good.slice(at + length);
        expect(isSame(text)).toBe(true);
      }),
    );
  });

  it.each([
    ["compact", ",", ":"],
    ["as Python writes it", ", ", ": "],
  ])("never holds a large page as one string (%s)", (_, comma, colon) => {
    const record = `{"epkey"${colon}"EP"${comma}"browsers"${colon}[]}`;
    const records = Array.from({ length: 20_000 }, () => record).join(comma);
    const bytes = Buffer.from(`{"metadata"${colon}{}${comma}"response"${colon}[${records}]}`);
    const parse = vi.spyOn(JSON, "parse");
    const parsed = parseJson(bytes);
    const lengths = parse.mock.calls.map(([text]) => text.length);
    expect(parsed).toEqual(JSON.parse(bytes.toString()));
    expect(bytes.length).toBeGreaterThan(500_000);
    expect(Math.max(...lengths)).toBeLessThan(140_000);
  });
});
