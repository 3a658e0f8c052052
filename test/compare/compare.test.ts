import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareSides, type WholeComparison } from "../../src/compare/compare.ts";
import { DECISIONS } from "../../src/compare/differences.ts";
import { placesOf } from "../../src/compare/places.ts";
import { readPage } from "../../src/core/page.ts";
import { mapPage, mapRecord } from "../../src/index.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { compare, entityOf, eventsIn } from "../support/comparing.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import {
  type Changing,
  changing,
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

/** All fixtures, each entity with the record that made it. */
const pages = PAGES.map(readFixture);
const made = pages.flatMap((page) => {
  const { records, timestamp } = readPage(page);
  return records.flatMap((record) => {
    const mapped = mapRecord(record, { collectedAt: COLLECTED_AT, pageTimestamp: timestamp });
    return mapped.kind === "entity" ? [{ record, entity: mapped.entity }] : [];
  });
});

function mutated(mutations: readonly Mutation[]): { entities: Changing[]; applied: Set<string> } {
  const applied = new Set<string>();
  const entities = made.map(({ record, entity }) => {
    const changed = changing(entity);
    for (const { name, change } of mutations) if (change(changed, record)) applied.add(name);
    return changed;
  });
  return { entities, applied };
}

const OUTCOMES = ["different", "moved", "only_ours", "only_theirs"] as const;

/** The rows that differ, or the paths of no row, and how. */
const differing = ({ rows }: WholeComparison): string[] =>
  rows.flatMap((counts) =>
    OUTCOMES.flatMap((outcome) => (counts[outcome] > 0 ? `${counts.row ?? counts.path} ${outcome}` : [])),
  );

const RELATION_ONLY_OURS = ["relations.entity_type only_ours", "relations.relationship only_ours"];
const OWNER_ONLY_THEIRS = ["email_addresses", "phone_numbers", "userid"].map(
  (name) => `entity.user.${name} only_theirs`,
);

describe("two sides that are the same", () => {
  test.each(Object.values(PROFILES))("are equal by $name", async (profile) => {
    const places = placesOf(profile);
    for (const page of PAGES) {
      const source = `duo-${page.split("/")[0]}-00000.json`;
      const { entities } = mapPage(readFixture(page), { collectedAt: COLLECTED_AT, profile, source });
      const theirs = eventsIn([JSON.parse(JSON.stringify(entities))], "theirs.json", places);
      const { summary } = await compareSides(eventsIn([readFixture(page)], source, places), theirs, {
        places,
      });
      expect(summary, page).toMatchObject({
        equal: entities.length,
        different: 0,
        only_ours: 0,
        only_theirs: 0,
      });
    }
  });

  test("are equal, each value in its row", async () => {
    const { summary, rows, explained_by, pairs } = await compare(pages, mutated([]).entities);
    const count = made.length;
    expect(summary).toEqual({
      ours: count,
      theirs: count,
      equal: count,
      different: 0,
      only_ours: 0,
      only_theirs: 0,
    });
    expect(explained_by).toEqual([]);
    expect(pairs).toEqual([]);
    expect(rows.map(({ row, path }) => row ?? path)).toEqual([
      ...["activated", "browsers.browser_family", "browsers.browser_version", "device_name"],
      ...["disk_encryption_status", "email", "encrypted", "epkey", "fingerprint", "firewall_status"],
      ...["hardware_uuid", "last_seen", "model", "number", "os_family", "os_version", "password_status"],
      ...["trusted_endpoint", "type", "users.username", "metadata.entity_type", "metadata.product_name"],
      ...["metadata.vendor_name", "relations.entity_type", "relations.relationship"],
    ]);
    expect(rows.find(({ row }) => row === "activated")).toEqual({
      row: "activated",
      path: "entity.asset.deployment_status",
      equal: count,
      different: 0,
      moved: 0,
      only_ours: 0,
      only_theirs: 0,
    });
  });
});

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

function labelsOf(asset: Record<string, unknown>): unknown[] {
  const { attribute } = asset;
  const labels: unknown = Reflect.get(Object(attribute), "labels");
  return Array.isArray(labels) ? labels : [];
}

const RECORD = {
  ...{ epkey: "EP1", hardware_uuid: "H1", device_name: "ada-laptop", os_family: "Windows", os_version: "11" },
  ...{
    disk_encryption_status: "On",
    firewall_status: "Off",
    last_seen: "2026-01-01T00:00:00",
    number: "+15035550100",
  },
  ...{ type: "", activated: true, model: "ThinkPad" },
  browsers: [
    { browser_family: "Firefox", browser_version: "140" },
    { browser_family: "Chrome", browser_version: "150" },
  ],
  users: [
    { username: "ada", email: "ada@example.com" },
    { username: "bert", email: "bert@example.com" },
  ],
};

const changingOf = (record: unknown): Changing => changing(entityOf(record));

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

test("entities with tens of thousands of values are compared in a moment", async () => {
  const numbers = Array.from({ length: 20_000 }, (_, at) => String(at % 7));
  const entity = (key: string): Changing => {
    const one = changingOf(RECORD);
    one.entity.asset["attribute"] = { labels: numbers.map((value, at) => ({ key: `${key} ${at}`, value })) };
    return one;
  };
  const { rows } = await compare([entity("ours")], [entity("theirs")]);
  expect(rows.find(({ path }) => path === "entity.asset.attribute.labels.value")).toMatchObject({
    row: null,
    moved: 1,
  });
});

describe("what makes no difference", () => {
  test("names in lowerCamelCase, numbers for enums, times at another offset, empty values and defaults", async () => {
    const { asset } = changingOf(RECORD).entity;
    const theirs = {
      additional: {},
      metadata: { entityType: 1, vendorName: "Duo", productName: "Duo Entity Context Data", feed: "" },
      entity: {
        asset: {
          productObjectId: "EP1",
          assetId: "H1",
          hostname: "ada-laptop",
          ip: [],
          category: "",
          type: 2,
          deploymentStatus: 1,
          hardware: [{ model: "ThinkPad", ram: "0" }],
          platformSoftware: { platform: 1, platformVersion: "11", platformPatchLevel: "" },
          lastDiscoverTime: "2026-01-01T01:00:00.000+01:00",
          software: asset["software"],
          attribute: { labels: [...labelsOf(asset)].reverse() },
        },
        hostname: "",
        platform: "UNKNOWN_PLATFORM",
      },
      relations: [
        {
          entity: {
            user: { userid: "ada", emailAddresses: ["ada@example.com"], phoneNumbers: ["+15035550100"] },
          },
          entityType: "USER",
          relationship: "OWNS",
          direction: 0,
        },
      ],
      risk_score: null,
    };
    const result = await compare([RECORD], [theirs]);
    expect(differing(result)).toEqual([]);
    expect(result.summary.equal).toBe(1);
  });

  test("the collection time, unless it is asked for", async () => {
    const later = changingOf(RECORD);
    later.metadata["collected_timestamp"] = "2026-01-02T03:04:06Z";
    expect((await compare([RECORD], [later])).summary.equal).toBe(1);
    const told = await compare([RECORD], [later], { withTimestamps: true });
    expect(differing(told)).toEqual(["timestamp different"]);
    expect(told.explained_by).toEqual([]);
  });

  test("how the entities of a side are wrapped, and their order", async () => {
    const [first, ...others] = made.map(({ entity }) => entity);
    for (const theirs of [
      [{ inline_source: { entities: [first, ...others], log_type: "DUO_CONTEXT" } }],
      [{ inlineSource: { entities: [first, ...others] } }],
      [first, others],
      [others, first],
      [{ entity: first }, others],
    ]) {
      expect((await compare(pages, theirs)).summary).toMatchObject({
        equal: made.length,
        different: 0,
        only_theirs: 0,
      });
    }
  });
});

test("values are shown when they are asked for, and never else", async () => {
  const changed = changingOf(RECORD);
  changed.entity.asset["hostname"] = "other";
  OWNER_IN_NOUN.change(changed, RECORD);
  const { pairs } = await compare([RECORD], [changed], { showValues: true });
  expect(pairs).toEqual([
    {
      outcome: "different",
      ours: { source: "ours", document: 0, record: 0 },
      theirs: { source: "theirs", document: 0 },
      id: "EP1",
      differences: expect.arrayContaining([
        {
          row: "device_name",
          path: "entity.asset.hostname",
          outcome: "different",
          ours: "ada-laptop",
          theirs: "other",
        },
        {
          row: "users.username",
          path: "relations.entity.user.userid",
          outcome: "moved",
          from: "relations[0].entity.user.userid",
          to: "entity.user.userid",
          ours: "ada",
          theirs: "ada",
        },
      ]),
    },
  ]);
  const without = JSON.stringify(await compare([RECORD], [changed]));
  for (const value of ['"ada', '"other', "EP1", "+1503"]) expect(without).not.toContain(value);
});
