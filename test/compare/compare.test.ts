import { describe, expect, test } from "vitest";
import { flatten } from "../../src/compare/canonical.ts";
import { compareSides } from "../../src/compare/compare.ts";
import { placesOf } from "../../src/compare/places.ts";
import { mapPage } from "../../src/index.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import {
  changingOf,
  compare,
  differing,
  eventsIn,
  labelsOf,
  made,
  mutated,
  RECORD,
} from "../support/comparing.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { type Changing, OWNER_IN_NOUN } from "../support/mutations.ts";

const pages = PAGES.map(readFixture);

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

test("fields whose names are not shown are told apart by them, whatever their order", async () => {
  const [{ entity } = { entity: {} }] = made;
  const noting = (additional: object) => [{ ...entity, additional }];
  const outcome = async (ours: object, theirs: object) =>
    (await compare(noting(ours), noting(theirs))).summary.equal;
  expect(await outcome({ "A b": "x", "C d": { "E f": "y" } }, { "C d": { "E f": "y" }, "A b": "x" })).toBe(1);
  expect(await outcome({ "A b": "x" }, { "C d": "x" })).toBe(0);
  expect(await outcome({ "A b": "x", "C d": "y" }, { "A b": "y", "C d": "x" })).toBe(0);
  expect(await outcome({ "A b": { "C d": "x" } }, { "A b": { "E f": "x" } })).toBe(0);
});

test("a long name that is not shown is not repeated at each value below it", () => {
  const name = `N ${"a".repeat(1_000)}`;
  const [leaf] = flatten({ additional: { [name]: [{ x: 1 }, { x: 2 }] } }, false).values();
  expect(leaf?.values).toEqual([1, 2]);
  expect(leaf?.positions.every(({ length }) => length < 100)).toBe(true);
});

test.each(["u15035550123", `a${"b".repeat(64)}`])(
  "a name that may be data is not shown: %s",
  async (name) => {
    const noting = (value: string) => [
      { entity: { asset: { hostname: "h" } }, additional: { [name]: value } },
    ];
    const { rows } = await compare([noting("a")], [noting("b")]);
    expect(rows.map(({ path }) => path)).toContain("additional.*");
    expect(JSON.stringify(rows)).not.toContain(name);
  },
);

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

test("a type that is not in the enum is not shown", async () => {
  const odd = changingOf(RECORD);
  odd.metadata["entity_type"] = "ada@example.com";
  const stranger = structuredClone(odd);
  stranger.entity.asset = { product_object_id: "EP9" };
  const { pairs } = await compare([RECORD], [[odd, stranger]]);
  expect(pairs.map(({ outcome }) => outcome)).toEqual(["different", "only_theirs"]);
  expect(JSON.stringify(pairs)).not.toContain("ada@");
});

test("an entity that is nested too deep to be written waits for its counterpart as it is", async () => {
  const nested: unknown = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
  const entities = Array.from({ length: 1_100 }, (_, at) => ({
    entity: { asset: { product_object_id: `EP${at}` } },
    ...(at % 100 === 0 && { additional: { nested } }),
  }));
  const { summary } = await compare([entities], [entities.toReversed()]);
  expect(summary).toMatchObject({ equal: 1_100 });
});
