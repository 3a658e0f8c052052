import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSources, openAhead } from "../../src/io/sources.ts";
import { blocksOf } from "../../src/work/blocks.ts";
import { inPool } from "../../src/work/pool.ts";
import { built, captured } from "../support/cli.ts";

const DIST = join(import.meta.dirname, "../../dist");
const AT = "2026-01-02T03:04:05Z";

const { run } = await built<typeof import("../../src/cli/run.ts")>("cli/run.js");

const command = (...argv: string[]) => captured((io) => run(argv, io));
const map = (...argv: string[]) => command("map", ...argv, "--collected-at", AT);

let folder: string;
let pages: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
  pages = join(folder, "pages");
  await mkdir(pages);
  await writePages();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pages of all sizes, one broken, one cut short, one that cannot be read. */
async function writePages(): Promise<void> {
  const page = (at: number): string => {
    const records = Array.from({ length: (at * 37) % 100 }, (_, n) => ({
      epkey: `EP${at}-${n}`,
      os_family: n % 3 === 0 ? "iOS" : "Windows",
      browsers: [{ browser_family: "Chrome", browser_version: "131" }],
    }));
    return JSON.stringify({ stat: "OK", response: records });
  };
  for (let at = 0; at < 31; at++) await writeFile(join(pages, `p${100 + at}.json`), page(at));
  await writeFile(join(pages, "p105.json"), '{"stat":');
  await writeFile(join(pages, "q110.json.gz"), gzipSync(page(9)).subarray(0, 200));
  await symlink("nowhere", join(pages, "q120.json.gz"));
  // A source of one block, and one of several.
  const lines = Array.from({ length: 600 }, (_, n) =>
    JSON.stringify({ epkey: `L${n}`, model: "x".repeat(4_000) }),
  );
  await writeFile(join(pages, "q102.ndjson.gz"), gzipSync(lines.slice(0, 150).join("\n")));
  await writeFile(join(pages, "q103.ndjson"), lines.join("\n"));
}

describe.each([
  ["check", []],
  ["check", ["--format", "json"]],
  ["check", ["--format", "json", "--show-values"]],
  ["coverage", []],
  ["coverage", ["--format", "json"]],
])("%s --jobs", (name, options) => {
  it(`gives the same bytes and messages as one job (${options.join(" ")})`, async () => {
    // The same entities again, in another source.
    const again = join(pages, "p107.json");
    const runWith = (jobs: string) => command(name, pages, again, ...options, "--jobs", jobs);
    const one = await runWith("1");
    expect(one.status).toBe(3);
    expect(one.stdout.length).toBeGreaterThan(500);
    expect(await runWith("2")).toEqual(one);
  });
});

describe("report --jobs", () => {
  it("writes the same page as one job", async () => {
    const runWith = async (jobs: string) => {
      const out = join(folder, "report.html");
      const ran = await command("report", pages, "--out", out, "--jobs", jobs);
      const html = await readFile(out, "utf8");
      return { ...ran, html: html.replace(/Reported<.dt><dd>[-\d]+ [:\d]+ UTC/, "") };
    };
    const one = await runWith("1");
    expect(one.status).toBe(3);
    expect(await runWith("2")).toEqual(one);
  });
});

describe("map --jobs", () => {
  it.each([["ndjson"], ["json"]])("gives the same bytes and messages as one job (%s)", async (format) => {
    const runWith = async (jobs: string) => {
      const out = join(folder, "issues.ndjson");
      const ran = await map(pages, "--jobs", jobs, "--format", format, "--issues", out);
      return { ...ran, issues: await readFile(out, "utf8") };
    };
    const one = await runWith("1");
    expect(one.status).toBe(3);
    expect(one.stderr.split("\n").length).toBe(5);
    expect(await runWith("2")).toEqual(one);
  });

  it("writes the same files into a directory", async () => {
    const out = join(pages, "out");
    const runWith = async (jobs: string): Promise<[string, string][]> => {
      await map(pages, "--jobs", jobs, "--out", `${out}/`);
      const names = await readdir(out);
      return Promise.all(names.map(async (name) => [name, await readFile(join(out, name), "utf8")]));
    };
    const one = await runWith("1");
    expect(one.length).toBe(34);
    // Again over its own earlier output, which is no input although it lies below one.
    expect(await runWith("2")).toEqual(one);
    await rm(out, { recursive: true });
  });
});

describe("a pool", () => {
  /** What two jobs whose threads run this module map the pages to, and what they say. */
  async function mapInPool(code: string, { wanted = Number.POSITIVE_INFINITY } = {}) {
    const worker = join(folder, "worker.mjs");
    await writeFile(worker, code);
    const { stdin } = process;
    const sources = await findSources([pages], [], { stdin, now: new Date(AT), forcePathStyle: false });
    const options = { collectedAt: AT, asElements: false, withIssues: false };
    const said: string[] = [];
    const entities: Uint8Array[] = [];
    const blocks = blocksOf(openAhead(sources));
    const say = (line: string) => void said.push(line);
    for await (const { found } of inPool(blocks, { reader: "map", options }, 2, say, pathToFileURL(worker))) {
      for (const part of found) entities.push(part.found.entities);
      if (entities.length >= wanted) break;
    }
    return { said, entities: Buffer.concat(entities).toString() };
  }

  /** Threads that end when they are given a block with one of three files. */
  const ending = `import { read as real } from ${JSON.stringify(pathToFileURL(join(DIST, "work/worker.js")).href)};
    export function read(task) {
      if (task.parts.some(({ source }) => /(?:p104.json|q102.ndjson.gz|q103.ndjson)$/.test(source))) process.exit(1);
      return real(task);
    }`;

  it.each([
    ["some threads stop", ending],
    ["every thread throws at its start", 'throw new Error("down");'],
    ["every thread ends at its start", "process.exit(3);"],
  ])("loses nothing when %s, and says so once", async (_, code) => {
    const { said, entities } = await mapInPool(code);
    const { stdout } = await map(pages, "--jobs", "1");
    expect([said, entities === stdout]).toEqual([
      ["a worker thread stopped; the main thread does its work"],
      true,
    ]);
  });

  it("says nothing of threads that are stopped because nobody wants their results", async () => {
    const code = `import { read as real } from ${JSON.stringify(pathToFileURL(join(DIST, "work/worker.js")).href)};
      let tasks = 0;
      export const read = (task) => (tasks++ === 0 ? real(task) : new Promise(() => {}));`;
    const { said, entities } = await mapInPool(code, { wanted: 1 });
    expect(said).toEqual([]);
    expect(entities).not.toBe("");
    expect((await map(pages, "--jobs", "1")).stdout.startsWith(entities)).toBe(true);
  });
});
