import { describe, expect, onTestFinished, test, vi } from "vitest";
import { loadConfig } from "../../src/collector/config.ts";
import { type Examined, type ExamineOptions, examine } from "../../src/collector/doctor.ts";
import { httpTransport } from "../../src/io/http.ts";
import type { SimulatorOptions } from "../../src/simulator/duo.ts";
import { fakeClock, filesBelow, simulator, temporaryDirectory } from "../support/collector.ts";
import { startS3 } from "../support/s3.ts";

async function findings(
  simulated: SimulatorOptions,
  env: Record<string, string> = {},
  options: ExamineOptions = {},
): Promise<{ readonly all: Examined[]; readonly directory: string; readonly requests: number }> {
  const clock = fakeClock();
  const duo = await simulator({ users: 3, now: clock.now, ...simulated });
  const directory = await temporaryDirectory();
  const config = loadConfig({ ...duo.env, RESOURCES: "users,groups,tokens", ...env }, { to: directory });
  const all: Examined[] = [];
  for await (const finding of examine(config, { ...clock, ...options })) all.push(finding);
  return { all, directory, requests: duo.requests.length };
}

const wrong = (all: readonly Examined[]) => all.filter(({ fault }) => fault !== undefined);

describe("the doctor", () => {
  test("looks at each resource, the clock and the store, and leaves nothing behind", async () => {
    const { all, directory, requests } = await findings({});
    // The simulator's answers carry the real time.
    expect(all.filter(({ what }) => !what.startsWith("clock"))).toEqual([
      { what: "users (3 records)" },
      { what: "groups (3 records)" },
      { what: "tokens (1 record)" },
      { what: `store (${directory}/duo/context)` },
      { what: `store (${directory}/duo/manifests)` },
    ]);
    expect([requests, [...(await filesBelow(directory)).keys()]]).toEqual([3, []]);
  });

  test("says what one resource lacks, once, and goes on with the others", async () => {
    const { all } = await findings({ faults: [{ kind: "forbidden", resource: "groups" }] });
    const [fault, ...others] = wrong(all).filter(({ what }) => what !== "clock");
    expect([fault?.what, others]).toEqual(["groups", []]);
    expect(fault?.fault).toMatch(/40301.*read permissions/);
  });

  test("tries a fault that passes once only", async () => {
    const { all, requests } = await findings({ faults: [{ kind: "server-error", resource: "users" }] });
    expect([wrong(all)[0]?.what, requests]).toEqual(["users", 3]);
  });

  test("says once what is wrong with the account", async () => {
    const { all, requests } = await findings({}, { DUO_SKEY: "wrong-secret-key" });
    expect([wrong(all)[0]?.what, requests]).toEqual(["users", 1]);
    expect(JSON.stringify(all)).not.toContain("wrong-secret-key");
  });

  test.each([
    ["a page for people", { kind: "html-ok", resource: "groups", times: 9 }],
    ["no answer", { kind: "drop", resource: "groups", times: 9 }],
    ["no answer at first", { kind: "drop", resource: "users", times: 9 }],
  ] as const)("goes on with the others where one resource gets %s", async (_, fault) => {
    const { all, requests } = await findings({ faults: [fault] });
    expect(wrong(all).filter(({ what }) => what !== "clock")).toMatchObject([{ what: fault.resource }]);
    expect(requests).toBe(3);
  });

  test("stops asking where two requests get no answer", async () => {
    const { all, requests } = await findings({ faults: [{ kind: "drop", times: 9 }] });
    expect(wrong(all)).toMatchObject([{ what: "users" }, { what: "groups" }]);
    expect(requests).toBe(2);
  });

  test("compares the clock at the time of Duo's answer, however long the rest takes", async () => {
    const clock = fakeClock(Date.now());
    const { all } = await findings(
      { now: clock.now },
      {},
      {
        now: clock.now,
        transport: async (...request) => {
          const answer = await httpTransport(...request);
          if (request[0].includes("/tokens")) clock.pass(100_000);
          return answer;
        },
      },
    );
    expect(wrong(all)).toEqual([]);
  });

  test("takes no proxy's date for Duo's", async () => {
    const transport = async () => ({
      status: 407,
      date: new Date(0).toUTCString(),
      isOfProxy: true,
      body: new Uint8Array(),
    });
    const { all } = await findings({}, {}, { transport });
    expect(wrong(all).map(({ what }) => what)).toEqual(["users"]);
  });

  test.each([undefined, "yesterday 3000"])("says where Duo's answer has no date: %s", async (date) => {
    const { all } = await findings(
      {},
      {},
      { transport: async (...request) => ({ ...(await httpTransport(...request)), date }) },
    );
    expect(all).toContainEqual({ what: "clock (Duo's answer has no Date to compare with)" });
  });

  test("compares the clock with Duo's", async () => {
    const now = Date.now();
    const right = await findings({ now: () => now }, {}, { now: () => now });
    expect(right.all.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^clock \(\d+ s off Duo's\)$/),
    );
    const late = now - 240_000;
    const off = await findings({ now: () => now }, {}, { now: () => late });
    expect(wrong(off.all)).toEqual([
      { what: "clock", fault: expect.stringMatching(/^this machine is \d+ s behind Duo: set its clock/) },
    ]);
  });

  test("says what the store refuses", async () => {
    const s3 = await startS3({ before: (method) => (method === "PUT" ? "AccessDenied" : undefined) });
    const duo = await simulator({ users: 3 });
    const all: Examined[] = [];
    for await (const finding of examine(loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" }))) {
      all.push(finding);
    }
    expect(wrong(all).map(({ fault }) => fault)).toContainEqual(
      expect.stringMatching(/could not be written \(AccessDenied\): allow .*s3:PutObject/),
    );
  });

  test("says once what is wrong with the whole store", async () => {
    await startS3();
    const duo = await simulator({ users: 3 });
    const config = loadConfig(
      { ...duo.env, RESOURCES: "users", S3_FORCE_PATH_STYLE: "true" },
      { to: "s3://no-such-bucket" },
    );
    const all: Examined[] = [];
    for await (const finding of examine(config)) all.push(finding);
    expect(wrong(all)).toEqual([
      { what: "store", fault: expect.stringMatching(/\(NoSuchBucket\): create the bucket/) },
    ]);
  });

  test("says what the AWS SDK lacks, after all else", async () => {
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) vi.stubEnv(name, undefined);
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/dev/null");
    onTestFinished(() => void vi.unstubAllEnvs());
    const duo = await simulator({ users: 3 });
    const all: Examined[] = [];
    for await (const finding of examine(
      loadConfig({ ...duo.env, RESOURCES: "users", S3_BUCKET: "bucket" }),
    )) {
      all.push(finding);
    }
    expect(all.at(0)?.what).toBe("users (3 records)");
    expect(wrong(all)).toEqual([
      { what: "store", fault: "AWS_REGION is not set: give the bucket's region." },
    ]);
  });

  test("stops where it is interrupted, and says nothing of what it did not try", async () => {
    const stop = new AbortController();
    const { all, directory } = await findings(
      {},
      {},
      {
        signal: stop.signal,
        transport: async (...request) => {
          if (request[0].includes("/groups")) stop.abort();
          return httpTransport(...request);
        },
      },
    );
    expect(all).toEqual([{ what: "users (3 records)" }]);
    expect((await filesBelow(directory)).size).toBe(0);
  });

  test("stops where it is interrupted while the store does not answer", async () => {
    const stop = new AbortController();
    const s3 = await startS3({ before: () => new Promise(() => stop.abort()) });
    const duo = await simulator({ users: 3 });
    const config = loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" });
    const all: Examined[] = [];
    for await (const finding of examine(config, { signal: stop.signal })) all.push(finding);
    expect(all.map(({ what }) => what.split(" ")[0])).toEqual(["users", "clock"]);
  });

  test("takes 204 for a removed object, also where the store calls nothing HTML", async () => {
    const s3 = await startS3({
      intercept: ({ method }, response) => {
        if (method !== "DELETE") return false;
        response.writeHead(204, { "content-type": "text/html; charset=UTF-8" }).end();
        return true;
      },
    });
    const duo = await simulator({ users: 3 });
    const all: Examined[] = [];
    for await (const finding of examine(loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" }))) {
      all.push(finding);
    }
    expect(all.slice(2).map(({ what }) => what)).toEqual([
      expect.stringMatching(/^store \([^)]*\)$/),
      expect.stringMatching(/^store \([^)]*\)$/),
    ]);
  });

  test("leaves its object where it may not remove it, and says so", async () => {
    const s3 = await startS3({ before: (method) => (method === "DELETE" ? "AccessDenied" : undefined) });
    const duo = await simulator({ users: 3 });
    const all: Examined[] = [];
    for await (const finding of examine(loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" }))) {
      all.push(finding);
    }
    expect(wrong(all)).toEqual([]);
    expect(all.at(-1)?.what).toMatch(
      /the test object could not be removed and is still there: s3:\/\/.*duo-udm-test-/,
    );
  });
});
