import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, clipStart, wrap, wrapList } from "../../src/text/layout.ts";

describe("clipping", () => {
  it("keeps what fits, and else the beginning or the end", () => {
    expect([clip("abcdef", 6), clip("abcdefg", 6)]).toEqual(["abcdef", "abc..."]);
    expect([clipStart("abcdef", 6), clipStart("abcdefg", 6)]).toEqual(["abcdef", "...efg"]);
  });

  it("measures what is shown, and cuts no character in two", () => {
    expect(clip("a\u001bbcdefgh", 10)).toBe("a\\u001b...");
    expect(clip("😀😀😀😀😀", 4)).toBe("😀...");
  });
});

describe("wrapping", () => {
  it("indents the first line and all others as it is told", () => {
    expect(wrap("one two three four", 12, { first: "- ", rest: "    " })).toEqual([
      "- one two",
      "    three",
      "    four",
    ]);
    expect(wrap("one two three", 9, { first: "  " })).toEqual(["  one two", "  three"]);
  });

  it("keeps the end of a word that is too long", () => {
    expect(wrap("see /a/very/long/path.json", 12)).toEqual(["see", "...path.json"]);
  });

  it("gives lines that fit, and in them every word", () => {
    const word = fc.string({ minLength: 1, maxLength: 9 }).filter((text) => !/\s/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 12, max: 40 }), (words, width) => {
        const lines = wrap(words.join(" "), width, { first: "> ", rest: "  " });
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.map((line) => line.slice(2)).join(" ")).toBe(words.join(" "));
      }),
    );
  });

  it("sets a list after its heading, or says nothing of an empty one", () => {
    expect(wrapList("missing", ["a", "b"], 80, "  ")).toEqual(["  missing: a, b"]);
    expect(wrapList("missing", [], 80)).toEqual([]);
    expect(wrapList("left", ["a 1", "b 2", "c 3"], 16)).toEqual(["left: a 1, b 2,", "  c 3"]);
  });
});
