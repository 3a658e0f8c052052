import { describe, expect, it } from "vitest";
import { mapPage } from "../../src/index.ts";
import { canonicalEntity } from "../../src/preflight/canonical.ts";
import { readFault } from "../../src/simulator/faults.ts";
import {
  DIFFERENCES,
  type ParserDifference,
  parseDifferences,
  parseLog,
} from "../../src/simulator/parser.ts";
import {
  SECOPS_FAULTS,
  SECOPS_RESOURCES,
  type SecopsFault,
  type SecopsSimulatorOptions,
} from "../../src/simulator/secops.ts";
import { asset, INSTANCE, secops } from "../support/secops.ts";

const readSecopsFault = (text: string): SecopsFault | undefined =>
  readFault(text, SECOPS_FAULTS, SECOPS_RESOURCES);

const TIME = "2026-01-02T03:04:05Z";

async function open(options: SecopsSimulatorOptions = {}) {
  const simulator = await secops(options);
  const ask = (path: string, body?: unknown, token = "token") =>
    fetch(`${simulator.url}/v1beta/${INSTANCE}/${path}`, {
      headers: token === "" ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
  const send = (entities: unknown, token?: string) =>
    ask("entities:import", { inline_source: { entities, log_type: "DUO_CONTEXT" } }, token);
  return { simulator, ask, send };
}

describe("the stand-in of SecOps", () => {
  it("takes entities in either spelling", async () => {
    const { send, simulator } = await open();
    const camel = {
      entity: { asset: { productObjectId: "E1", deploymentStatus: 1 } },
      metadata: { entityType: "ASSET", collectedTimestamp: TIME },
    };
    const answer = await send([asset("E0"), camel]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({});
    expect(simulator.totals).toEqual({ accepted: 2, refused: 0 });
  });

  it.each([
    ["an unknown field", { colour: "red" }],
    ["a wrong type", { relations: {} }],
    ["an interval", { metadata: { interval: {} } }],
    ["a creation time", { metadata: { creation_timestamp: TIME } }],
    ["a field in both spellings", { risk_score: {}, riskScore: {} }],
  ])("refuses a whole request for %s, without saying which entity", async (_, more) => {
    const { send, simulator } = await open();
    const answer = await send([asset("E0"), asset("E1", more), asset("E2")]);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: { code: 400, message: "Request contains an invalid argument.", status: "INVALID_ARGUMENT" },
    });
    expect(simulator.totals).toEqual({ accepted: 0, refused: 1 });
  });

  it("wants a token, and knows no other paths", async () => {
    const { ask, send } = await open();
    expect((await send([], "")).status).toBe(401);
    expect((await ask("entities:export", {})).status).toBe(404);
    expect((await ask("entities:import")).status).toBe(404);
  });

  it.each([
    ["rate-limit,retry-after=7", 429],
    ["server-error", 500],
    ["unavailable", 503],
    ["html", 502],
    ["too-large", 413],
    ["forbidden", 403],
    ["not-found", 404],
    ["unauthorized", 401],
    ["dead", 500],
  ])("answers as it is told: %s", async (text, status) => {
    const fault = readSecopsFault(text);
    const { send } = await open({ faults: fault === undefined ? [] : [fault] });
    const answer = await send([asset("E1")]);
    expect(answer.status).toBe(status);
    if (text.includes("retry-after")) expect(answer.headers.get("retry-after")).toBe("7");
  });

  it("can lose its answer to what it has done", async () => {
    const { send, simulator } = await open({ faults: [{ kind: "lost" }] });
    await expect(send([asset("E1")])).rejects.toThrow();
    expect(simulator.totals.accepted).toBe(1);
  });

  it("takes a token that has expired no more", async () => {
    const { send } = await open({ faults: [{ kind: "expired-token" }] });
    expect((await send([asset("E1")], "one")).status).toBe(401);
    expect((await send([asset("E1")], "one")).status).toBe(401);
    expect((await send([asset("E1")], "two")).status).toBe(200);
  });

  it.each(["unheard-of", "rate-limit,resource=users", "rate-limit,times=x"])("knows no fault %s", (text) => {
    expect(readSecopsFault(text)).toBeUndefined();
  });

  it("knows every fault by its name, for each resource", () => {
    for (const kind of Object.keys(SECOPS_FAULTS)) {
      expect(readSecopsFault(`${kind},resource=run,times=2`)).toEqual({ kind, resource: "run", times: 2 });
    }
  });

  it.each([[{ parser: { cbn: "other" }, log: [] }], [{ parser: {}, log: [] }], [{}]])(
    "runs no parser that it does not have: %j",
    async (body) => {
      const { ask } = await open();
      expect((await ask("logTypes/DUO_CONTEXT:runParser", body)).status).toBe(400);
    },
  );
});

const RECORD = {
  epkey: "EP1",
  device_name: "laptop",
  users: [
    { username: "ada", email: "ada@example.com" },
    { username: "bob", email: "bob@example.com" },
  ],
};
const parse = (document: unknown, ...differences: ParserDifference[]): unknown[] =>
  parseLog(JSON.stringify(document), differences, TIME).map(canonicalEntity);

describe("the parser of the stand-in", () => {
  const [ours] = mapPage(RECORD, { collectedAt: TIME }).entities;

  it("is ours, when no difference is chosen, in lowerCamelCase", () => {
    expect(parse(RECORD)).toEqual([ours]);
    expect(parse({ stat: "OK", response: [RECORD, RECORD] })).toEqual([ours, ours]);
    expect(parse([RECORD])).toEqual([ours]);
    expect(JSON.stringify(parseLog(JSON.stringify(RECORD), [], TIME))).toContain('"productObjectId"');
  });

  const user = ours?.relations?.[0]?.entity.user;
  const { type, deployment_status, ...asset } = ours?.entity.asset ?? {};
  const bob = { email_addresses: ["bob@example.com"], userid: "bob" };

  it.each([
    ["owner=noun", { entity: { ...ours?.entity, user }, metadata: ours?.metadata }],
    ["owner=both", { ...ours, entity: { ...ours?.entity, user } }],
    ["first_user", { ...ours, relations: [{ ...ours?.relations?.[0], entity: { user: bob } }] }],
    ["case", { ...ours, entity: { asset: { ...ours?.entity.asset, hostname: "LAPTOP" } } }],
    ["default_type", { ...ours, entity: { asset: { ...asset, deployment_status } } }],
    ["default_status", { ...ours, entity: { asset: { ...asset, type } } }],
  ] as const)("does otherwise what it is told: %s", (difference, expected) => {
    expect(parse(RECORD, difference)).toEqual([expected]);
  });

  it("leaves pages closed when it is told to, and takes records as before", () => {
    expect(parse({ stat: "OK", response: [RECORD] }, "response=closed")).toEqual([]);
    expect(parse(RECORD, "response=closed")).toEqual([ours]);
  });

  it("reads the names of all differences, and no others", () => {
    expect(parseDifferences(DIFFERENCES)).toEqual(DIFFERENCES);
    expect(parseDifferences(["owner=elsewhere"])).toBeUndefined();
  });
});
