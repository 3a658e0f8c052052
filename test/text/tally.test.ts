import { describe, expect, it } from "vitest";
import { type TalliedRecord, Tally, type TallyGroup, tallyText } from "../../src/text/tally.ts";

const entity = (resource: TallyGroup, isOwned = true): TalliedRecord => ({
  resource,
  reason: undefined,
  hasOwner: () => isOwned,
});
const skipped = (resource: TallyGroup, reason = "NO_ASSET_IDENTITY"): TalliedRecord => ({
  resource,
  reason,
  hasOwner: () => false,
});

function tallyOf(...records: readonly TalliedRecord[]): Tally {
  const tally = new Tally();
  for (const record of records) tally.add(record);
  return tally;
}

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

describe("the summary by resource", () => {
  it("counts records, entities, why there is none, and entities without an owner", () => {
    const tally = tallyOf(
      entity("phones", false),
      skipped("groups"),
      entity("users"),
      skipped("users", "RECORD_NOT_OBJECT"),
    );
    expect(tally.byResource()).toEqual([
      { resource: "users", records: 2, entities: 1, skipped: { RECORD_NOT_OBJECT: 1 }, without_owner: 0 },
      { resource: "groups", records: 1, entities: 0, skipped: { NO_ASSET_IDENTITY: 1 }, without_owner: 0 },
      { resource: "phones", records: 1, entities: 1, skipped: {}, without_owner: 1 },
    ]);
  });

  it("is the same in parts as at once", () => {
    const records = [entity("phones"), skipped("groups"), entity("phones", false), skipped("groups")];
    const parts = new Tally();
    for (const record of records) parts.merge(tallyOf(record).take());
    expect(parts.byResource()).toEqual(tallyOf(...records).byResource());
  });

  it.each<[string, readonly TalliedRecord[]]>([
    [
      "7,900 of 8,313 records make entities; 413 do not: groups 13, webauthncredentials 400; 726 have no owner.",
      [
        ...times(7174, entity("users")),
        ...times(726, entity("users", false)),
        ...times(13, skipped("groups")),
        ...times(400, skipped("webauthncredentials")),
      ],
    ],
    ["All 2 records make entities.", times(2, entity("udm"))],
    ["1 record makes an entity; 1 has no owner.", [entity("phones", false)]],
    [
      "0 of 1 record makes an entity; 1 does not: of unknown resource 1 (RECORD_UNRECOGNIZED 1).",
      [skipped("unknown", "RECORD_UNRECOGNIZED")],
    ],
    ["No records.", []],
  ])("says: %s", (text, records) => {
    expect(tallyText(tallyOf(...records))).toBe(text);
  });
});
