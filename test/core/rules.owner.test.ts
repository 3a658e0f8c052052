import { describe, expect, it } from "vitest";
import { mappedWithKey, mapWithKey, wrongType } from "../support/vendor-rows.ts";

describe("the owner's email_addresses", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["have the email", { email: "a@example.com", username: "b@example.com" }, "a@example.com"],
    [
      "have else the username",
      { email: "a", username: "b@example.com", username1: "c@example.com" },
      "b@example.com",
    ],
    [
      "have else username1, read as a raw field",
      { username: "b", username1: "c@example.com" },
      "c@example.com",
    ],
    ["are verbatim", { email: " A@Example.com " }, " A@Example.com "],
    ["take any text with an @", { email: "@" }, "@"],
  ])("%s", (_, fields, address) => {
    expect(mapWithKey(fields)).toEqual(mappedWithKey({ owner: { email_addresses: [address] } }));
  });

  it("have else the first user's username, for a username1 that is absent", () => {
    const users = [{ username: "d@example.com" }];
    const owner = { email_addresses: ["d@example.com"], userid: "d" };
    expect(mapWithKey({ email: "", users })).toEqual(mappedWithKey({ owner }));
    expect(mapWithKey({ username1: " ", users })).toEqual(mappedWithKey({ owner }));
  });

  it("do not have the first user's username when a raw username1 is present, even without an @", () => {
    const record = { username1: "c", users: [{ username: "d@example.com" }] };
    expect(mapWithKey(record)).toEqual(mappedWithKey({ owner: { userid: "d" } }));
  });

  it("have then the first user's email, and no other user's", () => {
    const record = {
      email: "a@example.com",
      users: [{ email: "u@example.com" }, { email: "v@example.com" }],
    };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({ owner: { email_addresses: ["a@example.com", "u@example.com"] } }),
    );
  });

  it("have an address once, when both are exactly the same", () => {
    const record = { email: "a@example.com", users: [{ email: "a@example.com" }] };
    expect(mapWithKey(record)).toEqual(mappedWithKey({ owner: { email_addresses: ["a@example.com"] } }));
  });

  it("have both of two addresses that differ in case", () => {
    const record = { email: "a@example.com", users: [{ email: "A@example.com" }] };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({ owner: { email_addresses: ["a@example.com", "A@example.com"] } }),
    );
  });

  it("have nothing without an @, and that is no issue", () => {
    expect(mapWithKey({ email: "a", username: 7, username1: true, users: [{ email: "u" }] })).toEqual(
      mappedWithKey({}),
    );
  });
});

describe("the owner's phone_numbers", () => {
  it("are the number, alone", () => {
    expect(mapWithKey({ number: "+15035550100" })).toEqual(
      mappedWithKey({ owner: { phone_numbers: ["+15035550100"] } }),
    );
    expect(mapWithKey({ number: 15035550100 })).toEqual(
      mappedWithKey({ owner: { phone_numbers: ["15035550100"] } }),
    );
  });
});

describe("the owner's userid", () => {
  it.each([
    ["ada", "ada"],
    ["ada@example.com", "ada"],
    ["ada@x@y", "ada"],
    [" ada t ", " ada t "],
    [7, "7"],
  ])("of the first user's username %j is %j", (username, userid) => {
    // A raw username1 keeps the user name out of the addresses.
    expect(mapWithKey({ username1: "x", users: [{ username }] })).toEqual(
      mappedWithKey({ owner: { userid } }),
    );
  });

  it("is not there when nothing stands before the @", () => {
    expect(mapWithKey({ username1: "x", users: [{ username: "@example.com" }] })).toEqual(mappedWithKey({}));
  });

  it("is not the record's own username", () => {
    expect(mapWithKey({ username: "ada" })).toEqual(mappedWithKey({}));
  });
});

describe("the first user", () => {
  const user = { email: "u@example.com", username: "u" };

  it("is the first element, though it be empty", () => {
    expect(mapWithKey({ users: [{}, user] })).toEqual(mappedWithKey({}));
  });

  it.each([[undefined], [null], [""], [[]], [[null, user]]])("is not there in users of %j", (users) => {
    expect(mapWithKey({ users })).toEqual(mappedWithKey({}));
  });

  it.each<[unknown, string]>([
    [user, "users"],
    ["u@example.com", "users"],
    [["u@example.com", user], "users[0]"],
    [[[user]], "users[0]"],
  ])("is not there in users of %j, and that is FIELD_TYPE", (users, path) => {
    expect(mapWithKey({ users })).toEqual(mappedWithKey({ issues: [wrongType(path, "users.email")] }));
  });
});

describe("relations", () => {
  it("hold the owner as a USER, related by OWNS, under the entity's own user", () => {
    const users = [{ email: "u@example.com", username: "u" }];
    expect(mapWithKey({ number: "+15035550100", users })).toEqual(
      mappedWithKey({
        owner: { email_addresses: ["u@example.com"], phone_numbers: ["+15035550100"], userid: "u" },
      }),
    );
  });
});
