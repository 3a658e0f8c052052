import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mapPage } from "../../../src/index.ts";
import type { SecopsSimulatorOptions } from "../../../src/simulator/secops.ts";
import { duoUdm } from "../../support/cli.ts";
import { temporaryDirectory } from "../../support/collector.ts";
import { asset, findCredentialsAt, INSTANCE, secops } from "../../support/secops.ts";

const ndjson = (entities: readonly unknown[]): string =>
  entities.map((entity) => `${JSON.stringify(entity)}\n`).join("");
const assets = (n: number): unknown[] => Array.from({ length: n }, (_, at) => asset(`E${at}`));
const linesOf = (file: string): unknown[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));

/** A stand-in, a folder with files in it, and `import` of what is in the folder. */
async function setUp(files: Readonly<Record<string, string>>, simulated: SecopsSimulatorOptions = {}) {
  const ids: string[] = [];
  const simulator = await secops({
    refuses: (entity) => JSON.stringify(entity).includes('"bad'),
    onImport: (entities) =>
      ids.push(...entities.map((entity) => /_id":"([^"]*)"/.exec(JSON.stringify(entity))?.[1] ?? "")),
    ...simulated,
  });
  findCredentialsAt(simulator);
  const folder = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = (name: string): string => join(folder, name);
  const run = (argv: readonly string[], stdin = "") =>
    duoUdm(["import", ...argv, "--instance", INSTANCE, "--format", "json"], {
      env: simulator.env,
      stdin,
    });
  return { file, ids, run, simulator };
}

describe("import", () => {
  it("sends the entities of a file, and tells how many", async () => {
    const { file, ids, run } = await setUp({ "entities.ndjson": ndjson(assets(3)) });
    const { status, stdout, stderr } = await run([file("entities.ndjson")]);
    expect(status).toBe(0);
    expect(ids).toEqual(["E0", "E1", "E2"]);
    expect(Object.keys(JSON.parse(stdout))).toEqual(["accepted", "rejected", "requests", "seconds", "sent"]);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 3, rejected: 0, requests: 1, sent: 3 });
    expect(stderr).toContain("duo-udm: sent 3, accepted 3, rejected 0, requests 1, seconds 0.0\n");
  });

  it("maps pages first, and sends what the mapping makes", async () => {
    const page = { stat: "OK", response: [{ epkey: "EP1", hostname: "h" }, { epkey: "EP2" }, {}] };
    let sent: readonly unknown[] = [];
    const { file, run } = await setUp(
      { "duo-endpoints-00000.json": JSON.stringify(page) },
      { onImport: (entities) => (sent = entities) },
    );
    const time = "2026-01-01T00:00:00Z";
    expect((await run([file("duo-endpoints-00000.json"), "--collected-at", time])).stdout).toContain(
      '"sent":2',
    );
    expect(sent).toEqual(mapPage(page, { collectedAt: time }).entities);
  });

  it("takes each page of a list, and tells records that are not Duo's", async () => {
    const { ids, run } = await setUp({});
    const page = (id: string) => ({ stat: "OK", response: [{ epkey: id }] });
    const pages = JSON.stringify([page("EP1"), page("EP2"), { result: { a: 1 } }]);
    const { status, stderr } = await run(["-"], pages);
    expect(ids).toEqual(["EP1", "EP2"]);
    expect(status).toBe(1);
    expect(stderr).toContain("RECORD_UNRECOGNIZED");
  });

  it("maps with the owner where it is told, and reads records from where it is told", async () => {
    let sent: readonly unknown[] = [];
    const { run } = await setUp({}, { onImport: (entities) => (sent = entities) });
    const wrapped = JSON.stringify({ result: { epkey: "EP1", email: "ada@example.com" } });
    const { status } = await run(["-", "--records-at", "result", "--owner", "noun"], wrapped);
    expect(status).toBe(0);
    expect(sent).toMatchObject([{ entity: { user: { email_addresses: ["ada@example.com"] } } }]);
    const missed = await run(["-", "--records-at", "elsewhere"], wrapped);
    expect(missed.status).toBe(1);
    expect(missed.stderr).toContain("RECORDS_AT_NOTHING");
  });

  it("takes entities in any form that holds them", async () => {
    const [a, b, c, d] = assets(4);
    const { ids, run } = await setUp({});
    const body = { inlineSource: { logType: "DUO_CONTEXT", entities: [c, d] } };
    const mixed = JSON.stringify([asset("E4"), { epkey: "EP5" }, 7]);
    expect((await run(["-"], mixed)).status).toBe(1);
    expect(ids.splice(0)).toEqual(["E4", "EP5"]);
    const { status } = await run(
      ["-"],
      `${JSON.stringify(a)}\n${JSON.stringify([b])}\n${JSON.stringify(body)}\n`,
    );
    expect(status).toBe(0);
    expect(ids).toEqual(["E0", "E1", "E2", "E3"]);
  });

  it("writes what was rejected to a file, and ends with status 1", async () => {
    const entities = assets(100);
    entities[7] = asset("bad7");
    entities[40] = asset("E40", { colour: "red" });
    entities[99] = asset("bad99");
    const { file, ids, run } = await setUp({
      "a.ndjson": ndjson(entities.slice(0, 50)),
      "b.ndjson": ndjson(entities.slice(50)),
    });
    const rejected = file("rejected.ndjson");
    const { status, stdout, stderr } = await run([
      file("a.ndjson"),
      file("b.ndjson"),
      "--rejected",
      rejected,
    ]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 97, rejected: 3, sent: 99 });
    expect(ids.length).toBe(97);
    const [first, second, third] = linesOf(rejected);
    expect(first).toEqual({ entity: entities[7], index: 7, issues: [], source: file("a.ndjson") });
    expect(second).toMatchObject({
      entity: entities[40],
      index: 40,
      issues: [{ code: "UDM_SCHEMA", path: "colour", severity: "error" }],
      source: file("a.ndjson"),
    });
    expect(third).toEqual({ entity: entities[99], index: 49, issues: [], source: file("b.ndjson") });
    expect(readFileSync(rejected, "utf8")).toMatch(/^{"entity":{"entity":/);
    expect(statSync(rejected).mode & 0o777).toBe(0o600);
    expect(stderr).toContain(`a.ndjson, entity 7: SecOps refused it\n`);
    expect(stderr).toContain(`a.ndjson, entity 40: not sent, UDM_SCHEMA: `);
  });

  it("says of an entity that no request takes why", async () => {
    const { run } = await setUp({});
    const { status, stderr } = await run(["-", "--batch-bytes", "10"], JSON.stringify(asset("E1")));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /-, entity 0: not sent, ENTITY_TOO_LARGE: .* \(it does not fit into a request\)\n/,
    );
  });

  it("rejects no more than it must of broken input", async () => {
    const { ids, run } = await setUp({});
    const { status, stdout } = await run(
      ["-"],
      `${JSON.stringify(asset("E1"))}\n{"entity"\n${JSON.stringify(asset("E2"))}\n`,
    );
    expect(status).toBe(1);
    expect(ids).toEqual(["E1", "E2"]);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 2, rejected: 0 });
  });

  it.each([
    ["with --dry-run", ["--dry-run", "--instance", INSTANCE], ""],
    ["without an instance", [], "; give --instance to send them"],
  ])("sends nothing %s, with the same statuses and files", async (_, argv, advice) => {
    const { file, simulator } = await setUp({
      "good.ndjson": ndjson(assets(3)),
      "bad.ndjson": ndjson([asset("E1"), asset("E2", { colour: "red" })]),
    });
    const dry = (name: string) =>
      duoUdm(
        ["import", file(name), ...argv, "--rejected", file("rejected.ndjson"), "--state", file("state")],
        {
          env: simulator.env,
        },
      );
    expect(await dry("good.ndjson")).toMatchObject({ status: 0 });
    const { status, stderr } = await dry("bad.ndjson");
    expect(status).toBe(1);
    expect(stderr).toContain(`dry run: nothing was sent; 1 entity would go in 1 request${advice}\n`);
    expect(linesOf(file("rejected.ndjson"))).toHaveLength(1);
    expect(simulator.requests).toEqual([]);
    expect(existsSync(file("state"))).toBe(false);
  });

  it.each([
    ["forbidden", "chronicle.entities.import"],
    ["not-found", "check project, location and instance"],
    ["unauthorized", "credentials"],
  ] as const)("ends with status 3 when the instance is %s", async (kind, advice) => {
    const { file, run } = await setUp({ "entities.ndjson": ndjson(assets(3)) }, { faults: [{ kind }] });
    const { status, stdout, stderr } = await run([file("entities.ndjson")]);
    expect(status).toBe(3);
    expect(stderr).toContain(advice);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 0, rejected: 0, sent: 0 });
  });

  it.each([
    [["--instance", "projects/p"], "the instance must be projects/"],
    [["--log-type", "duo context"], "--log-type takes"],
    [["--rejected", "s3://bucket/key"], "--rejected takes a file"],
    [["--state", "s3://bucket/key"], "--state takes a file"],
    [["--state", "x", "--rejected", "x"], "must be two files"],
    [["--state", "x", "--rejected", "./y/../x"], "must be two files"],
    [["--batch-entities", "0"], "It must be a whole number"],
    [["--rejected", "INPUT"], "both input and output"],
  ])("ends with status 2 when called with %j", async (argv, message) => {
    const { file } = await setUp({ "entities.ndjson": ndjson(assets(1)) });
    const input = file("entities.ndjson");
    const { status, stderr } = await duoUdm([
      "import",
      input,
      ...argv.map((one) => (one === "INPUT" ? input : one)),
    ]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(readFileSync(input, "utf8")).toBe(ndjson(assets(1)));
  });

  it("warns of entities that are more than a day old", async () => {
    const { run, simulator } = await setUp({});
    const old = ndjson([asset("E1"), asset("E2")]);
    const { stderr } = await duoUdm(["import", "-", "--instance", INSTANCE], {
      env: simulator.env,
      stdin: old,
      now: () => new Date("2026-01-03T03:04:06Z"),
    });
    expect(stderr).toContain("2 entities collected more than a day ago, the oldest at 2026-01-02T03:04:05Z");
    expect((await run(["-"], old)).stderr).not.toContain("a day ago");
  });
});

