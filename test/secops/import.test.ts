import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importEntities, type Rejected } from "../../src/secops/index.ts";
import { SECOPS_FAULTS, type SecopsSimulatorOptions } from "../../src/simulator/secops.ts";
import { fakeClock } from "../support/collector.ts";
import { asset, countedTokens, INSTANCE, secops } from "../support/secops.ts";

function idOf(entity: unknown): string {
  return /"product_object_id":"([^"]*)"/.exec(JSON.stringify(entity))?.[1] ?? "";
}

/** Imports entities into a stand-in that refuses those whose id starts with "bad". */
async function importInto(
  entities: Iterable<unknown>,
  simulated: SecopsSimulatorOptions = {},
  limits: { batchEntities?: number; batchBytes?: number; logType?: string } = {},
) {
  const accepted: { id: string; logType: string }[] = [];
  const simulator = await secops({
    refuses: (entity) => idOf(entity).startsWith("bad"),
    onImport: (taken, logType) => accepted.push(...taken.map((entity) => ({ id: idOf(entity), logType }))),
    ...simulated,
  });
  const rejected: Rejected[] = [];
  const counts = await importEntities(entities, {
    instance: INSTANCE,
    env: simulator.env,
    credentials: countedTokens(),
    ...fakeClock(),
    ...limits,
    onRejected: (one) => void rejected.push(one),
  });
  await simulator.close();
  return { accepted, counts, rejected, simulator };
}

const assets = (n: number, start = 0): unknown[] =>
  Array.from({ length: n }, (_, at) => asset(`E${start + at}`));

