import { describe, expect, test } from "vitest";
import { collect, incomplete } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { DuoApiError } from "../../src/collector/errors.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { httpTransport } from "../../src/io/http.ts";
import { DUO_FAULTS, type Fault, type FaultKind } from "../../src/simulator/faults.ts";
import {
  collectedIds,
  collectFrom,
  errorsOf,
  expectNothingLostNothingTwice,
  fakeClock,
  simulator,
  temporaryDirectory,
} from "../support/collector.ts";

const MANIFEST = "duo/manifests/2026/03/04/run.json";
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

describe("a fault of the way to Duo, or of the account,", () => {
  test.each([
    [
      "blocked",
      "DUO_HTTP",
      /^An HTML page came instead of Duo's answer .*HTTP 403, an HTML page\): .*let through/,
    ],
    ["late-clock", "DUO_STAT_FAIL", /40105.*set this machine's clock/],
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

  test.each([
    ["ECONNRESET", /^Duo could not be reached, or the connection broke .*after 7 tries/],
    ["HPE_INVALID_CONSTANT", /^Duo could not be reached, or the connection broke .*after 7 tries/],
    ["ETIMEDOUT", /^Duo did not answer in time .*after 7 tries/],
  ])("is told once when the host answers nothing, a last request included: %s", async (code, message) => {
    const asked: string[] = [];
    const transport = async (url: string) => {
      asked.push(new URL(url).pathname);
      throw Object.assign(new Error("no answer"), { code });
    };
    const { manifest } = await collectFrom({}, {}, { transport });
    const [users, ...others] = manifest.resources;
    expect(users?.error?.message).toMatch(message);
    expect(others.map(({ error, not_started }) => error ?? not_started)).toEqual(Array(6).fill(true));
    expect(asked).toEqual([...Array(7).fill("/admin/v1/users"), "/admin/v1/groups"]);
  });
});

describe("a resource that gets no answer", () => {
  test("stops no other when Duo answers for the next one", async () => {
    const run = await collectFrom({ faults: [{ kind: "drop", resource: "users", times: 1_000 }] });
    expect(errorsOf(run)).toEqual({ users: "DUO_UNREACHABLE" });
    expect(run.simulator.requests.filter(({ resource }) => resource === "users")).toHaveLength(7);
  });

  test("stops no other once Duo has answered anything", async () => {
    const faults: Fault[] = [{ kind: "server-error" }, { kind: "drop", times: 1_000 }];
    const run = await collectFrom({ faults }, { RESOURCES: "users,groups" });
    expect(errorsOf(run)).toEqual({ users: "DUO_UNREACHABLE", groups: "DUO_UNREACHABLE" });
  });
});

describe("a page that is odd", () => {
  test("with offsets and totals as text is followed like any other", async () => {
    const { ok, files, manifest } = await collectFrom(
      { users: 650, faults: [{ kind: "text-offsets" }] },
      { RESOURCES: "users" },
    );
    expect([ok, manifest.resources[0]?.total_objects]).toEqual([true, { first: 650, last: 650 }]);
    expect(collectedIds(files, "users", "user_id")).toHaveLength(650);
  });

  test("of an account that shrinks meanwhile is told by both totals, and no error", async () => {
    const { ok, manifest } = await collectFrom(
      { users: 650, faults: [{ kind: "shrinking" }] },
      { RESOURCES: "users" },
    );
    expect([ok, manifest.resources[0]?.total_objects]).toEqual([true, { first: 650, last: 648 }]);
  });

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

  test.each([
    ["users,groups", "1 of 2 resources failed, and 1 was not started for the same reason"],
    ["users,groups,phones", "1 of 3 resources failed, and 2 were not started for the same reason"],
  ])("counts the resources of %s that it did not start", async (RESOURCES, counted) => {
    const run = await collectFrom({}, { DUO_SKEY: "wrong", RESOURCES });
    expect(incomplete(run).message.split("; ")[0]).toBe(counted);
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

const LARGE: readonly string[] = ["huge", "endless", "long-lines"];
const isSmall = (kind: string): kind is FaultKind => Object.hasOwn(DUO_FAULTS, kind) && !LARGE.includes(kind);

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
        faults: Object.keys(DUO_FAULTS)
          .filter(isSmall)
          .map((kind, index) => ({ kind, every: 2 + index })),
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
