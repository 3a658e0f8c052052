import { describe, expect, it } from "vitest";
import { BEST_FIT, SEARCHED_FIELDS, Search } from "../../src/explanation/search.ts";

const fitOf = (id: string, record: unknown): number | undefined => new Search(id).fit(record);

describe("a record fits an identifier", () => {
  it.each(SEARCHED_FIELDS)("that its field %s holds", (field) => {
    expect(fitOf("X-1", { [field]: "X-1" })).toBe(BEST_FIT);
  });

  it.each([
    ["an alias", { alias1: "X-1" }],
    ["an alias among many", { aliases: { alias6: "X-1" } }],
    ["an alias of any name", { aliases: { other: "X-1" } }],
    ["a user of it", { users: [{ username: "bert" }, { email: "X-1" }] }],
    ["the user of a credential", { user: { username: "X-1" } }],
  ])("that is %s", (_, record) => {
    expect(fitOf("X-1", record)).toBeGreaterThanOrEqual(BEST_FIT);
  });

  it.each([
    ["in another case", "ADA@example.COM", { email: "ada@Example.com" }],
    ["with white space around it", " ada ", { username: "ada" }],
    ["a phone number as people write it", "+1 (503) 555-0100", { number: "+15035550100" }],
    ["a number", "1234", { serial: 1234 }],
  ])("that is written another way: %s", (_, id, record) => {
    expect(fitOf(id, record)).toBeGreaterThanOrEqual(BEST_FIT);
  });

  it("best when it is the record's own in this spelling, then in another, then that of something in it", () => {
    const records = [
      { user_id: "du1" },
      { user_id: "DU1" },
      { users: [{ user_id: "DU1" }] },
      { users: [{ user_id: "du1" }] },
      { user_id: "DU2" },
    ];
    const fits = records.map((record) => fitOf("du1", record));
    expect(fits).toEqual([0, 1, 3, 2, undefined]);
    expect(fitOf("du1", { users: [{ user_id: "du1" }], user_id: "DU1" })).toBe(1);
  });
});

describe("a record does not fit an identifier", () => {
  it.each([
    ["that another field holds", { notes: "X-1", groups: [{ name: "X-1" }] }],
    ["that is a part of its own", { email: "X-1@example.com" }],
    ["that is a key of it", { "X-1": true }],
    ["where it is a list or an object", { user_id: ["X-1"], email: { toString: "X-1" } }],
    ["that lies too deep", { a: { b: { c: { d: { e: { user_id: "X-1" } } } } } }],
    ["when it is no object", "X-1"],
  ])("%s", (_, record) => {
    expect(fitOf("X-1", record)).toBeUndefined();
  });

  it("however deep it is", () => {
    const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    expect(fitOf("X-1", { user_id: deep })).toBeUndefined();
    expect(fitOf("toString", {})).toBeUndefined();
  });

  it("when only one of the two is a phone number", () => {
    expect(fitOf("503-555", { username: "503x555" })).toBeUndefined();
    expect(fitOf("1.2", { serial: "12" })).toBeUndefined();
  });
});
