import { describe, expect, it } from "vitest";
import { keysOf, RunKeys } from "../../src/preflight/keys.ts";

const entity = (entity_type: string, noun: object) => ({ entity: noun, metadata: { entity_type } });
const asset = (fields: object) => entity("ASSET", { asset: fields });
const user = (fields: object) => entity("USER", { user: fields });
const group = (fields: object) => entity("GROUP", { group: fields });

/** What a run finds in its last entity. */
function found(...entities: readonly object[]): string[] {
  const run = new RunKeys();
  const findings = entities.map((one) => {
    const keys = keysOf(one);
    return keys === undefined ? [] : run.see(keys);
  });
  return (findings.at(-1) ?? []).map(({ code, path }) => `${code} ${path}`);
}

describe("an entity is repeated", () => {
  it("when its product_object_id was seen before", () => {
    expect(found(asset({ product_object_id: "A" }), asset({ product_object_id: "A" }))).toEqual([
      "DUPLICATE_ENTITY entity.asset.product_object_id",
    ]);
    expect(found(group({ product_object_id: "A" }), group({ product_object_id: "A" }))).toHaveLength(1);
  });

  it("where it has none, when its asset_id or userid was", () => {
    expect(found(asset({ asset_id: "A" }), asset({ asset_id: "A" }))).toEqual([
      "DUPLICATE_ENTITY entity.asset.asset_id",
    ]);
    expect(found(user({ userid: "ada" }), user({ userid: "ada" }))).toEqual([
      "DUPLICATE_ENTITY entity.user.userid",
    ]);
  });

  it("by nothing that belongs to an entity of another kind, or that is blank", () => {
    expect(found(asset({ product_object_id: "A" }), user({ product_object_id: "A" }))).toEqual([]);
    expect(found(asset({ product_object_id: " " }), asset({ product_object_id: " " }))).toEqual([]);
    expect(found(asset({ product_object_id: "A" }), asset({ asset_id: "A" }))).toEqual([]);
  });
});

describe("entities collide", () => {
  const one = { product_object_id: "1" };
  const two = { product_object_id: "2" };

  it.each<[string, object, object, string]>([
    [
      "assets of one hostname",
      asset({ ...one, hostname: "h" }),
      asset({ ...two, hostname: "h" }),
      "asset.hostname",
    ],
    [
      "assets of one asset_id",
      asset({ ...one, asset_id: "a" }),
      asset({ ...two, asset_id: "a" }),
      "asset.asset_id",
    ],
    ["users of one userid", user({ ...one, userid: "u" }), user({ ...two, userid: "u" }), "user.userid"],
    [
      "users that share an address",
      user({ ...one, email_addresses: ["a@example.com"] }),
      user({ ...two, email_addresses: ["b@example.com", "a@example.com"] }),
      "user.email_addresses[1]",
    ],
    [
      "groups that share an address",
      group({ ...one, email_addresses: ["a@example.com"] }),
      group({ ...two, email_addresses: ["a@example.com"] }),
      "group.email_addresses[0]",
    ],
    [
      "groups that share an address and have nothing but a name",
      group({ group_display_name: "Staff", email_addresses: ["a@example.com"] }),
      group({ group_display_name: "Guests", email_addresses: ["a@example.com"] }),
      "group.email_addresses[0]",
    ],
  ])("%s", (_, first, second, path) => {
    expect(found(first, second)).toEqual([`MERGE_COLLISION entity.${path}`]);
  });

  it("not with themselves, with another kind, or where a field is not merged on", () => {
    expect(found(asset({ hostname: "h" }), asset({ hostname: "h" }))).toEqual([]);
    expect(found(asset({ ...one, hostname: "x" }), user({ ...two, userid: "x" }))).toEqual([]);
    expect(found(asset({ ...one, category: "x" }), asset({ ...two, category: "x" }))).toEqual([]);
  });

  it("not by the owner that stands beside an asset", () => {
    const owned = (id: string) =>
      entity("ASSET", { asset: { product_object_id: id }, user: { email_addresses: ["a@example.com"] } });
    expect(found(owned("1"), owned("2"))).toEqual([]);
  });
});

describe("keys", () => {
  it("are none where nothing identifies the entity", () => {
    for (const one of [null, 1, [], {}, { entity: 1 }, asset({}), entity("ASSET", {})]) {
      expect(keysOf(one)).toBeUndefined();
    }
  });
});
