import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authorization, canonicalParams, type Signature } from "../../src/collector/sign.ts";
import { IDENTIFYING_KEY, RESOURCES, type Resource } from "../../src/core/resource.ts";
import { Account, sizesFor } from "../../src/simulator/data.ts";
import type { Simulator } from "../../src/simulator/duo.ts";
import { DUO_FAULTS, readFault } from "../../src/simulator/faults.ts";
import { simulator } from "../support/collector.ts";

interface Asked {
  readonly path?: string;
  readonly params?: Record<string, string>;
  readonly version?: Signature;
  readonly ikey?: string;
  readonly skey?: string;
  readonly host?: string;
  readonly date?: string;
}

/** One request, signed as a client of the simulator would, save for what `asked` says. */
async function ask({ url, env }: Simulator, asked: Asked = {}): Promise<{ status: number; body: Body }> {
  const {
    path = "/admin/v1/users",
    params = {},
    version = "v5",
    ikey = env.DUO_IKEY,
    skey = env.DUO_SKEY,
    host = env.DUO_API_HOSTNAME,
    date = new Date().toUTCString(),
  } = asked;
  const request = { date, method: "GET", host, path, params };
  const headers = { date, authorization: authorization(version, ikey, skey, request) };
  const response = await fetch(`${url}${path}?${canonicalParams(params)}`, { headers });
  const body: Body = JSON.parse(await response.text());
  return { status: response.status, body };
}

interface Body {
  readonly stat: string;
  readonly code?: number;
  readonly message_detail?: string;
  readonly response?: Record<string, unknown>[];
  readonly metadata?: { next_offset?: number; prev_offset?: number; total_objects: number };
}

describe("the invented account", () => {
  const account = new Account(7, sizesFor(400));

  test("is the same for the same seed, whichever page is asked for, and another for another", () => {
    const resource = fc.constantFrom(...RESOURCES);
    fc.assert(
      fc.property(resource, fc.nat(300), fc.nat(20), (name, offset, limit) => {
        const page = new Account(7, sizesFor(400)).page(name, offset, limit);
        expect(page).toEqual(account.page(name, 0, offset + limit).slice(offset));
      }),
      { numRuns: 20 },
    );
    expect(new Account(8, sizesFor(400)).page("users", 0, 5)).not.toEqual(account.page("users", 0, 5));
  });

  test.each(RESOURCES)("%s: each record has an id of its own", (resource) => {
    const records = account.page(resource, 0, 1_000);
    const ids = new Set(records.map((record) => record[IDENTIFYING_KEY[resource]]));
    expect(records).toHaveLength(account.sizes[resource]);
    expect(ids.size).toBe(records.length);
  });

  test("gives a user the phones that name the user, and no others", () => {
    const links = (resource: Resource, field: string, own: string, other: string) =>
      account
        .page(resource, 0, 1_000)
        .flatMap((record) => {
          const nested = record[field];
          if (!Array.isArray(nested)) throw new Error(`${resource} without ${field}`);
          return nested.map((one: Record<string, unknown>) => ({ [own]: record[own], [other]: one[other] }));
        })
        .map(({ user_id, phone_id }) => `${user_id} ${phone_id}`)
        .sort();
    const fromPhones = links("phones", "users", "phone_id", "user_id");
    expect(links("users", "phones", "user_id", "phone_id")).toEqual(fromPhones);
    expect(fromPhones.length).toBeGreaterThan(400);
  });

  test("knows nobody: addresses under example.com, numbers in the fictional 555 exchange", () => {
    const text = JSON.stringify(RESOURCES.map((resource) => account.page(resource, 0, 1_000)));
    const addresses = text.match(/[^"@\s]+@[^"\s]+/g) ?? [];
    const numbers = text.match(/"number":"[^"]+"/g) ?? [];
    expect(addresses.filter((address) => !address.endsWith("@example.com"))).toEqual([]);
    expect(numbers.filter((number) => !/"\+1503555\d{4}"$/.test(number))).toEqual([]);
    expect([addresses.length > 1_000, numbers.length > 400]).toEqual([true, true]);
  });

  test("shows the oddities of real pages", () => {
    const values = (resource: Resource, field: string) =>
      new Set(account.page(resource, 0, 1_000).map((record) => JSON.stringify(record[field]) ?? "absent"));
    const missing = [
      [values("phones", "predelay"), ['"0"', '""', "null", "absent"]],
      [values("phones", "encrypted"), ['"Encrypted"', '"Unencrypted"', '"Unknown"', '""', "absent"]],
      [values("phones", "last_seen"), ['""']],
      [values("phones", "users"), ["[]"]],
      [values("phones", "number"), ['""']],
      [values("endpoints", "health_data_last_collected"), ['""']],
      [values("endpoints", "trusted_endpoint"), ['"yes"', '"no"', '"unknown"', "absent"]],
      [values("endpoints", "browsers"), ["[]"]],
      [values("users", "firstname"), ["null"]],
      [values("users", "email"), ['""']],
      [values("users", "status"), ['"locked out"', '"pending deletion"']],
      [values("groups", "voice_enabled"), ["false", "absent"]],
      [values("tokens", "totp_step"), ["30", "null", "absent"]],
      [values("webauthncredentials", "user"), ["absent"]],
    ] as const;
    expect(missing.map(([seen, wanted]) => wanted.filter((value) => !seen.has(value)))).toEqual(
      missing.map(() => []),
    );
  });
});

