import { createHash } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { DuoApiError } from "../../src/collector/errors.ts";
import { mapPage } from "../../src/core/map-page.ts";
import { IDENTIFYING_KEY, RESOURCES } from "../../src/core/resource.ts";
import { isObject } from "../../src/core/scalar.ts";
import { httpTransport } from "../../src/io/http.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { FAULT_KINDS, type Fault, type FaultKind } from "../../src/simulator/faults.ts";
import {
  type Collected,
  collectedIds,
  collectFrom,
  fakeClock,
  filesBelow,
  simulator,
  temporaryDirectory,
} from "../support/collector.ts";

const MANIFEST = "duo/manifests/2026/03/04/run.json";
const errorsOf = ({ manifest }: Collected) =>
  Object.fromEntries(
    manifest.resources.flatMap(({ resource, error }) => (error ? [[resource, error.code]] : [])),
  );

/** Every record of the account stands in the raw pages, once, and in Duo's order. */
function expectNothingLostNothingTwice({ files, simulator: { account } }: Collected): void {
  for (const resource of RESOURCES) {
    const key = IDENTIFYING_KEY[resource];
    const whole = account.page(resource, 0, account.sizes[resource]).map((record) => record[key]);
    expect(collectedIds(files, resource, key), resource).toEqual(whole);
  }
}

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
    expect(log).toEqual(["fetch", "fetch", "page", "fetch", "page", "page", "resource"]);
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

