import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const DIST = join(import.meta.dirname, "../../dist");
const MAIN = join(DIST, "cli/main.js");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function command(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { maxBuffer: 1 << 28, cwd: folder }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

const map = (...argv: string[]) => command(MAIN, "map", ...argv, "--collected-at", "2026-01-02T03:04:05Z");

/** Pages of all sizes, one broken, one cut short, one that cannot be read. */
async function writePages(): Promise<void> {
  const page = (at: number): string => {
    const records = Array.from({ length: (at * 37) % 400 }, (_, n) => ({
      epkey: `EP${at}-${n}`,
      os_family: n % 3 === 0 ? "iOS" : "Windows",
      browsers: [{ browser_family: "Chrome", browser_version: "131" }],
    }));
    return JSON.stringify({ stat: "OK", response: records });
  };
  for (let at = 0; at < 31; at++) await writeFile(join(folder, `p${100 + at}.json`), page(at));
  await writeFile(join(folder, "p105.json"), '{"stat":');
  await writeFile(join(folder, "q110.json.gz"), gzipSync(page(9)).subarray(0, 200));
  await symlink("nowhere", join(folder, "q120.json.gz"));
  // A small file of several chunks, and one of many: the workers behind it must wait.
  const lines = Array.from({ length: 30_000 }, (_, n) =>
    JSON.stringify({ epkey: `L${n}`, model: "x".repeat(300) }),
  );
  await writeFile(join(folder, "q102.ndjson.gz"), gzipSync(lines.slice(0, 4_000).join("\n")));
  await writeFile(join(folder, "q103.ndjson"), lines.join("\n"));
}

const url = (path: string): string => JSON.stringify(pathToFileURL(path).href);

/** A worker whose thread dies instead of sending more than so many messages of a task that has one of the files. */
async function writeBreakingWorker(messages: Record<string, number>): Promise<void> {
  await writeFile(
    join(folder, "worker.mjs"),
    `import { task as real } from ${url(join(DIST, "work/worker.js"))};
     const messages = new Map(Object.entries(${JSON.stringify(messages)}));
     export function task(task) {
       const { port, sources } = task;
       const most = sources.map(({ name }) => messages.get(name)).find((count) => count !== undefined);
       let sent = 0;
       const post = port.postMessage.bind(port);
       port.postMessage = (message) => {
         if (most === undefined || sent++ < most) post(message);
         else process.exit(1);
       };
       return real(task);
     }`,
  );
}

/** A program that maps the folder with two jobs whose threads run worker.mjs. */
async function writeRunner(): Promise<void> {
  await writeFile(
    join(folder, "run.mjs"),
    `import { findSources } from ${url(join(DIST, "io/sources.js"))};
     import { inPool } from ${url(join(DIST, "work/pool.js"))};
     const sources = await findSources(["."], [], { stdin: process.stdin, now: new Date(), forcePathStyle: false });
     const options = { collectedAt: "2026-01-02T03:04:05Z", asElements: false, withIssues: false };
     const say = (line) => console.error(line);
     for await (const { chunks } of inPool("map", sources, options, 2, say, new URL("worker.mjs", import.meta.url))) {
       for await (const { entities } of chunks) {
         await new Promise((resolve) => process.stdout.write(entities, resolve));
       }
     }`,
  );
}

describe.each([
  ["check", []],
  ["check", ["--format", "json"]],
  ["check", ["--format", "json", "--show-values"]],
  ["coverage", []],
  ["coverage", ["--format", "json"]],
])("%s --jobs", (name, options) => {
  it(`gives the same bytes and messages as one job (${options.join(" ")})`, async () => {
    await writePages();
    // The same entities again, in another source.
    await writeFile(join(folder, "z.json"), await readFile(join(folder, "p107.json")));
    const run = (jobs: string) => command(MAIN, name, ".", ...options, "--jobs", jobs);
    const one = await run("1");
    expect(one.status).toBe(3);
    expect(one.stdout.length).toBeGreaterThan(500);
    expect(await run("3")).toEqual(one);
  });
});

describe("report --jobs", () => {
  it("writes the same page as one job", async () => {
    await writePages();
    const run = async (jobs: string) => {
      const ran = await command(MAIN, "report", ".", "--out", "../report.html", "--jobs", jobs);
      const html = await readFile(join(folder, "../report.html"), "utf8");
      await rm(join(folder, "../report.html"));
      return { ...ran, html: html.replace(/Reported [-\d]+ [:\d]+ UTC/, "") };
    };
    const one = await run("1");
    expect(one.status).toBe(3);
    expect(await run("3")).toEqual(one);
  });
});

describe("map --jobs", () => {
  it.each([["ndjson"], ["json"]])("gives the same bytes and messages as one job (%s)", async (format) => {
    await writePages();
    const run = async (jobs: string) => {
      const ran = await map(".", "--jobs", jobs, "--format", format, "--issues", `../${jobs}.issues`);
      const issues = await readFile(join(folder, `../${jobs}.issues`), "utf8");
      await rm(join(folder, `../${jobs}.issues`));
      return { ...ran, issues };
    };
    const one = await run("1");
    expect(one.status).toBe(3);
    expect(one.stderr.split("\n").length).toBe(5);
    expect(await run("3")).toEqual(one);
  });

  it.each(["2", "3"])("gives the same of small files, where the main thread is a job (%s)", async (jobs) => {
    await writePages();
    await rm(join(folder, "q103.ndjson"));
    await rm(join(folder, "q120.json.gz"));
    const one = await map(".", "--jobs", "1");
    expect(one.status).toBe(1);
    expect(await map(".", "--jobs", jobs)).toEqual(one);
  });

  it("writes the same files into a directory", async () => {
    await writePages();
    const run = async (jobs: string): Promise<[string, string][]> => {
      await map(".", "--jobs", jobs, "--out", "out/");
      const names = await readdir(join(folder, "out"));
      return Promise.all(
        names.map(async (name) => [name, await readFile(join(folder, "out", name), "utf8")]),
      );
    };
    const one = await run("1");
    expect(one.length).toBe(34);
    // Again over its own earlier output, which is no input although it lies below one.
    expect(await run("3")).toEqual(one);
  });

  it("loses nothing when a worker breaks down, and names the source", async () => {
    await writePages();
    await rm(join(folder, "q120.json.gz"));
    await writeBreakingWorker({ "p101.json": 0, "p104.json": 0, "p112.json": 0, "q103.ndjson": 5 });
    await writeRunner();
    const expected = await map(".", "--jobs", "1");
    const { stdout, stderr } = await command("run.mjs");
    expect(stdout).toBe(expected.stdout);
    expect(stderr).toContain("q103.ndjson: the worker that had it broke down; the main thread does it\n");
    const them = "the worker that had them broke down; the main thread does them";
    expect(stderr).toContain(`p100.json, p101.json, p102.json: ${them}\n`);
  });

  it("does again only what did not come of a task of several files", async () => {
    await writePages();
    for (const name of ["q103.ndjson", "q120.json.gz"]) await rm(join(folder, name));
    await rename(join(folder, "p130.json"), join(folder, "a.json"));
    await rename(join(folder, "q102.ndjson.gz"), join(folder, "b.ndjson.gz"));
    await writeBreakingWorker({ "b.ndjson.gz": 1 });
    await writeRunner();
    const expected = await map(".", "--jobs", "1");
    const { stdout, stderr } = await command("run.mjs");
    expect(stdout).toBe(expected.stdout);
    expect(stderr).toContain(
      "b.ndjson.gz, p100.json: the worker that had them broke down; the main thread does them\n",
    );
  });

  it.each([
    ["throws", 'throw new Error("down");', "large"],
    ["ends", "process.exit(3);", "large"],
    ["throws", 'throw new Error("down");', "only small"],
    ["ends", "process.exit(3);", "only small"],
  ])("loses nothing when every worker %s at its start (%s, %s files)", async (_, code, size) => {
    await writePages();
    await rm(join(folder, "q120.json.gz"));
    if (size === "only small") await rm(join(folder, "q103.ndjson"));
    await writeFile(join(folder, "worker.mjs"), code);
    await writeRunner();
    const expected = await map(".", "--jobs", "1");
    const { status, stdout, stderr } = await command("run.mjs");
    expect([status, stdout]).toEqual([0, expected.stdout]);
    const them = "the worker that had them broke down; the main thread does them";
    expect(stderr).toContain(`p100.json, p101.json, p102.json: ${them}\n`);
  });

  it("goes on behind a source of which not all is wanted", async () => {
    await writePages();
    const runner = (isAllWanted: boolean): string => `
      import { findSources } from ${url(join(DIST, "io/sources.js"))};
      import { inPool } from ${url(join(DIST, "work/pool.js"))};
      const inputs = process.argv.slice(2);
      const sources = await findSources(inputs, [], { stdin: process.stdin, now: new Date(), forcePathStyle: false });
      const options = { collectedAt: "2026-01-02T03:04:05Z", asElements: false, withIssues: false };
      for await (const { source, chunks } of inPool("map", sources, options, 2, console.error)) {
        let first;
        try {
          for await (const { counts } of chunks) {
            first ??= counts.entities;
            if (!${isAllWanted}) break;
          }
        } catch {}
        console.log(source.name, first);
      }`;
    await writeFile(join(folder, "all.mjs"), runner(true));
    await writeFile(join(folder, "some.mjs"), runner(false));
    for (const inputs of [
      ["."],
      ["p110.json", "q102.ndjson.gz", "p111.json", "q102.ndjson.gz", "p112.json"],
    ]) {
      const all = await command("all.mjs", ...inputs);
      expect(all.stdout.split("\n").length).toBeGreaterThan(inputs.length);
      expect(await command("some.mjs", ...inputs)).toEqual(all);
    }
  });

  it("hands chunks over in memory that is used again, however many there are", async () => {
    const page = JSON.stringify({ response: [{ epkey: "EP1", model: "x".repeat(300_000) }] });
    for (let at = 0; at < 200; at++) await writeFile(join(folder, `p${1000 + at}.json`), page);
    // Each memory is marked at its end, where no chunk of this test reaches.
    await writeFile(
      join(folder, "run.mjs"),
      `import { findSources } from ${url(join(DIST, "io/sources.js"))};
       import { inPool } from ${url(join(DIST, "work/pool.js"))};
       const sources = await findSources(["."], [], { stdin: process.stdin, now: new Date(), forcePathStyle: false });
       const options = { collectedAt: "2026-01-02T03:04:05Z", asElements: false, withIssues: false };
       let chunksTaken = 0;
       let memories = 0;
       for await (const { chunks } of inPool("map", sources, options, 2, console.error)) {
         for await (const { entities: { buffer } } of chunks) {
           const mark = new Uint8Array(buffer, buffer.byteLength - 1);
           if (mark[0] === 0) memories++;
           mark[0] = 1;
           chunksTaken++;
         }
       }
       console.log(JSON.stringify({ chunksTaken, memories }));`,
    );
    const { chunksTaken, memories } = JSON.parse((await command("run.mjs")).stdout);
    expect(chunksTaken).toBe(200);
    expect(memories).toBeLessThan(60);
  });

  it.each(["0", "-1", "two"])("refuses %s", async (jobs) => {
    const { status, stderr } = await map(".", "--jobs", jobs);
    expect(status).toBe(2);
    expect(stderr).toContain("It must be a whole number, from 1 on.");
  });
});
