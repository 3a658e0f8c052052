import { describe, expect, it } from "vitest";
import { count, number } from "../../src/text/numbers.ts";

describe("numbers for people", () => {
  it("group thousands, and count in the singular and the plural", () => {
    expect(number(1234567)).toBe("1,234,567");
    expect([count(0, "record"), count(1, "record"), count(2000, "record")]).toEqual([
      "0 records",
      "1 record",
      "2,000 records",
    ]);
    expect(count(2, "entity", "entities")).toBe("2 entities");
  });
});
