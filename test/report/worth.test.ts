import { describe, expect, it } from "vitest";
import { CoverageCounter } from "../../src/coverage/coverage.ts";
import { PROFILES, type ProfileName } from "../../src/profiles/index.ts";
import { unmappedFields } from "../../src/report/worth.ts";

/** What the fields of some records are worth, in a line each. */
function worths(records: readonly object[], profile: ProfileName = "vendor"): string[] {
  const counter = new CoverageCounter(PROFILES[profile]);
  counter.add({ document: records });
  return unmappedFields(counter.result().resources).map(({ resource, path, worth, udm, from, why }) =>
    [worth, resource, path, udm, from, why].filter((part) => part !== undefined).join(" | "),
  );
}

describe("the fields that no row reads", () => {
  it("are ranked by the place that the enriched profile has for them, then by their records", () => {
    const device = { epkey: "E", computer_sid: "S", last_updated: 1 };
    const user = { user_id: "U", alias1: "a@example.com", status: "bypass", groups: [{ group_id: "G" }] };
    expect(worths([user, { ...device, os_build: "1" }, device])).toEqual([
      "identity | users | alias1 | entity.user.email_addresses",
      "relation | users | groups[].group_id | entity.relations.entity.group.product_object_id",
      "field | endpoints | last_updated | entity.asset.last_discover_time",
      "field | users | status | entity.user.user_authentication_status",
      "field | endpoints | os_build | entity.asset.platform_software.platform_patch_level",
      'label | endpoints | computer_sid | entity.asset.attribute.labels.key: "computer_sid", entity.asset.attribute.labels.value',
    ]);
  });

  it("come after those with the reason why none takes them", () => {
    const token = { token_id: "T", totp_step: 30, users: [{ user_id: "U", status: "active", notes: "x" }] };
    const credential = { webauthnkey: "W", label: "key", aaguid: "A" };
    expect(worths([token, credential, { epkey: "E", surprise: 1, nothing: null }], "enriched")).toEqual([
      "elsewhere | tokens | users[].status | entity.user.user_authentication_status | users",
      'elsewhere | webauthncredentials | label | entity.relations.entity.resource.attribute.labels.key: "label", entity.relations.entity.resource.attribute.labels.value | users',
      "elsewhere | webauthncredentials | webauthnkey | entity.relations.entity.resource.product_object_id | users",
      "left_out | tokens | totp_step | no use for detection",
      "left_out | tokens | users[].notes | personal",
      "left_out | webauthncredentials | aaguid | a second entity of the user that carries only these might replace the relations of the first",
      "empty | endpoints | nothing",
      "unread | endpoints | surprise",
    ]);
  });

  it("count a list that the enriched profile counts, an empty one too", () => {
    expect(worths([{ user_id: "U", phones: [], groups: [] }])).toEqual([
      'label | users | phones | entity.user.attribute.labels.key: "mfa_phones", entity.user.attribute.labels.value',
      "empty | users | groups",
    ]);
  });

  it("of a record that nobody knows are read by no profile", () => {
    expect(worths([{ surprise: 1 }])).toEqual(["unread | unknown | surprise"]);
  });
});
