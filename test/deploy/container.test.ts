import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { readText, rootUrl } from "../support/files.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(rootUrl("."));

interface Instruction {
  readonly name: string;
  readonly rest: string;
}
const INSTRUCTIONS: readonly Instruction[] = readText("Containerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ name: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1) }));

const lastFrom = INSTRUCTIONS.findLastIndex(({ name }) => name === "FROM");
const BUILD = INSTRUCTIONS.slice(0, lastFrom);
const IMAGE = INSTRUCTIONS.slice(lastFrom);
const restsOf = (instructions: readonly Instruction[], name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ rest }) => rest);

/** What `.dockerignore` leaves out: names at the top, and endings. */
const IGNORED = readText(".dockerignore")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
function isIgnored(path: string): boolean {
  const top = path.split("/")[0] ?? "";
  return IGNORED.some((pattern) =>
    pattern.startsWith("*") ? top === path && path.endsWith(pattern.slice(1)) : top === pattern,
  );
}

/** The files of the repository that the build gets, those that are not committed yet too. */
async function contextFiles(): Promise<string[]> {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    maxBuffer: 10_000_000,
  });
  return stdout.split("\n").filter((path) => path !== "" && existsSync(join(ROOT, path)) && !isIgnored(path));
}

const folder = mkdtempSync(join(tmpdir(), "duo-udm-context-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the build of the container", () => {
  it("copies files that it gets", async () => {
    const files = await contextFiles();
    const copied = restsOf(BUILD, "COPY").flatMap((rest) => rest.split(" ").slice(0, -1));
    expect(copied).toContain("package-lock.json");
    expect(copied.filter((path) => path !== "." && !files.includes(path))).toEqual([]);
  });

  it("gets neither tests nor what a machine has made", async () => {
    const tops = new Set((await contextFiles()).map((path) => path.split("/")[0]));
    for (const name of ["src", "scripts", "package.json"]) expect(tops).toContain(name);
    for (const name of ["test", "golden", "docs", "bench"]) expect(tops).not.toContain(name);
    expect(["node_modules/a/b.js", "dist/index.js", ".git/HEAD"].filter((path) => !isIgnored(path))).toEqual(
      [],
    );
  });

  it("installs by the lock file, and keeps production dependencies only", () => {
    const [install = "", build = ""] = restsOf(BUILD, "RUN");
    expect(install).toMatch(/^npm ci --ignore-scripts --prefer-offline /);
    expect(build).toMatch(/^npm run build && npm prune --omit=dev /);
  });

  it("makes a command that runs, of the files that it gets", { timeout: 240_000 }, async () => {
    for (const path of await contextFiles()) cpSync(join(ROOT, path), join(folder, path));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await run("npm", ["run", "build"], { cwd: folder });
    const { stdout } = await run(process.execPath, [join(folder, "dist/cli/main.js"), "--version"]);
    expect(stdout).toBe((await duoUdm(["--version"])).stdout);
  });
});

describe("the image of the container", () => {
  it("holds what the build has left and nothing else", () => {
    const copied = restsOf(IMAGE, "COPY").map((rest) => rest.split(" "));
    expect(copied).toEqual(
      ["package.json", "node_modules", "dist"].map((name) => [
        "--from=build",
        `/app/${name}`,
        `/app/${name}`,
      ]),
    );
  });

  it("runs as a user with a number, not as root, in a directory of that user", () => {
    expect(restsOf(IMAGE, "USER")).toEqual(["1000:1000"]);
    expect(restsOf(IMAGE, "RUN")).toEqual(["install --directory --owner=1000 --group=1000 /data"]);
    expect(restsOf(IMAGE, "WORKDIR")).toEqual(["/data"]);
  });

  it("starts the collector, which ends with status 2 where nothing is set", async () => {
    const [entry = ""] = restsOf(IMAGE, "ENTRYPOINT");
    expect(JSON.parse(entry)).toEqual(["node", "/app/dist/cli/main.js"]);
    const [command = ""] = restsOf(IMAGE, "CMD");
    const { status, stderr } = await duoUdm(JSON.parse(command));
    expect(status).toBe(2);
    expect(stderr).toContain("DUO_IKEY is not set");
  });
});
