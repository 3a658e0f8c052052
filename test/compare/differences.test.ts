import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DECISIONS } from "../../src/compare/differences.ts";
import { changingOf, compare, differing, labelsOf, mutated, RECORD } from "../support/comparing.ts";
import { PAGES, readFixture } from "../support/fixtures.ts";
import {
  type Changing,
  HOSTNAME_IN_UPPER_CASE,
  KEY_IN_LOWER_CASE,
  LAST_USER,
  type Mutation,
  NO_DEFAULT_STATUS,
  NO_DEFAULT_TYPE,
  OWNER_IN_BOTH,
  OWNER_IN_NOUN,
  USERID_IN_UPPER_CASE,
} from "../support/mutations.ts";

const pages = PAGES.map(readFixture);
const RELATION_ONLY_OURS = ["relations.entity_type only_ours", "relations.relationship only_ours"];
const OWNER_ONLY_THEIRS = ["email_addresses", "phone_numbers", "userid"].map(
  (name) => `entity.user.${name} only_theirs`,
);

describe("a decision that is taken otherwise", () => {
  const each = [
    OWNER_IN_NOUN,
    OWNER_IN_BOTH,
    LAST_USER,
    HOSTNAME_IN_UPPER_CASE,
    KEY_IN_LOWER_CASE,
    USERID_IN_UPPER_CASE,
    NO_DEFAULT_TYPE,
    NO_DEFAULT_STATUS,
  ];
  test.each([
    {
      mutation: OWNER_IN_NOUN,
      rows: ["email moved", "number moved", "users.username moved", ...RELATION_ONLY_OURS],
    },
    { mutation: OWNER_IN_BOTH, rows: OWNER_ONLY_THEIRS },
    { mutation: LAST_USER, rows: ["email different", "users.username different"] },
    { mutation: HOSTNAME_IN_UPPER_CASE, rows: ["device_name different"] },
    { mutation: KEY_IN_LOWER_CASE, rows: ["epkey different"] },
    { mutation: USERID_IN_UPPER_CASE, rows: ["users.username different"] },
    { mutation: NO_DEFAULT_TYPE, rows: ["type only_ours"] },
    { mutation: NO_DEFAULT_STATUS, rows: ["activated only_ours"] },
  ])("$mutation.name is found and named: $rows", async ({ mutation, rows }) => {
    const { entities, applied } = mutated([mutation]);
    expect(applied).toEqual(new Set([mutation.name]));
    const result = await compare(pages, entities);
    expect(result.explained_by).toEqual([mutation.name]);
    expect(result.summary).toMatchObject({ only_ours: 0, only_theirs: 0 });
    expect(result.summary.different).toBe(result.pairs.length);
    expect(differing(result)).toEqual(rows);
  });

  test("another user is found although their list lacks one of the user's addresses", async () => {
    const users = [{ username: "ada@example.com" }, { username: "bert@example.com", email: "b@example.com" }];
    const record = { phone_id: "DP1", users };
    const theirs = changingOf(record);
    Object.assign(theirs.relations?.[0]?.entity.user ?? {}, {
      userid: "bert",
      email_addresses: ["b@example.com"],
    });
    expect((await compare([record], [theirs])).explained_by).toEqual(["first_user"]);
  });

  test("a missing address is no sign of another user", async () => {
    const record = {
      epkey: "EP1",
      email: "a@example.com",
      users: [{ email: "b@example.com" }, { email: "c@example.com" }],
    };
    const theirs = changingOf(record);
    Object.assign(theirs.relations?.[0]?.entity.user ?? {}, { email_addresses: ["a@example.com"] });
    expect((await compare([record], [theirs])).explained_by).toEqual([]);
  });

  test("the case of a label's key is found and named", async () => {
    const theirs = changingOf({ epkey: "EP1", encrypted: "yes" });
    theirs.entity.asset["attribute"] = { labels: [{ key: "encrypted", value: "YES" }] };
    const result = await compare([{ epkey: "EP1", encrypted: "yes" }], [theirs]);
    expect(differing(result)).toEqual(["encrypted different"]);
    expect(result.explained_by).toEqual(["case"]);
  });

  test("is found whichever side takes it", async () => {
    for (const mutation of each) {
      const { entities } = mutated([mutation]);
      expect((await compare(entities, pages)).explained_by).toEqual([mutation.name]);
    }
  });

  test("any of them together are found and named, and no others", async () => {
    const subsets = fc
      .tuple(fc.constantFrom([], [OWNER_IN_NOUN], [OWNER_IN_BOTH]), fc.subarray(each.slice(3)), fc.boolean())
      .map(([owner, others, isLast]): Mutation[] => [...(isLast ? [LAST_USER] : []), ...owner, ...others]);
    await fc.assert(
      fc.asyncProperty(subsets, fc.boolean(), async (mutations, isTheirs) => {
        const { entities, applied } = mutated(mutations);
        const result = await (isTheirs ? compare(pages, entities) : compare(entities, pages));
        expect(result.explained_by).toEqual(DECISIONS.filter((decision) => applied.has(decision)));
      }),
      { numRuns: 60 },
    );
  });
});

