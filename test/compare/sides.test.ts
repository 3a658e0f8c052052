import { describe, expect, test } from "vitest";
import { answer, compare, entityOf } from "../support/comparing.ts";
import { changing, KEY_IN_LOWER_CASE } from "../support/mutations.ts";

const records = ["EP1", "EP2", "EP3"].map((epkey) => ({
  epkey,
  hardware_uuid: `H-${epkey}`,
  os_family: "Windows",
}));
const page = { stat: "OK", response: records };
const entities = records.map(entityOf);

/** What a parser makes of a page that it does not open. */
const bare = {
  entity: { asset: { type: "LAPTOP", deploymentStatus: "ACTIVE" } },
  metadata: { vendorName: "Duo", productName: "Duo Entity Context Data", entityType: "ASSET" },
};

const renamed = (id: string, at: number) => {
  const entity = changing(entities[at] ?? entityOf(records[0]));
  entity.entity.asset["product_object_id"] = id;
  return entity;
};

describe("a parser's answer", () => {
  test("pairs by the log, whatever the entity is called", async () => {
    const theirs = answer(
      { log: records[2], entities: [renamed("a", 2)] },
      { log: records[0], entities: [renamed("b", 0)] },
      { log: records[1], entities: [renamed("c", 1)] },
    );
    for (const ours of [[page], entities]) {
      const { summary, rows, explained_by } = await compare(ours, [theirs]);
      expect(summary).toEqual({ ours: 3, theirs: 3, equal: 0, different: 3, only_ours: 0, only_theirs: 0 });
      expect(rows.filter(({ different }) => different > 0)).toMatchObject([{ row: "epkey", different: 3 }]);
      expect(explained_by).toEqual([]);
    }
  });

  test("pairs by the log although its JSON is written otherwise", async () => {
    const theirs = answer({ log: JSON.stringify(records[0], null, 2), entities: [renamed("a", 0)] });
    expect((await compare([records[0]], [theirs])).summary).toMatchObject({ different: 1, only_ours: 0 });
  });

  test("pairs within a log that is a page: by key, by key in another case, then in order", async () => {
    const theirs = answer({ log: page, entities: [entities[2], renamed("x", 0), renamed("ep2", 1)] });
    const { summary, pairs } = await compare([page], [theirs]);
    expect(summary).toMatchObject({ equal: 1, different: 2 });
    expect(pairs.map(({ ours }) => ours?.record)).toEqual([0, 1]);
  });

  test("may be one of a list, as import bodies may", async () => {
    const one = (at: number) => answer({ log: records[at], entities: [entities[at]] });
    expect((await compare([page], [[one(0), one(1), one(2)]])).summary).toMatchObject({ equal: 3 });
    const body = (...entities: unknown[]) => ({ inline_source: { entities } });
    const bodies = [body(entities[0], entities[1]), body(entities[2])];
    expect((await compare([page], [bodies])).summary).toMatchObject({ equal: 3, only_ours: 0 });
  });

  test("may be one of a list with any number of results", async () => {
    const results = Array.from({ length: 200_000 }, () => null);
    const { summary } = await compare([page], [[{ runParserResults: results }]]);
    expect(summary).toMatchObject({ ours: 3, theirs: 0, only_ours: 3 });
  });

  test("keeps what the log makes no entity of, and results without a log", async () => {
    const stray = answer(
      { log: { group_id: "DG1" }, entities: [bare] },
      { log: "no JSON", entities: [renamed("EP9", 0)] },
    );
    expect((await compare([page], [answer(...[]), stray])).summary).toMatchObject({
      only_ours: 3,
      only_theirs: 2,
    });
    const unlogged = {
      run_parser_results: [{ parsed_events: { events: [{ entity: entities[1] }, { event: {} }] } }],
    };
    expect((await compare([page], [unlogged])).summary).toMatchObject({ theirs: 1, equal: 1, only_ours: 2 });
  });

  test("compares with another answer, log by log, also where our mapping makes nothing of the log", async () => {
    const log = { group_id: "DG1" };
    const group = (name: string) => ({
      entity: { group: { group_display_name: name } },
      metadata: { entity_type: "GROUP" },
    });
    const one = answer({ log: records[0], entities: [renamed("a", 0)] }, { log, entities: [group("one")] });
    const other = answer({ log, entities: [group("two")] }, { log: records[0], entities: [entities[0]] });
    expect((await compare([one], [other])).summary).toMatchObject({
      different: 2,
      only_ours: 0,
      only_theirs: 0,
    });
  });

  test("of a log that the parser failed on is no entity", async () => {
    const theirs = answer({ log: records[0], entities: [entities[0]] }, { log: records[1] });
    const { summary, explained_by } = await compare([records.slice(0, 2)], [theirs]);
    expect(summary).toMatchObject({ ours: 2, theirs: 1, equal: 1, only_ours: 1 });
    expect(explained_by).toEqual([]);
  });
});

describe("pages whose response was not opened", () => {
  const closed = ["response"];
  test.each([
    { what: "no entity of a page", theirs: answer({ log: page, entities: [] }), explained: closed },
    {
      what: "one entity a page that says nothing",
      theirs: answer({ log: page, entities: [bare] }),
      explained: closed,
    },
    {
      what: "one entity of a page of one",
      theirs: answer({ log: { response: records.slice(0, 1) }, entities: [bare] }),
      explained: closed,
    },
    {
      what: "two entities of a page of three",
      theirs: answer({ log: page, entities: entities.slice(1) }),
      explained: [],
    },
    {
      what: "records as logs, and no entities",
      theirs: answer(...records.map((log) => ({ log, entities: [] }))),
      explained: [],
    },
    {
      what: "an entity of no record beside it",
      theirs: answer({ log: page, entities: [renamed("EP9", 0)] }),
      explained: [],
    },
  ])("$what", async ({ theirs, explained }) => {
    const records = theirs.runParserResults.map(({ log }): unknown =>
      JSON.parse(Buffer.from(log, "base64").toString()),
    );
    expect((await compare(records, [theirs])).explained_by).toEqual(explained);
    expect((await compare([theirs], records)).explained_by).toEqual(explained);
  });

  test("are told of entities without logs when nothing pairs and no page makes more than one", async () => {
    expect((await compare([page], [[]])).explained_by).toEqual(closed);
    expect((await compare([page], [bare])).explained_by).toEqual(closed);
    expect((await compare([page, page], [[bare, bare]])).explained_by).toEqual(closed);
    expect((await compare([page], [[bare, bare]])).explained_by).toEqual([]);
    expect((await compare([page], [entities[0]])).explained_by).toEqual([]);
    expect((await compare([records], [[]])).explained_by).toEqual([]);
  });

  test("are told beside other decisions only when each accounts for its own", async () => {
    const other = entityOf({ ...records[0], epkey: "EP7" });
    const lower = changing(other);
    KEY_IN_LOWER_CASE.change(lower, {});
    const theirs = answer({ log: page, entities: [] });
    expect(
      (await compare([page, { epkey: "EP7", hardware_uuid: "H-EP1", os_family: "Windows" }], [theirs, lower]))
        .explained_by,
    ).toEqual(["case", "response"]);
  });
});
