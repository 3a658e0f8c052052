import { createHash } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { mapPage } from "../../src/core/map-page.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { isObject } from "../../src/core/scalar.ts";
import { httpTransport } from "../../src/io/http.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { collectFrom, expectNothingLostNothingTwice, filesBelow, simulator } from "../support/collector.ts";

const MANIFEST = "duo/manifests/2026/03/04/run.json";
describe("a run", () => {
  test("stores the guide's keys, and a manifest", async () => {
    const { ok, files } = await collectFrom({ users: 650 });
    expect(ok).toBe(true);
    expect([...files.keys()]).toEqual([
      "duo/context/2026/03/04/duo-desktop_authenticators-00000.json",
      "duo/context/2026/03/04/duo-endpoints-00000.json",
      "duo/context/2026/03/04/duo-endpoints-00001.json",
      "duo/context/2026/03/04/duo-groups-00000.json",
      "duo/context/2026/03/04/duo-phones-00000.json",
      "duo/context/2026/03/04/duo-phones-00001.json",
      "duo/context/2026/03/04/duo-tokens-00000.json",
      "duo/context/2026/03/04/duo-users-00000.json",
      "duo/context/2026/03/04/duo-users-00001.json",
      "duo/context/2026/03/04/duo-users-00002.json",
      "duo/context/2026/03/04/duo-webauthncredentials-00000.json",
      MANIFEST,
    ]);
  });

  test("stores each page byte for byte, on one connection", async () => {
    const bodies: Uint8Array[] = [];
    const { files, simulator: duo } = await collectFrom(
      {},
      {},
      {
        transport: async (...request) => {
          const answer = await httpTransport(...request);
          bodies.push(answer.body);
          return answer;
        },
      },
    );
    const pages = RESOURCES.map((resource) => files.get(`duo/context/2026/03/04/duo-${resource}-00000.json`));
    expect(pages.map(String)).toEqual(bodies.map((body) => Buffer.from(body).toString()));
    expect(new Set(duo.requests.map(({ port }) => port)).size).toBe(1);
  });

  test("leaves nothing out and takes nothing twice", async () => {
    expectNothingLostNothingTwice(await collectFrom({ users: 650 }));
  });

  test("gives each run a folder with KEY_LAYOUT=run", async () => {
    const { files } = await collectFrom({}, { KEY_LAYOUT: "run", RESOURCES: "users", S3_PREFIX: "" });
    expect([...files.keys()]).toEqual([MANIFEST, "2026/03/04/050607Z-run/duo-users-00000.json"].sort());
  });

  test("signs as DUO_SIGNATURE says", async () => {
    const { ok, simulator: duo } = await collectFrom({}, { DUO_SIGNATURE: "v2", RESOURCES: "users" });
    const [header = ""] = duo.requests.map(({ authorization }) => authorization);
    const signature = Buffer.from(header.slice("Basic ".length), "base64").toString().split(":")[1];
    expect([ok, signature?.length]).toEqual([true, 40]);
  });

  test.each(["udm", "both"])("maps each page with OUTPUT=%s, as the library does", async (OUTPUT) => {
    const { files } = await collectFrom({}, { OUTPUT });
    const { files: raw } = await collectFrom({});
    for (const resource of RESOURCES) {
      const name = `2026/03/04/duo-${resource}-00000`;
      const document: unknown = JSON.parse(String(raw.get(`duo/context/${name}.json`)));
      const { entities } = mapPage(document, { collectedAt: "2026-03-04T05:06:07Z" });
      const lines = entities.map((entity) => `${stringify(entity)}\n`).join("");
      expect(String(files.get(`duo/udm/${name}.ndjson`)), resource).toBe(lines);
      expect(files.has(`duo/context/${name}.json`)).toBe(OUTPUT === "both");
    }
  });

  test("maps with the profile that PROFILE names", async () => {
    const { files } = await collectFrom({}, { OUTPUT: "both", PROFILE: "enriched", RESOURCES: "groups" });
    const name = "2026/03/04/duo-groups-00000";
    const document: unknown = JSON.parse(String(files.get(`duo/context/${name}.json`)));
    const { entities } = mapPage(document, {
      collectedAt: "2026-03-04T05:06:07Z",
      profile: PROFILES.enriched,
    });
    expect(entities.length).toBeGreaterThan(0);
    const lines = entities.map((entity) => `${stringify(entity)}\n`).join("");
    expect(String(files.get(`duo/udm/${name}.ndjson`))).toBe(lines);
  });

  test("fetches the next page while the last one is stored", async () => {
    const log: string[] = [];
    await collectFrom(
      { users: 900 },
      { RESOURCES: "users" },
      {
        transport: async (...request) => {
          log.push("fetch");
          return httpTransport(...request);
        },
        onEvent: ({ kind }) => log.push(kind),
      },
    );
    expect(log).toEqual(["fetch", "fetch", "page", "fetch", "page", "page", "resource", "end"]);
  });

  test("that can write nowhere says so, as an error of the run", async () => {
    const { files, directory } = await collectFrom({}, { RESOURCES: "users" });
    const [file = ""] = files.keys();
    const blocked = `${directory}/${file}`;
    const duo = await simulator();
    const run = collect(loadConfig(duo.env, { to: blocked }));
    await expect(run).rejects.toMatchObject({ name: "CollectionError", code: "STORE_FAILED" });
  });
});