describe("the simulated API", () => {
  test("pages: next_offset until the last page, prev_offset from the second", async () => {
    const duo = await simulator({ users: 250 });
    const pages = [0, 100, 200, 300].map((offset) =>
      ask(duo, { params: { limit: "100", offset: String(offset) } }),
    );
    const seen = (await Promise.all(pages)).map(({ body }) => [body.response?.length, body.metadata]);
    expect(seen).toEqual([
      [100, { next_offset: 100, total_objects: 250 }],
      [100, { next_offset: 200, prev_offset: 0, total_objects: 250 }],
      [50, { prev_offset: 100, total_objects: 250 }],
      [0, { prev_offset: 200, total_objects: 250 }],
    ]);
  });

  test.each(["v5", "v2"] as const)("takes signatures of version %s", async (version) => {
    const duo = await simulator({ users: 3 });
    expect(await ask(duo, { version })).toMatchObject({ status: 200, body: { stat: "OK" } });
  });

  test.each([
    ["another integration key", { ikey: "DIOTHER" }, 401, 40102],
    ["another secret key", { skey: "other" }, 401, 40103],
    ["another host's signature", { host: "api-other.duosecurity.com" }, 401, 40103],
    ["a date six minutes old", { date: new Date(Date.now() - 360_000).toUTCString() }, 401, 40105],
    ["no date", { date: "" }, 401, 40105],
    ["an unknown path", { path: "/admin/v1/robots" }, 404, 40401],
    ["a limit over the maximum", { params: { limit: "301" } }, 400, 40002],
    ["a limit of 0", { params: { limit: "0" } }, 400, 40002],
    ["a negative offset", { params: { offset: "-1" } }, 400, 40002],
  ])("refuses %s", async (_, asked, status, code) => {
    const duo = await simulator({ users: 3 });
    expect(await ask(duo, asked)).toMatchObject({ status, body: { code, stat: "FAIL" } });
  });

  test("refuses a request without credentials", async () => {
    const duo = await simulator({ users: 3 });
    const response = await fetch(`${duo.url}/admin/v1/users`);
    expect([response.status, JSON.parse(await response.text())]).toEqual([
      401,
      { code: 40101, message: "Missing request credentials", stat: "FAIL" },
    ]);
  });

  test("listens on loopback only", async () => {
    const duo = await simulator({ users: 3 });
    expect(new URL(duo.url).hostname).toBe("127.0.0.1");
  });
});

describe("a fault on demand", () => {
  test.each([
    ["rate-limit", { kind: "rate-limit" }],
    ["dead,resource=tokens", { kind: "dead", resource: "tokens" }],
    [
      "rate-limit,offset=300,times=2,every=3,retry-after=1",
      { kind: "rate-limit", offset: 300, times: 2, every: 3, retryAfter: 1 },
    ],
  ])("is read from %s", (text, fault) => {
    expect(readFault(text, DUO_FAULTS, RESOURCES)).toEqual(fault);
  });

  test.each([
    "",
    "robots",
    "dead,resource=robots",
    "drop,times",
    "drop,times=x",
    "drop,every=0",
    "drop,x=1",
    "toString",
  ])("is not read from %j", (text) => {
    expect(readFault(text, DUO_FAULTS, RESOURCES)).toBeUndefined();
  });

  test("has a kind for each thing that Duo and networks have been seen to do", () => {
    expect(Object.keys(DUO_FAULTS)).toEqual([
      "rate-limit",
      "server-error",
      "html",
      "html-ok",
      "drop",
      "truncate",
      "cut",
      "not-utf8",
      "stuck-offset",
      "runaway-offset",
      "text-offsets",
      "shrinking",
      "empty-pages",
      "repeated-pages",
      "short",
      "null-response",
      "odd-elements",
      "long-lines",
      "endless",
      "huge",
      "redirect",
      "portal",
      "blocked",
      "proxy-login",
      "echo",
      "dead",
      "fail",
      "forbidden",
      "late-clock",
    ]);
  });

  test("comes every so many requests, or so many times", async () => {
    const duo = await simulator({
      users: 3,
      faults: [
        { kind: "server-error", resource: "users", every: 3 },
        { kind: "rate-limit", resource: "groups", times: 2 },
      ],
    });
    const statuses = async (path: string) => {
      const seen: number[] = [];
      for (let i = 0; i < 6; i++) seen.push((await ask(duo, { path })).status);
      return seen;
    };
    expect(await statuses("/admin/v1/users")).toEqual([200, 200, 500, 200, 200, 500]);
    expect(await statuses("/admin/v1/groups")).toEqual([429, 429, 200, 200, 200, 200]);
  });
});
