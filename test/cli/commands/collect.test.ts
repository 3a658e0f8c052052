import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { join, relative } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, onTestFinished, test } from "vitest";
import { simulate } from "../../../src/cli/commands/simulate.ts";
import { Status } from "../../../src/cli/io.ts";
import { run } from "../../../src/cli/run.ts";
import type { Manifest } from "../../../src/collector/manifest.ts";
import { RESOURCES } from "../../../src/core/resource.ts";
import { collectedIds, filesBelow, simulator, temporaryDirectory } from "../../support/collector.ts";

function fakeIo(env: Record<string, string> = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io = { stdin: new PassThrough(), stdout, stderr, env, now: () => new Date() };
  // A read may give one chunk of what is there (Node 26) or all of them.
  const text = (stream: PassThrough) => {
    let all = "";
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) all += chunk;
    return all;
  };
  return { io, out: () => text(stdout), err: () => text(stderr) };
}

async function cli(env: Record<string, string>, ...argv: string[]) {
  const { io, out, err } = fakeIo(env);
  const status = await run(argv, io);
  return { status, out: out(), err: err() };
}

describe("collect", () => {
  test("writes to a directory, and prints the manifest's path, a line per resource and one for the run", async () => {
    const duo = await simulator({ users: 20 });
    const directory = await temporaryDirectory();
    const { status, out, err } = await cli(duo.env, "collect", "--to", directory);
    const files = await filesBelow(directory);
    expect(status).toBe(Status.DONE);
    const manifests = [...files.keys()].filter((key) => key.startsWith("duo/manifests/"));
    expect(manifests.map((key) => join(directory, key))).toEqual([out.trim()]);
    const bytes = [...files].reduce(
      (sum, [key, { length }]) => sum + (manifests.includes(key) ? 0 : length),
      0,
    );
    expect(
      err
        .trim()
        .replace(/[\d.]+ s$/, "TIME")
        .split("\n"),
    ).toEqual([
      "duo-udm: users: 20 records in 1 page",
      "duo-udm: groups: 4 records in 1 page",
      "duo-udm: phones: 22 records in 1 page",
      "duo-udm: endpoints: 30 records in 1 page",
      "duo-udm: tokens: 2 records in 1 page",
      "duo-udm: webauthncredentials: 4 records in 1 page",
      "duo-udm: desktop_authenticators: 5 records in 1 page",
      `duo-udm: 7 resources, 87 records, 7 objects, ${bytes.toLocaleString("en-US")} bytes in TIME`,
    ]);
  });

  test("ends with status 3 when a resource failed, and says which and why", async () => {
    const duo = await simulator({ users: 20, faults: [{ kind: "forbidden", resource: "tokens" }] });
    const { status, err } = await cli(
      duo.env,
      "collect",
      "--to",
      await temporaryDirectory(),
      "--resource",
      "tokens",
    );
    expect(status).toBe(Status.UNFINISHED);
    expect(err.split(/(?<=\n)/)).toEqual([
      "duo-udm: tokens: Duo refused the request (GET /admin/v1/tokens?limit=500&offset=0, HTTP 403, Duo code 40301, " +
        '"Access forbidden"): grant the Admin API application the read permissions this resource needs (Grant ' +
        "resource - Read); if it has them, your Duo edition lacks the resource: leave it out of RESOURCES.\n",
      expect.stringMatching(
        /^duo-udm: 1 resource, 0 records, 0 objects, 0 bytes in \d\.\d s; failed: tokens \(DUO_STAT_FAIL\)\n$/,
      ),
    ]);
  });

  test("ends with status 2 for a bad configuration: every fault on a line, no request, no file", async () => {
    const duo = await simulator({ users: 20 });
    const directory = await temporaryDirectory();
    const { DUO_SKEY: _, ...env } = duo.env;
    const { status, out, err } = await cli({ ...env, LIMIT: "x" }, "collect", "--to", directory);
    expect([status, out, err.trim().split("\n").length]).toEqual([Status.USAGE, "", 2]);
    expect([duo.requests, (await filesBelow(directory)).size]).toEqual([[], 0]);
  });

  test("shows no secret, whatever goes wrong", async () => {
    const duo = await simulator({ users: 20, faults: [{ kind: "fail", resource: "users" }] });
    const directory = await temporaryDirectory();
    const { out, err } = await cli({ ...duo.env, OUTPUT: "both" }, "collect", "--to", directory);
    const { err: refused } = await cli(
      { ...duo.env, DUO_SKEY: "wrong-secret" },
      "collect",
      "--to",
      directory,
    );
    const { err: faulty } = await cli(
      { ...duo.env, DUO_API_HOSTNAME: duo.env.DUO_SKEY },
      "collect",
      "--to",
      directory,
    );
    const output = [
      out,
      err,
      refused,
      faulty,
      ...[...(await filesBelow(directory)).values()].map(String),
    ].join("\n");
    expect(refused).toContain("40103");
    expect([duo.env.DUO_SKEY, "wrong-secret"].filter((secret) => output.includes(secret))).toEqual([]);
    const told = [out, err, refused, faulty].join("\n");
    expect(told).not.toContain("@example.com");
  });
});