describe("importing entities", () => {
  it("sends them in batches of 500", async () => {
    const { accepted, counts, simulator } = await importInto(assets(1_200));
    expect(counts).toMatchObject({ accepted: 1_200, rejected: 0, requests: 3, sent: 1_200 });
    expect(simulator.requests.map(({ count }) => count)).toEqual([500, 500, 200]);
    expect(accepted.map(({ id }) => id)).toEqual(assets(1_200).map(idOf));
  });

  it("sends no request of more bytes than the limit", async () => {
    const { counts, simulator } = await importInto(assets(200), {}, { batchBytes: 5_000 });
    expect(counts.accepted).toBe(200);
    expect(Math.max(...simulator.requests.map(({ bytes }) => bytes))).toBeLessThanOrEqual(5_000);
    expect(Math.min(...simulator.requests.slice(0, -1).map(({ bytes }) => bytes))).toBeGreaterThan(4_500);
  });

  it("sends an entity of just the limit, and not one of a byte more", async () => {
    const frame = '{"inline_source":{"entities":[],"log_type":"DUO_CONTEXT"}}'.length;
    const room = (bytes: number) =>
      asset("E1", {
        additional: { a: "x".repeat(bytes - JSON.stringify(asset("E1", { additional: { a: "" } })).length) },
      });
    const entities = [room(3_000 - frame), room(3_001 - frame)];
    const { counts, rejected, simulator } = await importInto(entities, {}, { batchBytes: 3_000 });
    expect(counts).toMatchObject({ accepted: 1, rejected: 1, sent: 1 });
    expect(simulator.requests.map(({ bytes }) => bytes)).toEqual([3_000]);
    expect(rejected[0]?.issues).toEqual([
      expect.objectContaining({ code: "ENTITY_TOO_LARGE", hint: "it does not fit into a request" }),
    ]);
  });

  it("sends users and groups under a log type of their own", async () => {
    const typed = (id: string, entity_type: unknown, key = "entity_type") => ({
      entity: { user: { product_object_id: id, email_addresses: ["ada@example.com"] } },
      metadata: { vendor_name: "Duo", [key]: entity_type },
    });
    const entities = [
      typed("U1", "USER"),
      asset("E1"),
      typed("U2", 10_000, "entityType"),
      typed("G1", "GROUP"),
    ];
    const { accepted, simulator } = await importInto(entities);
    const types = new Map(accepted.map(({ id, logType }) => [id, logType]));
    expect(types).toEqual(
      new Map([
        ["U1", "DUO_USER_CONTEXT"],
        ["E1", "DUO_CONTEXT"],
        ["U2", "DUO_USER_CONTEXT"],
        ["G1", "DUO_USER_CONTEXT"],
      ]),
    );
    expect(simulator.requests).toHaveLength(2);
    const all = await importInto(entities, {}, { logType: "OTHER" });
    expect(new Set(all.accepted.map(({ logType }) => logType))).toEqual(new Set(["OTHER"]));
  });

  it("does not send what preflight finds invalid, and says why", async () => {
    const unsound = asset("E2", { colour: "red" });
    const { accepted, counts, rejected } = await importInto([asset("E1"), unsound, asset("E3")]);
    expect(accepted.map(({ id }) => id)).toEqual(["E1", "E3"]);
    expect(counts).toMatchObject({ accepted: 2, rejected: 1, requests: 1, sent: 2 });
    expect(rejected).toEqual([
      {
        entity: unsound,
        index: 1,
        issues: [expect.objectContaining({ code: "UDM_SCHEMA", path: "colour" })],
      },
    ]);
  });

  it("accepts every valid entity, finds every invalid one, and takes no more requests than it must", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.uniqueArray(fc.nat(299), { maxLength: 12 }),
        fc.constantFrom(7, 64, 100, 500),
        async (n, places, batchEntities) => {
          const bad = places.filter((place) => place < n).sort((a, b) => a - b);
          const entities = assets(n);
          for (const place of bad) entities[place] = asset(`bad${place}`);
          const { accepted, counts, rejected } = await importInto(entities, {}, { batchEntities });
          expect(rejected.map(({ index }) => index)).toEqual(bad);
          expect(new Set(accepted.map(({ id }) => id))).toEqual(
            new Set(entities.map(idOf).filter((id) => !id.startsWith("bad"))),
          );
          const batches = Math.ceil(n / batchEntities);
          const log = Math.log2(Math.min(batchEntities, n));
          expect(counts.requests).toBeLessThanOrEqual(2 * bad.length * log + batches);
          expect(counts).toMatchObject({ accepted: n - bad.length, rejected: bad.length, sent: n });
        },
      ),
      { numRuns: 30 },
    ));

  it("sends smaller requests once one was too large", async () => {
    const { accepted, simulator } = await importInto(assets(2_000), { maxBytes: 40_000 });
    expect(accepted).toHaveLength(2_000);
    expect(simulator.requests.filter(({ status }) => status === 413).length).toBeLessThan(10);
  });

  it("loses nothing to any fault that passes", async () => {
    const kinds = Object.entries(SECOPS_FAULTS).filter(([, lasting]) => lasting === "passes");
    const faults = kinds.map(([kind], at) => {
      const known = Object.keys(SECOPS_FAULTS).find((one): one is keyof typeof SECOPS_FAULTS => one === kind);
      if (known === undefined) throw new Error(kind);
      return { kind: known, every: at + 2, times: 3, retryAfter: 1 } as const;
    });
    const entities = assets(900);
    for (const place of [3, 400, 899]) entities[place] = asset(`bad${place}`);
    const { accepted, counts, rejected } = await importInto(entities, { faults }, { batchEntities: 50 });
    expect(rejected.map(({ index }) => index)).toEqual([3, 400, 899]);
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(897);
    expect(counts).toMatchObject({ accepted: 897, rejected: 3, sent: 900 });
  });

  it.each([
    ["forbidden", "chronicle.entities.import"],
    ["not-found", "check project, location and instance"],
    ["unauthorized", "check that the credentials"],
    ["dead", "after 7 tries"],
  ] as const)("ends at once when the instance is %s, and halves nothing", async (kind, advice) => {
    const simulator = await secops({ faults: [{ kind }] });
    const importing = importEntities(assets(10), {
      instance: INSTANCE,
      env: simulator.env,
      credentials: countedTokens(),
      ...fakeClock(),
    });
    await expect(importing).rejects.toThrow(advice);
    expect(new Set(simulator.requests.map(({ count }) => count))).toEqual(new Set([10]));
  });

  it("reads entities no faster than they are sent", async () => {
    let read = 0;
    let sent = 0;
    let most = 0;
    async function* many(): AsyncGenerator<unknown> {
      for (; read < 20_000; read++) {
        most = Math.max(most, read - sent);
        yield asset(`E${read}`);
      }
    }
    await importEntities(many(), {
      instance: INSTANCE,
      credentials: countedTokens(),
      transport: async (_url, _headers, _signal, body) => {
        sent +=
          Buffer.from(body ?? [])
            .toString()
            .split('"product_object_id"').length - 1;
        return { status: 200, body: Buffer.from("{}") };
      },
    });
    expect(sent).toBe(20_000);
    expect(most).toBeLessThanOrEqual(1_001);
  });

  it("refuses what is no instance", async () => {
    await expect(importEntities([], { instance: "projects/p" })).rejects.toThrow("the instance must be");
  });
});
