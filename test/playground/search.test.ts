import { expect, it } from "vitest";
import { holdsText } from "../../playground/parts/search.ts";

it.each([
  ["ada", true],
  ['"user":"example', true],
  ["example\\ada", true],
  ['the "first"', true],
  ["example\\\\ada", true],
  ["example/ada", false],
])("a record is found by %j: %s", (wanted, isFound) => {
  const json = JSON.stringify({ user: "EXAMPLE\\ada", note: 'The "first"' }).toLowerCase();
  expect(holdsText(json, wanted)).toBe(isFound);
});
