import { expect, it } from "vitest";
import { firstOf, sequence } from "../../src/text/words.ts";

it("sets words in a sentence", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((words) => sequence(words))).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
  expect(sequence(["a", "b"], "or")).toBe("a or b");
});

it("names the first of many words", () => {
  expect(firstOf(["a", "b", "c"], 3)).toBe("a, b and c");
  expect(firstOf(["a", "b", "c", "d"], 3)).toBe("a, b, c and d");
  expect(firstOf(["a", "b", "c", "d", "e"], 3)).toBe("a, b, c and 2 others");
});
