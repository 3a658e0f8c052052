import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { captured } from "../support/cli.ts";
import { collectFrom, fakeClock, simulator, temporaryDirectory } from "../support/collector.ts";
import { BUCKET, startS3 } from "../support/s3.ts";

const DAY = "2026/03/04";
const duoUdm = (...argv: string[]) => captured((io) => run(argv, io));
const linesOf = (text: string) => text.split("\n").length - 1;

/** Two runs of one day in one directory: of 350 users, then of 5. */
async function twoRuns(env: Record<string, string> = {}): Promise<string> {
  const { directory } = await collectFrom({ users: 350 }, { RESOURCES: "users", ...env }, { runId: "first" });
  const clock = fakeClock(Date.parse("2026-03-04T07:00:00Z"));
  const duo = await simulator({ users: 5, now: clock.now });
  const config = loadConfig({ ...duo.env, RESOURCES: "users", ...env }, { to: directory });
  await collect(config, { ...clock, runId: "second" });
  return directory;
}

describe("--run", () => {
  test.each([
    ["latest", 5],
    ["second", 5],
    ["first", 350],
  ])("%s reads that run alone", async (which, entities) => {
    const directory = await twoRuns({ KEY_LAYOUT: "run" });
    const { status, stdout, stderr } = await duoUdm("map", "--run", which, directory);
    expect([status, linesOf(stdout), stderr.includes("warning")]).toEqual([0, entities, false]);
  });

  test("takes the path of a manifest, with the directory or without", async () => {
    const directory = await twoRuns({ KEY_LAYOUT: "run" });
    const manifest = join(directory, "duo/manifests", DAY, "first.json");
    expect(linesOf((await duoUdm("map", "--run", manifest)).stdout)).toBe(350);
    expect(linesOf((await duoUdm("map", "--run", manifest, directory)).stdout)).toBe(350);
  });

  test("finds the manifest of a part of what was written, also under a prefix of its own", async () => {
    const directory = await twoRuns({ KEY_LAYOUT: "run" });
    const part = join(directory, "duo/context");
    expect(linesOf((await duoUdm("map", "--run", "latest", part)).stdout)).toBe(5);
    const other = await twoRuns({ KEY_LAYOUT: "run", MANIFEST_PREFIX: "accounts/of" });
    expect(linesOf((await duoUdm("map", "--run", "first", other)).stdout)).toBe(350);
  });

  test("finds the manifest below the folder that the command runs in", async () => {
    const above = await temporaryDirectory();
    const directory = join(above, "pages");
    await rename(await twoRuns({ KEY_LAYOUT: "run" }), directory);
    const before = process.cwd();
    try {
      for (const folder of [directory, above, join(directory, "duo/context")]) {
        process.chdir(folder);
        const { status, stdout } = await duoUdm("map", "--run", "second", ".");
        expect([status, linesOf(stdout)]).toEqual([0, 5]);
      }
    } finally {
      process.chdir(before);
    }
  });

  test("reads each page once, as Duo sent it, whatever the forms; or the form that is asked for", async () => {
    const env = { RESOURCES: "users,phones", OUTPUT: "raw,records,udm" };
    const { directory, manifest } = await collectFrom({ users: 20 }, env);
    const records = manifest.resources.reduce((sum, { counts }) => sum + counts.objects, 0);
    const map = (input: string) =>
      duoUdm("map", "--run", "latest", input, "--collected-at", "2026-03-04T05:06:07Z");
    const { stdout } = await map(directory);
    expect(linesOf(stdout)).toBe(records);
    for (const part of ["duo/records", "duo/context"]) {
      expect((await map(join(directory, part))).stdout === stdout, part).toBe(true);
    }
    const checked = await duoUdm("check", "--run", "latest", join(directory, "duo/udm"));
    expect(checked.stdout.replace(/\s+/g, " ")).toContain(`${records} entities`);
  });

  test("rejects an object that another run has written over, and reads the others", async () => {
    const directory = await twoRuns();
    const { status, stdout, stderr } = await duoUdm("map", "--run", "first", directory);
    expect([status, linesOf(stdout)]).toEqual([1, 50]);
    expect(stderr).toMatch(/duo-users-00000\.json: OBJECT_CHANGED: /);
    const json = await duoUdm("check", "--run", "first", directory, "--format", "json");
    expect(json.stdout).toContain('"code":"OBJECT_CHANGED"');
  });

  test("cannot finish where an object is gone", async () => {
    const directory = await twoRuns({ KEY_LAYOUT: "run" });
    await rm(join(directory, "duo/context", DAY, "050607Z-first/duo-users-00001.json"));
    const { status, stdout, stderr } = await duoUdm("map", "--run", "first", directory);
    expect([status, linesOf(stdout)]).toEqual([3, 300]);
    expect(stderr).toMatch(/duo-users-00001\.json: cannot be read: no such file/);
  });

  test("says that a run is not complete", async () => {
    const faults = [{ kind: "forbidden", resource: "tokens" }] as const;
    const { directory } = await collectFrom({ users: 3, faults }, { RESOURCES: "users,tokens" });
    expect((await duoUdm("map", "--run", "latest", directory)).stderr).toContain("the run is not complete");
  });

  test.each([
    ["no such run", "nobody", "no manifest of such a run"],
    ["a file that is not a manifest", "duo/context/2026/03/04/duo-users-00000.json", "is not a manifest"],
    ["a file that does not exist", "no/such/file.json", "no such file or directory"],
  ])("refuses %s", async (_, which, message) => {
    const directory = await twoRuns();
    const name = which.startsWith("duo/") ? join(directory, which) : which;
    const { status, stderr } = await duoUdm("map", "--run", name, directory);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test("reads a run in S3", async () => {
    const s3 = await startS3();
    const clock = fakeClock();
    const duo = await simulator({ users: 350, now: clock.now });
    const env = { ...duo.env, ...s3.env, RESOURCES: "users" };
    await collect(loadConfig(env), { ...clock, runId: "run" });
    const objects = await captured((io) =>
      run(["map", "--run", "latest", `s3://${BUCKET}/duo/context`], { ...io, env: s3.env }),
    );
    expect([objects.status, linesOf(objects.stdout)]).toEqual([0, 350]);
    s3.put(`duo/context/${DAY}/duo-users-00001.json`, "{}");
    const changed = await captured((io) =>
      run(["map", "--run", `s3://${BUCKET}/duo/manifests/${DAY}/run.json`], { ...io, env: s3.env }),
    );
    expect([changed.status, linesOf(changed.stdout)]).toEqual([1, 300]);
  });
});

describe("a folder that holds more than one run", () => {
  test("is told of", async () => {
    const directory = join(await twoRuns({ KEY_LAYOUT: "run" }), "duo/context");
    const { status, stdout, stderr } = await duoUdm("map", directory);
    expect([status, linesOf(stdout)]).toEqual([0, 355]);
    expect(stderr).toMatch(/^duo-udm: warning: duo-users-00000 is there more than once.*--run latest/);
  });

  test("is not suspected where there is one", async () => {
    const directory = join(await twoRuns(), "duo/context");
    expect((await duoUdm("map", directory)).stderr).not.toContain("warning");
  });

  test("is not suspected for files of other names", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "a.json"), "[]");
    await writeFile(join(directory, "a.ndjson"), "");
    expect((await duoUdm("map", directory)).stderr).not.toContain("warning");
  });
});
