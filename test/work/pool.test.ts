import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
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
  // A source of one block, and one of several.
  const lines = Array.from({ length: 8_000 }, (_, n) =>
    JSON.stringify({ epkey: `L${n}`, model: "x".repeat(300) }),
  );
  await writeFile(join(folder, "q102.ndjson.gz"), gzipSync(lines.slice(0, 1_000).join("\n")));
  await writeFile(join(folder, "q103.ndjson"), lines.join("\n"));
}

const url = (path: string): string => JSON.stringify(pathToFileURL(path).href);

/** A worker whose thread ends when it is given a block with one of the files. */
async function writeBreakingWorker(...files: string[]): Promise<void> {
  await writeFile(
    join(folder, "worker.mjs"),
    `import { read as real } from ${url(join(DIST, "work/worker.js"))};
     export function read(task) {
       if (task.parts.some(({ source }) => ${JSON.stringify(files)}.includes(source))) process.exit(1);
       return real(task);
     }`,
  );
}

/** A program that maps the folder with two jobs whose threads run worker.mjs. */
async function writeRunner(): Promise<void> {
  await writeFile(
    join(folder, "run.mjs"),
    `import { findSources, openAhead } from ${url(join(DIST, "io/sources.js"))};
     import { blocksOf } from ${url(join(DIST, "work/blocks.js"))};
     import { inPool } from ${url(join(DIST, "work/pool.js"))};
     const sources = await findSources(["."], [], { stdin: process.stdin, now: new Date(), forcePathStyle: false });
     const options = { collectedAt: "2026-01-02T03:04:05Z", asElements: false, withIssues: false };
     const work = { reader: "map", options };
     const say = (line) => console.error(line);
     const worker = new URL("worker.mjs", import.meta.url);
     for await (const { found } of inPool(blocksOf(openAhead(sources)), work, 2, say, worker)) {
       for (const part of found) {
         await new Promise((resolve) => process.stdout.write(part.found.entities, resolve));
       }
     }`,
  );
}

const STOPPED = "a worker thread stopped; the main thread does its work\n";

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
      return { ...ran, html: html.replace(/Reported<.dt><dd>[-\d]+ [:\d]+ UTC/, "") };
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

  it("loses nothing when workers stop, and says so once", async () => {
    await writePages();
    await rm(join(folder, "q120.json.gz"));
    await writeBreakingWorker("p104.json", "q102.ndjson.gz", "q103.ndjson");
    await writeRunner();
    const expected = await map(".", "--jobs", "1");
    const { status, stdout, stderr } = await command("run.mjs");
    expect({ status, stderr, isSame: stdout === expected.stdout }).toEqual({
      status: 0,
      stderr: STOPPED,
      isSame: true,
    });
  });

  it.each([
    ["throws", 'throw new Error("down");'],
    ["ends", "process.exit(3);"],
  ])("loses nothing when every worker %s at its start", async (_, code) => {
    await writePages();
    await rm(join(folder, "q120.json.gz"));
    await writeFile(join(folder, "worker.mjs"), code);
    await writeRunner();
    const expected = await map(".", "--jobs", "1");
    const { status, stdout, stderr } = await command("run.mjs");
    expect({ status, stderr, isSame: stdout === expected.stdout }).toEqual({
      status: 0,
      stderr: STOPPED,
      isSame: true,
    });
  });
});
