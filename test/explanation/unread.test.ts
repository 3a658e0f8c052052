import { describe, expect, it } from "vitest";
import { unreadFields } from "../../src/explanation/unread.ts";

/** The unread fields of a record, where rows read these paths. */
const unread = (record: object, ...read: string[]): string[] =>
  unreadFields(record, (path) => read.includes(path));

describe("the fields that no row reads", () => {
  it("are those that hold a value, in the record's order", () => {
    const record = { serial: "1", epkey: "E1", notes: "", empty: {}, none: null, list: [[], {}], zero: 0 };
    expect(unread(record, "epkey")).toEqual(["serial", "zero"]);
  });

  it("stand by one path for an object or a list that no row looks into", () => {
    expect(unread({ groups: [{ name: "g" }, { name: "h" }], site: { name: { text: "s" } } })).toEqual([
      "groups",
      "site",
    ]);
  });

  it("stand once for all elements that a row looks into", () => {
    const browsers = [{ family: "A", flash: 1 }, { flash: 2 }];
    expect(
      unread({ browsers }, "browsers", "browsers[]", "browsers[0]", "browsers[1]", "browsers[].family"),
    ).toEqual(["browsers[].flash"]);
  });

  it("are the other elements where a row reads the first, from the first to the last with a value", () => {
    const users = [{ username: "ada", realname: "Ada" }, { username: "bert" }, {}, { username: "eve" }];
    const read = ["users", "users[0]", "users[0].username"];
    expect(unread({ users }, ...read)).toEqual(["users[0].realname", "users[1] to [3]"]);
    expect(unread({ users: users.slice(0, 2) }, ...read)).toEqual(["users[0].realname", "users[1]"]);
  });

  it("end at a depth that no record has", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
    expect(unread(deep)).toEqual(["a"]);
  });
});
