import { describe, expect, it } from "vitest";
import { placesOf } from "../../src/compare/places.ts";
import { VENDOR } from "../../src/profiles/vendor.ts";
import { SecopsClient } from "../../src/secops/client.ts";
import { compareForms } from "../../src/secops/forms.ts";
import { targetOf } from "../../src/secops/instance.ts";
import { entityOf } from "../support/comparing.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";
import { countedTokens, INSTANCE } from "../support/secops.ts";

const PARSER = { name: "parsers/1", cbn: "", isActive: true, isCustom: false };
const RECORDS = ["EP1", "EP2", "EP3"].map((epkey) => ({ epkey, device_name: `host-${epkey}` }));
const PAGE = {
  source: "duo-endpoints-00000.json",
  envelope: { stat: "OK", response: RECORDS },
  records: RECORDS.map((raw, record) => ({ raw, origin: { source: "duo-endpoints-00000.json", record } })),
};

interface Result {
  readonly log?: string;
  readonly parsedEvents: object;
}

/** Compares with a parser that gives every record a host of its own, and whose answers come as `change` makes them. */
function compareWith(change: (results: readonly Result[]) => readonly Result[]) {
  const transport = async (_url: string, _headers: object, _signal: AbortSignal, body?: Uint8Array) => {
    const { log }: { log: string[] } = JSON.parse(Buffer.from(body ?? []).toString());
    const runParserResults = log.map((one) => {
      const document = JSON.parse(Buffer.from(one, "base64").toString());
      const entities = [document.response ?? document].flat().map(entityOf);
      const events = entities.map((entity) => {
        const { product_object_id: _, ...asset } = entity.entity.asset ?? {};
        return { entity: { ...entity, entity: { asset } } };
      });
      return { log: one, parsedEvents: { events } };
    });
    return { status: 200, body: Buffer.from(JSON.stringify({ runParserResults: change(runParserResults) })) };
  };
  const client = new SecopsClient(targetOf(INSTANCE), countedTokens(), { transport });
  const options = {
    places: placesOf(VENDOR),
    collectedAt: COLLECTED_AT,
    withTimestamps: false,
    showValues: false,
  };
  return compareForms(client, PARSER, [PAGE], options);
}

describe("the results of a parser", () => {
  it.each<[string, (results: readonly Result[]) => readonly Result[]]>([
    ["in the order of the logs", (results) => results],
    ["in another order", (results) => results.toReversed()],
    ["without their logs", (results) => results.map(({ parsedEvents }) => ({ parsedEvents }))],
  ])("are paired with their logs: %s", async (_, change) => {
    const { records } = (await compareWith(change)).forms;
    expect(records.comparison.rows.filter(({ equal }) => equal < 3)).toMatchObject([
      { row: "epkey", only_ours: 3 },
    ]);
    expect(records.comparison.summary).toMatchObject({ different: 3, only_ours: 0, only_theirs: 0 });
  });

  it("are paired with their logs where one is missing", async () => {
    const { records } = (await compareWith((results) => results.slice(1))).forms;
    expect(records.comparison.summary).toMatchObject({ different: 2, only_ours: 1, only_theirs: 0 });
    expect(records.comparison.rows.filter(({ different }) => different > 0)).toEqual([]);
  });
});
