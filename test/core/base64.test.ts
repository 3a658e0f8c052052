import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOfBase64 } from "../../src/core/base64.ts";

describe("base64", () => {
  it("is decoded as Node.js does it, of either alphabet and with or without padding", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const bytes = Buffer.from(text.toWellFormed());
        const base64 = bytes.toString("base64");
        for (const form of [base64, base64.replace(/=+$/, ""), bytes.toString("base64url")]) {
          expect(textOfBase64(form)).toBe(bytes.toString());
        }
      }),
    );
  });

  it("may be long, and characters may stand across the blocks in which it is decoded", () => {
    for (const character of ["\u00e9", "\u20ac", "\u{1f600}"]) {
      for (const start of ["", "a", "ab", "abc"]) {
        const text = start + character.repeat(100_000);
        expect(textOfBase64(Buffer.from(text).toString("base64")) === text).toBe(true);
      }
    }
  });

  it.each([
    ["nothing", ""],
    ["other characters", "a b="],
    ["padding only", "=="],
    ["a letter too many", "YWJjZ"],
    ["bytes that are not UTF-8", "/w=="],
    ["a character that is cut", Buffer.from("\u20ac").subarray(0, 2).toString("base64")],
    ["such bytes far behind the start", Buffer.alloc(200_000, "a\xff", "latin1").toString("base64")],
  ])("is not what holds %s", (_, text) => {
    expect(textOfBase64(text)).toBeUndefined();
  });
});