describe("import --state", () => {
  it("goes on where a run ended, and adds to what it counted and rejected", async () => {
    const entities = assets(40);
    entities[3] = asset("bad3");
    entities[35] = asset("bad35");
    const { file, ids, run, simulator } = await setUp(
      { "entities.ndjson": ndjson(entities) },
      { faults: [{ kind: "forbidden", offset: 8, times: 1 }] },
    );
    const argv = [
      file("entities.ndjson"),
      ...["--state", file("state"), "--rejected", file("rejected.ndjson"), "--batch-entities", "10"],
    ];
    const first = await run(argv);
    expect(first.status).toBe(3);
    expect(JSON.parse(first.stdout)).toMatchObject({ rejected: 1, sent: 30 });
    const before = simulator.requests.length;
    const second = await run(argv);
    expect(second.status).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ accepted: 38, rejected: 2, sent: 40 });
    expect(second.stderr).toContain("the counts are those of all runs under this state");
    expect(linesOf(file("rejected.ndjson"))).toMatchObject([{ index: 3 }, { index: 35 }]);
    expect(simulator.requests.length).toBeGreaterThan(before);
    expect(ids).toEqual(
      entities
        .map((entity) => /E\d+|bad\d+/.exec(JSON.stringify(entity))?.[0])
        .filter((id) => !id?.startsWith("bad")),
    );

    const done = simulator.requests.length;
    const third = await run(argv);
    expect(third.status).toBe(1);
    expect(third.stderr).toContain(`everything was sent before; remove ${file("state")} to send it again`);
    expect(simulator.requests).toHaveLength(done);
    expect(linesOf(file("rejected.ndjson"))).toHaveLength(2);
  });

  it.each([
    ["longer", ndjson(assets(11))],
    ["shorter", ndjson(assets(9))],
    ["as long, and other", ndjson([...assets(9), asset("X9")])],
  ])("is refused for other inputs: %s", async (_, other) => {
    const { file, run } = await setUp({ "a.ndjson": ndjson(assets(10)), "b.ndjson": other });
    expect((await run([file("a.ndjson"), "--state", file("state")])).status).toBe(0);
    const kept = readFileSync(file("state"), "utf8");
    const { status, stderr } = await run([file("b.ndjson"), "--state", file("state")]);
    expect(status).toBe(2);
    expect(stderr).toContain("is the state of an import with other inputs or options");
    expect(readFileSync(file("state"), "utf8")).toBe(kept);
  });

  it.each([
    ["another log type", ["--log-type", "OTHER"]],
    ["another place of the owner", ["--owner", "noun"]],
    ["more inputs", ["-"]],
  ])("is refused for %s", async (_, more) => {
    const { file, run } = await setUp({ "a.ndjson": ndjson(assets(10)) });
    expect((await run([file("a.ndjson"), "--state", file("state")])).status).toBe(0);
    expect((await run([file("a.ndjson"), "--state", file("state"), ...more])).status).toBe(2);
  });

  it("is refused when the file is no state", async () => {
    const { file, run } = await setUp({ "a.ndjson": ndjson(assets(10)), state: '{"rejected":1}' });
    const { status, stderr } = await run([file("a.ndjson"), "--state", file("state")]);
    expect(status).toBe(2);
    expect(stderr).toContain("is not the state of an import");
  });

  it("tells what a file of rejected entities lacks that is named too late", async () => {
    const { file, run } = await setUp({ "a.ndjson": ndjson([asset("bad1")]) });
    const argv = [file("a.ndjson"), "--state", file("state")];
    expect((await run(argv)).status).toBe(1);
    const { stderr } = await run([...argv, "--rejected", file("rejected.ndjson")]);
    expect(stderr).toContain("will lack 1 entity of earlier runs without --rejected");
  });

  it("is refused when what was rejected before is gone", async () => {
    const { file, run } = await setUp({ "a.ndjson": ndjson([asset("bad1")]) });
    const argv = [file("a.ndjson"), "--state", file("state"), "--rejected"];
    expect((await run([...argv, file("rejected.ndjson")])).status).toBe(1);
    const { status, stderr } = await run([...argv, file("other.ndjson")]);
    expect(status).toBe(2);
    expect(stderr).toContain("other.ndjson: is gone");
  });

  it("is written through no link that stands where it is prepared", async () => {
    const { file, run } = await setUp({ "a.ndjson": ndjson(assets(3)), precious: "kept" });
    await symlink(file("precious"), file("state.tmp"));
    expect((await run([file("a.ndjson"), "--state", file("state")])).status).toBe(0);
    expect(readFileSync(file("precious"), "utf8")).toBe("kept");
    expect(existsSync(file("state.tmp"))).toBe(false);
    expect(readFileSync(file("state"), "utf8")).toContain('"accepted":3');
  });

  it("knows pages from standard input although their collection time is another", async () => {
    const { file, simulator } = await setUp({}, { faults: [{ kind: "forbidden", offset: 1, times: 1 }] });
    const page = JSON.stringify({ stat: "OK", response: [{ epkey: "EP1" }, { epkey: "EP2" }] });
    const argv = ["import", "-", "--instance", INSTANCE, "--state", file("state"), "--batch-entities", "1"];
    const at = (time: string) => duoUdm(argv, { env: simulator.env, stdin: page, now: () => new Date(time) });
    expect((await at("2026-01-01T00:00:00Z")).status).toBe(3);
    expect((await at("2026-01-01T00:05:00Z")).status).toBe(0);
  });

  it("loses nothing and doubles no rejected entity when the process is killed at any request", async () => {
    const entities = assets(120);
    for (const place of [0, 17, 60, 119]) entities[place] = asset(`bad${place}`);
    let kill = () => {};
    let seen = 0;
    const accepted = new Set<string>();
    const { file, simulator } = await setUp(
      { "entities.ndjson": ndjson(entities) },
      {
        refuses: (entity) => {
          // Told of each entity of each request, the refused ones among them.
          if (++seen % 37 === 0) kill();
          return JSON.stringify(entity).includes('"bad');
        },
        onImport: (taken) => {
          for (const entity of taken) accepted.add(/E\d+/.exec(JSON.stringify(entity))?.[0] ?? "");
        },
      },
    );
    const argv = [
      ...["dist/cli/main.js", "import", file("entities.ndjson"), "--instance", INSTANCE],
      ...["--state", file("state"), "--rejected", file("rejected.ndjson"), "--batch-entities", "16"],
    ];
    let kills = 0;
    for (let status: number | null = null; status === null; ) {
      const child = spawn(process.execPath, argv, {
        env: { ...process.env, ...simulator.env },
        stdio: "ignore",
      });
      kill = () => {
        if (child.kill("SIGKILL")) kills++;
      };
      status = await new Promise<number | null>((resolve) => child.once("exit", resolve));
      expect([null, 1]).toContain(status);
    }
    expect(kills).toBeGreaterThan(3);
    expect(accepted.size).toBe(116);
    expect(linesOf(file("rejected.ndjson"))).toMatchObject([
      { index: 0 },
      { index: 17 },
      { index: 60 },
      { index: 119 },
    ]);
  });
});
