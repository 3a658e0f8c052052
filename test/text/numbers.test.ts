import { expect, test } from "vitest";
import { percent } from "../../src/text/numbers.ts";

test.each([
  [0, "0%"],
  [0.000_01, "<1%"],
  [0.005, "1%"],
  [1 / 3, "33%"],
  [2 / 3, "67%"],
  [0.994, "99%"],
  [0.995, ">99%"],
  [0.999_99, ">99%"],
  [1, "100%"],
])("a share of %f is %s: rounded, and only all is 100% and only none 0%", (share, text) => {
  expect(percent(share)).toBe(text);
});