describe("a fault that passes", () => {
  const passing: Fault[] = [
    { kind: "rate-limit", times: 3 },
    { kind: "rate-limit", retryAfter: 20 },
    { kind: "server-error", times: 6 },
    { kind: "html" },
    { kind: "html-ok" },
    { kind: "drop", times: 2 },
    { kind: "truncate" },
    { kind: "cut" },
    { kind: "not-utf8" },
  ];

  test.each(passing)("loses nothing and doubles nothing: %o", async (fault) => {
    const run = await collectFrom(
      { users: 30, faults: [{ ...fault, resource: "users", offset: 20 }] },
      { LIMIT: "10" },
    );
    expect(run.ok).toBe(true);
    expectNothingLostNothingTwice(run);
    expect(run.manifest.resources.map(({ counts }) => counts.retries)).toEqual([
      fault.times ?? 1,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
  });

  test("and all of them together, everywhere, lose nothing and double nothing", async () => {
    const faults = passing.map((fault, index): Fault => ({ ...fault, times: 1_000, every: 17 + index }));
    const run = await collectFrom({ users: 260, faults }, { LIMIT: "10", OUTPUT: "both" });
    expect(errorsOf(run)).toEqual({});
    expectNothingLostNothingTwice(run);
    const failed = run.simulator.requests.filter(({ status }) => status !== 200).length;
    expect(failed).toBeGreaterThan(20);
  });

  test("makes the collector wait as long as Retry-After asks", async () => {
    const { clock } = await collectFrom({ faults: [{ kind: "rate-limit", retryAfter: 20 }] });
    expect(clock.waits).toEqual([20_000]);
  });
});

describe("a fault that stays", () => {
  test.each([
    ["dead", "DUO_STAT_FAIL", 7],
    ["fail", "DUO_STAT_FAIL", 1],
    ["forbidden", "DUO_STAT_FAIL", 1],
    ["stuck-offset", "DUO_PAGING", 1, 1],
    ["runaway-offset", "DUO_PAGING", 1, 1],
    ["empty-pages", "DUO_PAGING", 1, 1],
    ["repeated-pages", "DUO_PAGING", 2, 1],
    ["short", "DUO_SHORT", 1, 1],
    ["null-response", "DUO_PAGING", 1, 1],
    ["huge", "DUO_BODY", 1],
    ["endless", "DUO_BODY", 1],
    ["echo", "DUO_STAT_FAIL", 1],
  ] as const)("stops its resource and no other: %s", async (kind, code, requests, pages: number = 0) => {
    const faults: Fault[] = [{ kind, resource: "phones", ...(kind === "short" && { times: 1 }) }];
    const run = await collectFrom({ users: 5, sizes: { phones: 501 }, faults });
    expect(run.ok).toBe(false);
    expect(errorsOf(run)).toEqual({ phones: code });
    expect(run.simulator.requests.filter(({ resource }) => resource === "phones")).toHaveLength(requests);
    expect([...run.files.keys()].filter((key) => key.includes("/duo-phones-"))).toHaveLength(pages);
    expect(JSON.parse(String(run.files.get(MANIFEST)))).toMatchObject({ complete: false });
  });

  test("in the middle of a resource keeps the pages before it", async () => {
    const { files, manifest } = await collectFrom({
      users: 900,
      faults: [{ kind: "dead", resource: "users", offset: 600 }],
    });
    const [users] = manifest.resources;
    expect(collectedIds(files, "users", "user_id")).toHaveLength(600);
    expect([users?.counts, users?.error?.path, users?.error?.tries]).toEqual([
      { pages: 2, objects: 600, retries: 6 },
      "/admin/v1/users?limit=300&offset=600",
      7,
    ]);
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

describe("a fault of the way to Duo, or of the account,", () => {
  test.each([
    [
      "redirect",
      "DUO_HTTP",
      /^The request was sent elsewhere.*HTTP 302, to http:\/\/sign-in\.example\.com\).*sign-in page/,
    ],
    ["proxy-login", "DUO_HTTP", /^The proxy asks for a login .*HTTP 407\).*HTTPS_PROXY/],
    [
      "portal",
      "DUO_BODY",
      /^A sign-in page came instead of Duo's answer .*HTTP 200, a sign-in page\): .*sign in there/,
    ],
  ] as const)("is told once and at once, and ends the run: %s", async (kind, code, message) => {
    const { manifest, simulator: duo } = await collectFrom({ faults: [{ kind }] });
    const [users, ...others] = manifest.resources;
    expect([users?.error?.code, users?.error?.message]).toEqual([code, expect.stringMatching(message)]);
    expect(others.map(({ error, not_started }) => error ?? not_started)).toEqual(Array(6).fill(true));
    expect(duo.requests).toHaveLength(1);
  });

  test("is told once after a second try where it might pass: an HTML page that asks for nothing", async () => {
    const { manifest, simulator: duo } = await collectFrom({ faults: [{ kind: "html-ok", times: 100 }] });
    const [users, ...others] = manifest.resources;
    expect(users?.error?.message).toMatch(
      /^An HTML page came instead of Duo's answer .*after 2 tries.*sign in/,
    );
    expect(others.map(({ error, not_started }) => error ?? not_started)).toEqual(Array(6).fill(true));
    expect(duo.requests).toHaveLength(2);
  });

  test.each([
    ["ENOTFOUND", 1, /^The host name is not known/],
    ["CERT_HAS_EXPIRED", 1, /^The certificate of the server was refused/],
    ["EAI_AGAIN", 7, /^Duo could not be reached.*check DUO_API_HOSTNAME, the network/],
    ["ECONNREFUSED", 7, /^Duo could not be reached.*check DUO_API_HOSTNAME, the network/],
    ["EPROTO", 7, /^What answers for Duo's host does not speak TLS/],
  ])("is told once, and ends the run, when no connection is made: %s", async (code, tries, message) => {
    let requests = 0;
    const transport = async () => {
      requests++;
      throw Object.assign(new Error("no connection"), { code });
    };
    const { manifest } = await collectFrom({}, {}, { transport });
    const [users, ...others] = manifest.resources;
    expect(users?.error?.message).toMatch(message);
    expect(others.map(({ error, not_started }) => error ?? not_started)).toEqual(Array(6).fill(true));
    expect(requests).toBe(tries);
  });
});

describe("a page that is odd", () => {
  test("with a response that holds no records counts none, and an issue", async () => {
    const { manifest } = await collectFrom({ faults: [{ kind: "null-response", resource: "groups" }] });
    const groups = manifest.resources.find(({ resource }) => resource === "groups");
    expect(groups?.counts).toEqual({
      pages: 1,
      objects: 0,
      retries: 0,
      issues: { PAGE_RESPONSE_NOT_RECORDS: 1 },
    });
  });

  test("with lines that are too long is asked for again, with fewer records", async () => {
    const {
      ok,
      files,
      simulator: duo,
    } = await collectFrom(
      { users: 100, faults: [{ kind: "long-lines", resource: "users" }] },
      { RESOURCES: "users" },
    );
    expect(ok).toBe(true);
    expect(collectedIds(files, "users", "user_id")).toEqual(
      duo.account.page("users", 0, 100).map(({ user_id }) => user_id),
    );
    const lengths = [...files].filter(([key]) => key.includes("/duo-users-")).map(([, { length }]) => length);
    expect(lengths.filter((length) => length > 4_000_000)).toEqual([]);
    expect(duo.requests.map(({ path }) => /limit=\d+/.exec(path)?.[0])).toEqual([
      "limit=300",
      "limit=150",
      "limit=75",
      "limit=37",
      "limit=37",
      "limit=37",
    ]);
  });
});

describe("a run that cannot succeed", () => {
  test("for a wrong secret key says once which setting to check, and ends", async () => {
    const { manifest, simulator: duo } = await collectFrom({}, { DUO_SKEY: "wrong" });
    const [users, ...others] = manifest.resources;
    expect(users?.error?.message).toMatch(/40103.*check DUO_SKEY/);
    expect(others.map(({ error, not_started }) => [error, not_started])).toEqual(
      Array(6).fill([undefined, true]),
    );
    expect(manifest.complete).toBe(false);
    expect(duo.requests).toHaveLength(1);
  });

  test("for a wrong host says the signature does not fit", async () => {
    const { manifest } = await collectFrom({}, { DUO_API_HOSTNAME: "api-other.duosecurity.com" });
    expect(manifest.resources[0]?.error?.duo_code).toBe("40103");
  });

  test("for a clock that is wrong says so", async () => {
    const late = Date.parse("2026-03-04T05:16:07Z");
    const { manifest } = await collectFrom({}, { RESOURCES: "users" }, { now: () => late });
    expect(manifest.resources[0]?.error?.message).toContain("set this machine's clock");
  });

  test("for a host that is not there gives up after its tries", async () => {
    const duo = await simulator();
    await duo.close();
    const directory = await temporaryDirectory();
    const config = loadConfig({ ...duo.env, RESOURCES: "users" }, { to: directory });
    const { manifest } = await collect(config, fakeClock());
    expect(manifest.resources[0]?.error).toMatchObject({
      code: "DUO_UNREACHABLE",
      system_code: "ECONNREFUSED",
      tries: 7,
    });
  });

  test("within its time stops at the deadline, keeps what it has, and writes the manifest", async () => {
    const clock = fakeClock();
    const run = await collectFrom(
      { users: 900, now: clock.now },
      { OUTPUT: "both" },
      {
        now: clock.now,
        deadline: clock.now() + 25_000,
        transport: async (...request) => {
          clock.pass(10_000);
          return httpTransport(...request);
        },
      },
    );
    expect(errorsOf(run)).toEqual(
      Object.fromEntries(RESOURCES.filter((name) => name !== "users").map((name) => [name, "DEADLINE"])),
    );
    expect(collectedIds(run.files, "users", "user_id")).toHaveLength(900);
    expect(run.simulator.requests).toHaveLength(3);
    expect(run.files.has(MANIFEST)).toBe(true);
  });
});

/** They take long, and hold nothing of a request. */
const LARGE: readonly FaultKind[] = ["huge", "endless", "long-lines"];

test("no secret stands in any file, event or error, whatever goes wrong", async () => {
  const secrets = ["simulated-secret-key-of-forty-characters", "wrong-secret-key"];
  const told: string[] = [];
  for (const DUO_SKEY of secrets) {
    const {
      files,
      manifest,
      simulator: duo,
    } = await collectFrom(
      {
        skey: secrets[0] ?? "",
        faults: FAULT_KINDS.filter((kind) => !LARGE.includes(kind)).map((kind, index) => ({
          kind,
          every: 2 + index,
        })),
      },
      { DUO_SKEY, OUTPUT: "both" },
      {
        onEvent: (event) => {
          told.push(JSON.stringify(event));
          if (event.kind === "retry") told.push(event.retry.error.message, String(event.retry.error.stack));
        },
      },
    );
    told.push(JSON.stringify(manifest), ...[...files.values()].map(String));
    const signatures = duo.requests.map(({ authorization }) => authorization.slice("Basic ".length));
    expect(signatures.filter((signature) => told.some((text) => text.includes(signature)))).toEqual([]);
  }
  expect(told.length).toBeGreaterThan(20);
  expect(secrets.filter((secret) => told.some((text) => text.includes(secret)))).toEqual([]);
});

test("an error of Duo is told apart by its class", () => {
  const error = new DuoApiError("DUO_PAGING", { path: "/admin/v1/users?offset=0" });
  expect([error.name, error.code]).toEqual(["DuoApiError", "DUO_PAGING"]);
});

test("files appear whole: nothing but finished objects lies in the directory", async () => {
  const { directory } = await collectFrom({ faults: [{ kind: "truncate", every: 2 }] });
  expect([...(await filesBelow(directory)).keys()].filter((key) => !/\/[\w-]+\.json$/.test(key))).toEqual([]);
});