/** One entity among others, changed so that no decision accounts for it. */
interface Change {
  readonly name: string;
  readonly change: (entity: Changing) => unknown;
  readonly differing: readonly string[];
}

const CHANGES: readonly Change[] = [
  {
    name: "a dropped label",
    change: ({ entity: { asset } }) => (asset["attribute"] = { labels: labelsOf(asset).slice(1) }),
    differing: ["disk_encryption_status only_ours"],
  },
  {
    name: "a label that we do not have",
    change: ({ entity: { asset } }) =>
      (asset["attribute"] = { labels: [...labelsOf(asset), { key: "os_build", value: "22631" }] }),
    differing: ["entity.asset.attribute.labels.value only_theirs"],
  },
  {
    name: "another value of a label",
    change: ({ entity: { asset } }) => Object.assign(labelsOf(asset)[0] ?? {}, { value: "perhaps" }),
    differing: ["disk_encryption_status different"],
  },
  {
    name: "another host name",
    change: ({ entity: { asset } }) => (asset["hostname"] = "other"),
    differing: ["device_name different"],
  },
  {
    name: "no host name",
    change: ({ entity: { asset } }) => delete asset["hostname"],
    differing: ["device_name only_ours"],
  },
  {
    name: "a host name at another place",
    change: ({ entity }) => {
      Object.assign(entity, { hostname: entity.asset["hostname"] });
      delete entity.asset["hostname"];
    },
    differing: ["device_name moved"],
  },
  {
    name: "another type",
    change: ({ entity: { asset } }) => (asset["type"] = "WORKSTATION"),
    differing: ["type different"],
  },
  {
    name: "another spelling of a constant",
    change: ({ metadata }) => (metadata["vendor_name"] = "Duo Security"),
    differing: ["metadata.vendor_name different"],
  },
  {
    name: "a time that is off by a second",
    change: ({ entity: { asset } }) => (asset["last_discover_time"] = "2026-01-01T00:00:01Z"),
    differing: ["last_seen different"],
  },
  {
    name: "versions of software that are mixed up",
    change: ({ entity: { asset } }) => {
      const list: unknown[] = Array.isArray(asset["software"]) ? asset["software"] : [];
      const versions = list.map((one) => Reflect.get(Object(one), "version")).reverse();
      asset["software"] = list.map((one, at) => ({ ...Object(one), version: versions[at] }));
    },
    differing: ["browsers.browser_version different"],
  },
  {
    name: "an owner that is nobody's",
    change: ({ relations }) => Object.assign(relations?.[0]?.entity.user ?? {}, { userid: "nobody" }),
    differing: ["users.username different"],
  },
  {
    name: "an owner without phone number",
    change: ({ relations }) => Object.assign(relations?.[0]?.entity.user ?? {}, { phone_numbers: [] }),
    differing: ["number only_ours"],
  },
];

describe("a difference that no decision accounts for", () => {
  const others = ["EP2", "EP3"].map((epkey) => ({ ...RECORD, epkey }));
  const records = [RECORD, ...others];

  test.each(CHANGES)("$name is told at its row, and nothing else is", async ({ change, differing: rows }) => {
    const changed = changingOf(RECORD);
    change(changed);
    const result = await compare([records], [[changed, ...others.map(changingOf)]]);
    expect(result.summary).toEqual({
      ours: 3,
      theirs: 3,
      equal: 2,
      different: 1,
      only_ours: 0,
      only_theirs: 0,
    });
    expect(differing(result)).toEqual(rows);
    expect(result.explained_by).toEqual([]);
    expect(result.pairs).toMatchObject([
      { outcome: "different", ours: { source: "ours", document: 0, record: 0 } },
    ]);
  });

  test("leaves every decision beside it unnamed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CHANGES), async ({ change, differing: rows }) => {
        const changed = changingOf(RECORD);
        change(changed);
        NO_DEFAULT_STATUS.change(changed, RECORD);
        const result = await compare([records], [[changed, ...others.map(changingOf)]]);
        expect(differing(result)).toEqual(expect.arrayContaining([...rows, "activated only_ours"]));
        expect(result.explained_by).toEqual([]);
      }),
    );
  });

  test("an entity too many or too few has no counterpart", async () => {
    const entities = records.map(changingOf);
    const more = await compare([records], [[...entities, changingOf({ ...RECORD, epkey: "EP9" })]]);
    expect(more.summary).toEqual({
      ours: 3,
      theirs: 4,
      equal: 3,
      different: 0,
      only_ours: 0,
      only_theirs: 1,
    });
    const fewer = await compare([records], [entities.slice(1)]);
    expect(fewer.summary).toEqual({
      ours: 3,
      theirs: 2,
      equal: 2,
      different: 0,
      only_ours: 1,
      only_theirs: 0,
    });
    expect([more.explained_by, fewer.explained_by]).toEqual([[], []]);
    expect(fewer.pairs).toEqual([
      {
        outcome: "only_ours",
        ours: { source: "ours", document: 0, record: 0 },
        theirs: null,
        entity_type: "ASSET",
        rows: expect.arrayContaining(["epkey", "device_name", "browsers.browser_family"]),
        differences: [],
      },
    ]);
  });
});
