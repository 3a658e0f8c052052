import { describe, expect, it } from "vitest";
import { explainRecord } from "../../src/core/explain.ts";
import { resourceOfRecord } from "../../src/core/resource.ts";
import { isObject } from "../../src/core/scalar.ts";
import { type RecordVerdict, recordVerdict } from "../../src/explanation/verdict.ts";
import { type ProfileChoice, profileOf } from "../../src/profiles/index.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

function verdictOf(record: unknown, choice: ProfileChoice = {}): RecordVerdict {
  const resource = isObject(record) ? resourceOfRecord(record) : "unknown";
  const profile = profileOf(choice);
  const known = resource === "unknown" ? {} : { resource };
  const explanation = explainRecord(record, { collectedAt: COLLECTED_AT, profile, ...known });
  return recordVerdict(explanation, record, resource, profile);
}

const sentencesOf = (record: unknown, choice?: ProfileChoice): string =>
  verdictOf(record, choice).sentences.join(" ");

const PHONE = {
  epkey: "EPX1",
  phone_id: "DPX1",
  email: "ada@example.com",
  users: [{ email: "ada@example.com", username: "ada", realname: "" }, { username: "bert" }],
  groups: [{ group_id: "DGX1", name: "Staff" }],
};

describe("the verdict on a record that makes an entity", () => {
  it("names what identifies it and its owner, with the fields that the values came from", () => {
    expect(verdictOf(PHONE)).toEqual({
      identity: [{ field: "product_object_id", from: "epkey", value: "EPX1" }],
      owner: [
        { field: "email_addresses", from: "email", value: "ada@example.com" },
        { field: "userid", from: "users[0].username", value: "ada" },
      ],
      unread: ["users[1]", "groups"],
      sentences: [
        'The record makes an entity, identified by product_object_id "EPX1" from epkey; its owner has ' +
          'email_addresses "ada@example.com" from email and userid "ada" from users[0].username.',
        "2 fields that the record fills are read by no row: users[1] and groups.",
      ],
    });
  });

  it.each([["relation"], ["noun"], ["both"]] as const)("finds the owner in its place: %s", (owner) => {
    const verdict = verdictOf(PHONE, { owner });
    expect(verdict.identity).toEqual(verdictOf(PHONE).identity);
    expect(verdict.owner).toEqual(verdictOf(PHONE).owner);
  });

  it("names the field of each value, where a row takes several", () => {
    const aliases = { work: "w@example.com", home: "h@example.com" };
    expect(verdictOf({ user_id: "DUX1", aliases }, { profile: "enriched" }).identity.slice(1)).toEqual([
      { field: "email_addresses", from: "aliases.work", value: "w@example.com" },
      { field: "email_addresses", from: "aliases.home", value: "h@example.com" },
    ]);
    const users = [{ email: "a@example.com" }, {}, { email: "b@example.com" }];
    expect(verdictOf({ phone_id: "DPX1", users }, { profile: "enriched" }).owner).toEqual([
      { field: "email_addresses", from: "users[0].email", value: "a@example.com" },
      { field: "email_addresses", from: "users[2].email", value: "b@example.com" },
    ]);
  });

  it("says why there is no owner", () => {
    expect(sentencesOf({ token_id: "DHX1" })).toBe(
      'The record makes an entity, identified by product_object_id "DHX1" from token_id; it has no owner, because ' +
        "the record has no usable email, username, username1, users[0].username, number or users[0].email. Rows " +
        "read every field that the record fills.",
    );
  });

  it("names a field that holds an owner and that no row reads", () => {
    expect(sentencesOf({ token_id: "DHX1", admins: [{ email: "eve@example.com" }] })).toContain(
      "number or users[0].email (admins[0].email names somebody, but no row reads it). 1 field that the record fills",
    );
  });

  it("names what identifies a user and a group, and speaks of no owner of theirs", () => {
    const enriched = { profile: "enriched" } as const;
    expect(sentencesOf({ user_id: "DU1", username: "ada", status: "active" }, enriched)).toBe(
      'The record makes an entity, identified by product_object_id "DU1" from user_id and userid "ada" from ' +
        "username. Rows read every field that the record fills.",
    );
    expect(sentencesOf({ group_id: "DG1", name: "Staff", status: "Active" }, enriched)).toBe(
      'The record makes an entity, identified by product_object_id "DG1" from group_id. Rows read every field that ' +
        "the record fills.",
    );
  });

  it("stays short, however long the values and however many the fields", () => {
    const many = Object.fromEntries(Array.from("abcdefghijkl", (name) => [name, 1]));
    const text = sentencesOf({ epkey: "E".repeat(1_000), ["k".repeat(1_000)]: 1, ...many });
    expect(text).toContain(`product_object_id "${"E".repeat(56)}... from epkey`);
    expect(text).toContain(
      `13 fields that the record fills are read by no row: ${"k".repeat(57)}..., a, b, c, d, e, f, g and 5 others.`,
    );
  });
});

describe("the verdict on a record that makes none", () => {
  it("says which fields would identify it, and what else it holds", () => {
    const { sentences, ...verdict } = verdictOf({ group_id: "DGX1" });
    expect(verdict).toEqual({ identity: [], owner: [], unread: ["group_id"] });
    expect(sentences).toEqual([
      "The record makes no entity (NO_ASSET_IDENTITY): it has no usable device_name, epkey, hardware_uuid, " +
        "phone_id, token_id or user_id.",
      "1 field that the record fills is read by no row: group_id.",
    ]);
  });

  it("says what a record is that is none of Duo's, or no object", () => {
    expect(sentencesOf({ x: 1 })).toMatch(/^The record makes no entity \(RECORD_UNRECOGNIZED\): the record /);
    expect(verdictOf(7).sentences).toEqual([
      "The record makes no entity (RECORD_NOT_OBJECT): the record is not a JSON object and was skipped.",
    ]);
  });
});