describe("the manifest", () => {
  test("accounts for every object, byte for byte", async () => {
    const { files, manifest } = await collectFrom({ users: 650 }, { OUTPUT: "both" });
    const objects = manifest.resources.flatMap(({ pages }) =>
      pages.flatMap(({ udm, key, bytes, sha256 }) => [{ key, bytes, sha256 }, ...(udm ? [udm] : [])]),
    );
    const stored = [...files]
      .filter(([key]) => key !== MANIFEST)
      .map(([key, body]) => ({
        key,
        bytes: body.length,
        sha256: createHash("sha256").update(body).digest("hex"),
      }));
    expect(objects.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(stored);
  });

  test("tells the run from start to end, its keys in order", async () => {
    const { files, manifest } = await collectFrom(
      { users: 301 },
      { RESOURCES: "users,groups", OUTPUT: "both" },
    );
    const text = String(files.get(MANIFEST));
    expect(text).toBe(`${stringify(JSON.parse(text))}\n`);
    expect(JSON.parse(text)).toEqual(manifest);
    const [users, groups] = manifest.resources;
    expect({ ...manifest, resources: [] }).toEqual({
      run_id: "run",
      start: "2026-03-04T05:06:07.000Z",
      end: "2026-03-04T05:06:07.000Z",
      complete: true,
      output: "raw,udm",
      resources: [],
    });
    expect([
      users?.counts,
      users?.total_objects,
      users?.pages.map(({ offset, records }) => [offset, records]),
    ]).toEqual([
      {
        pages: 2,
        objects: 301,
        retries: 0,
        entities: 301,
        skipped: {},
        issues: { ASSET_ID_FORMAT: 301, OWNER_MISSING: 13 },
      },
      { first: 301, last: 301 },
      [
        [0, 300],
        [300, 1],
      ],
    ]);
    expect(groups?.counts).toEqual({
      pages: 1,
      objects: 5,
      retries: 0,
      entities: 0,
      skipped: { NO_ASSET_IDENTITY: 5 },
      issues: { NO_ASSET_IDENTITY: 5 },
    });
  });
});

describe("the forms of a page", () => {
  test.each<readonly Fault[]>([
    [],
    [{ kind: "odd-elements" }],
    [{ kind: "null-response", resource: "tokens" }],
    [
      { kind: "long-lines", resource: "groups" },
      { kind: "truncate", every: 3 },
    ],
  ])("hold the same records, with the same bytes: %o", async (...faults) => {
    const { files, manifest } = await collectFrom(
      { users: 90, faults },
      { OUTPUT: "raw,records", LIMIT: "40" },
    );
    const pages = [...files].filter(([key]) => key.startsWith("duo/context/"));
    expect(pages.length).toBeGreaterThan(10);
    for (const [key, body] of pages) {
      const { response }: { response: unknown } = JSON.parse(String(body));
      const records = Array.isArray(response) ? response.filter(isObject) : [];
      const lines = files.get(key.replace("duo/context/", "duo/records/").replace(".json", ".ndjson"));
      expect(lines?.toString() ?? "", key).toBe(
        records.map((record) => `${JSON.stringify(record)}\n`).join(""),
      );
    }
    const leftOut = manifest.resources.reduce(
      (sum, { counts: { skipped } }) => sum + (skipped?.["RECORD_NOT_OBJECT"] ?? 0),
      0,
    );
    const isOdd = faults.some(({ kind }) => kind === "odd-elements");
    const all = manifest.resources.reduce((sum, { counts }) => sum + counts.objects, 0);
    expect(leftOut).toBe(isOdd ? (all / 4) * 3 : 0);
  });

  test("of a record that is longer than a feed takes are stored, and counted", async () => {
    const page = JSON.stringify({ response: [{ user_id: "DU", notes: "x".repeat(4_000_000) }], stat: "OK" });
    const asked: string[] = [];
    const { ok, files, manifest } = await collectFrom(
      {},
      { RESOURCES: "users", OUTPUT: "raw,records" },
      {
        transport: async (url) => {
          asked.push(url);
          return { status: 200, body: Buffer.from(page) };
        },
      },
    );
    expect([ok, asked.length, files.size]).toEqual([true, 1, 3]);
    expect(manifest.resources[0]?.counts.issues).toEqual({ LINE_TOO_LONG: 1 });
  });
});

/** They take long, and hold nothing of a request. */
test("files appear whole: nothing but finished objects lies in the directory", async () => {
  const { directory } = await collectFrom({ faults: [{ kind: "truncate", every: 2 }] });
  expect([...(await filesBelow(directory)).keys()].filter((key) => !/\/[\w-]+\.json$/.test(key))).toEqual([]);
});
