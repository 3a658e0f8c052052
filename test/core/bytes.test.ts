import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BRACE, BRACKET, ByteWriter, fixedText, utf8 } from "../../src/core/bytes.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** Also longer than what is written in words; often with the bytes that the highest words are made of. */
const TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200, size: "max" }),
  fc.string({ unit: fc.constantFrom("\0", "\x7f", "\u{10ffff}", "\ufffd"), maxLength: 50 }),
);

describe("bytes", () => {
  it("encode any well-formed text as UTF-8 does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8(text.toWellFormed())).toEqual(new TextEncoder().encode(text));
      }),
    );
  });

  it("hold a string as JSON.stringify writes it, and a comma", () => {
    const out = new ByteWriter();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        out.text('"');
        out.string(text.toWellFormed());
        expect(decode(out.take())).toBe(`${JSON.stringify(text.toWellFormed())},`);
      }),
    );
  });

  it("close a list or an object over the last comma", () => {
    const out = new ByteWriter();
    out.text('{"a":["');
    out.string("x");
    out.close(BRACKET);
    out.close(BRACE);
    expect(decode(out.take())).toBe('{"a":["x"]},');
  });

  it("hold fixed text of any length, some of it over the last comma", () => {
    const out = new ByteWriter();
    fc.assert(
      fc.property(fc.array(fc.tuple(TEXT, fc.boolean()), { maxLength: 50 }), (pieces) => {
        let expected = "start,";
        out.text(expected);
        for (const [text, isOver] of pieces) {
          out.fixed(fixedText(`${text},`, isOver));
          expected = `${isOver ? expected.slice(0, -1) : expected}${text},`;
        }
        expect(decode(out.take())).toBe(expected);
      }),
    );
  });

  it("grow with what is written, and stay as they are when the writer starts again", () => {
    const out = new ByteWriter();
    const long = "é".repeat(100_000);
    out.text(long);
    const taken = out.take();
    out.text("x".repeat(200_000));
    expect(decode(taken)).toBe(long);
    expect(decode(out.take())).toBe("x".repeat(200_000));
    expect(out.take()).toHaveLength(0);
  });
});
