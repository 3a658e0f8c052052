import { describe, expect, test } from "vitest";
import { compareSides, type WholeComparison } from "../../src/compare/compare.ts";
import { placesOf } from "../../src/compare/places.ts";
import { mapPage } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { VENDOR } from "../../src/profiles/vendor.ts";
import { eventsIn } from "../support/comparing.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

const vendor = placesOf(VENDOR);
const enriched = placesOf(ENRICHED);

const PAGE = [
  {
    ...{ user_id: "DU1", username: "ada@example.com", email: "ada@example.com", realname: "Ada" },
    groups: [{ group_id: "DG1", name: "Staff" }],
  },
  { group_id: "DG1", name: "Staff", status: "Active" },
  { phone_id: "DP1", number: "+15035550100", users: [{ user_id: "DU1", username: "ada@example.com" }] },
  {
    ...{
      epkey: "EP1",
      hardware_uuid: "H1",
      device_name: "ada-laptop",
      os_family: "Windows",
      os_build: "22631",
    },
    last_updated: 1735787045,
  },
  { token_id: "DT1", type: "yk", serial: "7" },
  { dakey: "DA1", device_name: "bert-laptop" },
];

const entitiesBy = (profile: typeof VENDOR) => mapPage(PAGE, { collectedAt: COLLECTED_AT, profile }).entities;

/** The vendor's mapping of the page beside enriched entities. */
function beside(theirs: unknown = entitiesBy(ENRICHED)): Promise<WholeComparison> {
  return compareSides(eventsIn([PAGE], "ours", vendor), eventsIn([theirs], "theirs", vendor), {
    places: vendor,
  });
}

const told = ({ rows }: WholeComparison, path: string): (string | null)[] =>
  rows.filter((row) => row.path === path).map(({ row }) => row);

describe("the vendor's mapping beside enriched entities of the same page", () => {
  test("pairs device with device, the vendor's asset of a user with the user, and finds the group only there", async () => {
    const { summary, pairs, explained_by } = await beside();
    expect(summary).toEqual({
      ours: 5,
      theirs: 6,
      equal: 0,
      different: 5,
      only_ours: 0,
      only_theirs: 1,
    });
    expect(explained_by).toEqual([]);
    expect(pairs.map(({ ours, theirs, entity_type }) => [ours?.record, theirs?.record, entity_type])).toEqual(
      expect.arrayContaining([
        [0, 0, { ours: "ASSET", theirs: "USER" }],
        [2, 2, undefined],
        [3, 3, undefined],
        [4, 4, undefined],
        [5, 5, undefined],
        [undefined, 1, "GROUP"],
      ]),
    );
    expect(pairs.find(({ outcome }) => outcome === "only_theirs")?.rows).toEqual([
      "group_id",
      "name",
      "status",
    ]);
  });

  test("tells what only the enriched side has by the enriched row, of the table that mapped the record", async () => {
    const result = await beside();
    expect(told(result, "entity.user.user_display_name")).toEqual(["realname"]);
    expect(told(result, "relations.entity.group.product_object_id")).toEqual(["groups[]"]);
    expect(told(result, "entity.asset.platform_software.platform_patch_level")).toEqual(["os_version"]);
    expect(told(result, "entity.asset.hardware.manufacturer")).toEqual(["type"]);
    expect(told(result, "metadata.product_entity_id").sort()).toEqual([
      ...["dakey", "epkey", "phone_id", "token_id", "user_id"],
    ]);
  });

  test("tells all else by the vendor's row", async () => {
    const result = await beside();
    expect(told(result, "entity.asset.last_discover_time")).toEqual(["last_seen"]);
    expect(told(result, "relations.entity.user.userid")).toEqual(["users.username"]);
  });

  test("tells where the values of a user moved, and takes no constant for one", async () => {
    const { pairs } = await beside();
    const { differences = [] } = pairs.find(({ entity_type }) => typeof entity_type === "object") ?? {};
    const moved = differences.filter(({ outcome }) => outcome === "moved");
    expect(moved.map(({ row, from, to }) => [row, from, to])).toEqual([
      ["hardware_uuid", "entity.asset.asset_id", "entity.user.product_object_id"],
      ["email", "relations[0].entity.user.email_addresses", "entity.user.email_addresses"],
    ]);
    expect(differences).toContainEqual({ row: "type", path: "entity.asset.type", outcome: "only_ours" });
  });

  test("gives the same when the second side is the page, mapped by the enriched profile", async () => {
    const sides = [eventsIn([PAGE], "ours", vendor), eventsIn([PAGE], "theirs", enriched)] as const;
    const mapped = await compareSides(...sides, { places: vendor, theirPlaces: enriched });
    const { summary, rows } = await beside();
    expect(mapped).toMatchObject({ summary, rows });
  });

  test("gives the same the other way round, but for the sides", async () => {
    const sides = [
      eventsIn([entitiesBy(ENRICHED)], "ours", vendor),
      eventsIn([PAGE], "theirs", vendor),
    ] as const;
    const { summary, rows } = await compareSides(...sides, { places: vendor });
    expect(summary).toMatchObject({ different: 5, only_ours: 1, only_theirs: 0 });
    expect(rows.find(({ path }) => path === "entity.user.user_display_name")).toMatchObject({
      ...{ row: "realname", only_ours: 1 },
    });
  });
});

test("a user of another identifier is no counterpart of an asset", async () => {
  const theirs = mapPage([{ user_id: "DU2" }], { collectedAt: COLLECTED_AT, profile: ENRICHED }).entities;
  const { summary } = await beside(theirs);
  expect(summary).toMatchObject({ different: 0, only_ours: 5, only_theirs: 1 });
});

test("users without a table of their own are told at no row that the vendor's table does not have", async () => {
  const theirs = [
    {
      metadata: { entity_type: "USER", vendor_name: "Another" },
      entity: { user: { product_object_id: "DU1", user_display_name: "Ada" } },
    },
  ];
  expect(told(await beside(theirs), "entity.user.user_display_name")).toEqual([null]);
});