describe("simulate", () => {
  test("serves until it is stopped, and prints the environment that collect needs", async () => {
    const { io, out } = fakeIo();
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const served = simulate(
      { port: 0, users: 20, seed: 1, fault: ["server-error,resource=users"] },
      io,
      stopped,
    );
    const [first] = await once(io.stdout, "readable").then(() => [out()]);
    const env = Object.fromEntries(
      (first ?? "")
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
    const directory = await temporaryDirectory();
    const { status, err } = await cli(env, "collect", "--to", directory, "--resource", "users");
    expect(status).toBe(Status.DONE);
    expect(err).toMatch(
      /^duo-udm: users: trying again in \d\.\d s; .* 50001.*\nduo-udm: users: 20 records in 1 page\nduo-udm: 1 resource, .*\n$/,
    );
    stop();
    expect(await served).toBe(Status.DONE);
  });

  test("refuses a fault it does not know, and names those it does", async () => {
    const { status, err } = await cli({}, "simulate", "--fault", "robots");
    expect(status).toBe(Status.USAGE);
    expect(err).toMatch(/^duo-udm: --fault takes KIND.*; the kinds are rate-limit, server-error/);
  });

  test("refuses a port that is taken", async () => {
    const { url } = await simulator({ users: 1 });
    const { port } = new URL(url);
    expect(await cli({}, "simulate", "--port", port)).toEqual({
      status: Status.USAGE,
      out: "",
      err: `duo-udm: --port: 127.0.0.1:${port} cannot be used: EADDRINUSE\n`,
    });
  });
});

describe("a run that is interrupted", () => {
  test("before its configuration is read has a manifest that says so", async () => {
    const duo = await simulator({ users: 20 });
    const directory = await temporaryDirectory();
    const { io, out } = fakeIo(duo.env);
    const status = await run(["collect", "--to", directory], {
      ...io,
      interruption: () => AbortSignal.abort(),
    });
    const manifest: Manifest = JSON.parse(
      String((await filesBelow(directory)).get(relative(directory, out().trim()))),
    );
    expect([status, duo.requests, manifest.complete]).toEqual([Status.UNFINISHED, [], false]);
    expect(manifest.resources[0]?.error?.code).toBe("INTERRUPTED");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s ends with status %d and a manifest that says so", async (signal, status) => {
    const duo = await simulator({
      users: 650,
      faults: [{ kind: "rate-limit", resource: "users", offset: 600, retryAfter: 600 }],
    });
    const directory = await temporaryDirectory();
    const argv = ["dist/cli/main.js", "collect", "--to", directory];
    const child = spawn(process.execPath, argv, { env: { ...duo.env } });
    onTestFinished(() => void child.kill("SIGKILL"));
    const told: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => told.push(String(chunk)));
    await once(child.stderr, "data");
    child.kill(signal);
    const [code] = await once(child, "close");
    const files = await filesBelow(directory);
    const manifest: Manifest = JSON.parse(String(files.get(relative(directory, told.join("").trim()))));
    expect([code, manifest.complete, manifest.resources[0]?.error?.code]).toEqual([
      status,
      false,
      "INTERRUPTED",
    ]);
    expect(manifest.resources.slice(1).map(({ not_started }) => not_started)).toEqual(Array(6).fill(true));
    expect([...files.keys()].filter((key) => key.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a run that is killed", () => {
  const COLLECT = `
    const [file, directory] = process.argv.slice(1);
    const { collect, loadConfig } = await import(file);
    await collect(loadConfig(process.env, { to: directory }));
  `;

  async function startCollector(directory: string, env: Record<string, string>): Promise<ChildProcess> {
    const outfile = join(await temporaryDirectory(), "collector.mjs");
    await build({
      entryPoints: ["src/collector/index.ts"],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["@aws-sdk/*"],
      banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    });
    const child = spawn(process.execPath, ["--input-type=module", "-e", COLLECT, outfile, directory], {
      env,
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  }

  test("leaves whole pages only, and the next run is complete", async () => {
    const duo = await simulator({
      users: 1_300,
      faults: [{ kind: "rate-limit", resource: "phones", offset: 500, retryAfter: 600 }],
    });
    const directory = await temporaryDirectory();
    const child = await startCollector(directory, { ...duo.env, OUTPUT: "both" });
    while (!duo.requests.some(({ status }) => status === 429)) {
      await setTimeout(5);
      expect(child.exitCode).toBeNull();
    }
    child.kill("SIGKILL");
    await once(child, "close");

    const left = await filesBelow(directory);
    const pages = [...left].filter(([key]) => key.endsWith(".json"));
    expect(pages.filter(([, body]) => JSON.parse(body.toString()).stat !== "OK")).toEqual([]);
    expect(pages.length).toBeGreaterThanOrEqual(6);
    expect([...left.keys()].filter((key) => key.startsWith("duo/manifests/"))).toEqual([]);

    const { status, out } = await cli({ ...duo.env, OUTPUT: "both" }, "collect", "--to", directory);
    const files = await filesBelow(directory);
    const manifest: Manifest = JSON.parse(String(files.get(relative(directory, out.trim()))));
    const stored = manifest.resources.flatMap(({ pages }) =>
      pages.flatMap(({ udm, ...page }) => [page, udm]),
    );
    const wrong = stored.filter(
      (object) =>
        object &&
        createHash("sha256")
          .update(files.get(object.key) ?? "")
          .digest("hex") !== object.sha256,
    );
    expect([status, manifest.complete, wrong]).toEqual([Status.DONE, true, []]);
    for (const [resource, key] of [
      ["users", "user_id"],
      ["phones", "phone_id"],
    ] as const) {
      const whole = duo.account.page(resource, 0, 10_000).map((record) => record[key]);
      expect(collectedIds(files, resource, key)).toEqual(whole);
    }
    expect(manifest.resources.map(({ resource }) => resource)).toEqual(RESOURCES);
  });
});
