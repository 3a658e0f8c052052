/** How a run ends when it is interrupted, or when its store does not answer. */

import { once } from "node:events";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { httpTransport } from "../../src/io/http.ts";
import {
  collectedIds,
  collectFrom,
  fakeClock,
  filesBelow,
  simulator,
  temporaryDirectory,
} from "../support/collector.ts";
import { startS3 } from "../support/s3.ts";

const MANIFEST = "duo/manifests/2026/03/04/run.json";

describe("a run that is interrupted", () => {
  test("drops the page it reads, keeps those before, and says so in the manifest", async () => {
    const stop = new AbortController();
    let requests = 0;
    const run = await collectFrom(
      { users: 20, sizes: { groups: 350 } },
      {},
      {
        signal: stop.signal,
        transport: async (...request) => {
          requests++;
          if (requests === 4) stop.abort();
          return httpTransport(...request);
        },
      },
    );
    const [users, groups, ...others] = run.manifest.resources;
    expect([run.ok, run.manifest.complete]).toEqual([false, false]);
    expect([users?.error, groups?.error?.code, groups?.counts.objects]).toEqual([
      undefined,
      "INTERRUPTED",
      200,
    ]);
    expect(others.map(({ not_started }) => not_started)).toEqual(Array(5).fill(true));
    expect(collectedIds(run.files, "groups", "group_id")).toHaveLength(200);
    expect(run.files.has(MANIFEST)).toBe(true);
  });

  test("finishes the page it stores, in all its forms", async () => {
    const stop = new AbortController();
    const { files, manifest } = await collectFrom(
      { users: 1_000 },
      { OUTPUT: "raw,records,udm", RESOURCES: "users" },
      { signal: stop.signal, onEvent: ({ kind }) => kind === "page" && stop.abort() },
    );
    const [users] = manifest.resources;
    const keys =
      users?.pages.flatMap(({ key, record_lines, udm }) => [key, record_lines?.key, udm?.key]) ?? [];
    expect([users?.error?.code, keys.length % 3]).toEqual(["INTERRUPTED", 0]);
    expect([...keys, MANIFEST].sort()).toEqual([...files.keys()].sort());
  });

  test("before it begins requests nothing, and still writes its manifest", async () => {
    const { manifest, simulator: duo } = await collectFrom({}, {}, { signal: AbortSignal.abort() });
    expect(duo.requests).toEqual([]);
    expect(manifest.resources.map(({ error, not_started }) => error?.code ?? not_started)).toEqual([
      "INTERRUPTED",
      ...Array(6).fill(true),
    ]);
  });

  test("while it asks a silent host once more says so in the manifest", async () => {
    const stop = new AbortController();
    const { manifest } = await collectFrom(
      {},
      {},
      {
        signal: stop.signal,
        transport: async (url) => {
          if (url.includes("/groups")) stop.abort();
          throw Object.assign(new Error("no answer"), { code: "ECONNRESET" });
        },
      },
    );
    const endings = manifest.resources.map(({ error, not_started }) => error?.code ?? not_started);
    expect(endings).toEqual(["DUO_UNREACHABLE", "INTERRUPTED", ...Array(5).fill(true)]);
  });

  test("while it waits for a retry ends at once", async () => {
    const stop = new AbortController();
    const { manifest } = await collectFrom(
      { faults: [{ kind: "rate-limit", retryAfter: 3_600 }] },
      {},
      {
        signal: stop.signal,
        sleep: async (_ms, signal) => {
          const waited = once(signal, "abort");
          stop.abort();
          await waited;
          signal.throwIfAborted();
        },
      },
    );
    expect(manifest.resources[0]?.error?.code).toBe("INTERRUPTED");
  });
});

describe("a store", () => {
  test("that never answers ends the run when its time is up", async () => {
    const s3 = await startS3({ intercept: ({ method }) => method === "PUT" });
    const duo = await simulator({ users: 3 });
    const config = loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users,groups" });
    const run = collect(config, { deadline: Date.now() + 100 });
    await expect(run).rejects.toMatchObject({ code: "STORE_FAILED", message: /there was no time left/ });
  });

  test("that is slow is asked for no page when the time is long up", async () => {
    const clock = fakeClock();
    const pages: string[] = [];
    const s3 = await startS3({
      before: (method, key) => {
        if (method === "PUT" && key.includes("/duo-users-")) {
          pages.push(key);
          clock.pass(10_000);
        }
        return undefined;
      },
    });
    const duo = await simulator({ users: 900, now: clock.now });
    const config = loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" });
    const { manifest } = await collect(config, { ...clock, deadline: clock.now() + 5_000 });
    expect([manifest.resources[0]?.error?.code, pages.length]).toEqual(["STORE_FAILED", 1]);
  });

  test("that answers with a page for people has stored nothing", async () => {
    const s3 = await startS3({
      intercept: (request, response) => {
        if (request.method !== "PUT") return false;
        request.resume().on("end", () => {
          response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
        });
        return true;
      },
    });
    const duo = await simulator({ users: 3 });
    const run = collect(loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" }));
    await expect(run).rejects.toMatchObject({ code: "STORE_FAILED", message: /NotAnS3Answer.*sign-in page/ });
  });

  test("that says it stored other bytes has stored nothing", async () => {
    const s3 = await startS3({
      intercept: (request, response) => {
        if (request.method !== "PUT") return false;
        const sum = Buffer.alloc(32).toString("base64");
        request.resume().on("end", () => {
          response.writeHead(200, { etag: '"x"', "x-amz-checksum-sha256": sum }).end();
        });
        return true;
      },
    });
    const duo = await simulator({ users: 3 });
    const run = collect(loadConfig({ ...duo.env, ...s3.env, RESOURCES: "users" }));
    await expect(run).rejects.toMatchObject({ code: "STORE_FAILED", message: /ChecksumMismatch/ });
  });

  test("that is a directory holds files for their owner only", async () => {
    const { directory, files } = await collectFrom({}, { OUTPUT: "raw,records,udm" });
    const modes = await Promise.all(
      [...files.keys()].map(async (key) => (await stat(join(directory, key))).mode),
    );
    expect([files.size, new Set(modes.map((mode) => mode & 0o777))]).toEqual([
      3 * RESOURCES.length + 1,
      new Set([0o600]),
    ]);
  });
});

test("temporary files of dead runs are removed by the next, those of others stay", async () => {
  const clock = fakeClock();
  const duo = await simulator({ users: 3, now: clock.now });
  const directory = await temporaryDirectory();
  const day = join(directory, "duo/context/2026/01/01");
  await mkdir(day, { recursive: true });
  const names = {
    dead: ".0f8fad5b-d9cb-469f-a165-70867728950e.tmp",
    alive: ".7c9e6679-7425-40de-944b-e07fc1f90ae7.tmp",
    other: ".notes.tmp",
  };
  for (const [name, minutes] of [
    [names.dead, 61],
    [names.alive, 59],
    [names.other, 6_000],
  ] as const) {
    const time = new Date(clock.now() - minutes * 60_000);
    await writeFile(join(day, name), "{}");
    await utimes(join(day, name), time, time);
  }
  await collect(loadConfig({ ...duo.env, RESOURCES: "users" }, { to: directory }), clock);
  expect((await readdir(day)).sort()).toEqual([names.other, names.alive].sort());
  expect([...(await filesBelow(directory)).keys()].filter((key) => key.endsWith(".tmp"))).toHaveLength(2);
});
