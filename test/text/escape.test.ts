import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableJson, valueText } from "../../src/text/escape.ts";

describe("printable text", () => {
  it.each([
    ["\u001b[31m", "\\u001b[31m"],
    ["a\tb\r\n", "a\\u0009b\\u000d\\u000a"],
    ["\u007f\u0085\u009b", "\\u007f\\u0085\\u009b"],
    ["\u061c\u200e\u200f\u202a\u202e\u2066\u2069", "\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069"],
    ["\u2028\u2029\ufeff", "\\u2028\\u2029\\ufeff"],
    ["\ud800 and \udc00", "\\ud800 and \\udc00"],
    ["Zoë 😀 שלום 日本", "Zoë 😀 שלום 日本"],
  ])("shows %j as %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printable(shown)).toBe(shown);
  });
});

describe("printable JSON", () => {
  it("is the same value, and holds no character that a terminal would obey", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), (json) => {
        const shown = printableJson(json);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
        expect(printable(shown)).toBe(shown);
      }),
    );
  });

  it("keeps the ends of lines between values", () => {
    expect(printableJson('[\n"\u007f"\n]\n')).toBe('[\n"\\u007f"\n]\n');
  });

  it("prints any value", () => {
    expect(valueText("\u009b")).toBe('"\\u009b"');
    expect(valueText(undefined)).toBe("undefined");
  });
});
