import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captured, type Ran } from "../support/cli.ts";
import { readText, rootUrl } from "../support/files.ts";

const run = promisify(execFile);

const MANIFEST: {
  readonly version: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
} = JSON.parse(readText("package.json"));

const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

describe("the package installed without its optional dependencies", () => {
  const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const inProject = (...names: readonly string[]) => join(folder, ...names);
  const inPackage = (...names: readonly string[]) => inProject("node_modules/duo-udm", ...names);
  const pages = inProject("demo/pages/duo/context");

  async function node(...argv: readonly string[]) {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const options = { cwd: folder, env: { ...env, AWS_REGION: "us-east-1" } };
    return run(process.execPath, argv, options).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
    );
  }

  /** Runs a command of the installed package in this process, with paths of the project. */
  async function duoUdm(...argv: readonly string[]): Promise<Ran> {
    const { run: installed } = await import(pathToFileURL(inPackage("dist/cli/run.js")).href);
    return captured((io) => installed(argv, { ...io, env: { AWS_REGION: "us-east-1" } }));
  }

  beforeAll(async () => {
    // The tarball of dist as it is: the build is another step.
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
      cwd: fileURLToPath(rootUrl(".")),
    });
    cpSync(fileURLToPath(rootUrl("test/project")), folder, { recursive: true });
    cpSync(inProject("types.mts"), inProject("types.cts"));
    const flags = ["--omit=optional", "--prefer-offline", "--no-audit", "--no-fund"];
    await run("npm", ["install", ...flags, `./duo-udm-${MANIFEST.version}.tgz`], { cwd: folder });
    const demo = await node(inPackage("dist/cli/main.js"), "demo", "--out", "demo", "--users", "20");
    expect({ ...demo, stdout: "" }).toMatchObject({ status: 0 });
  }, 240_000);

  it("takes less than 10 MB", () => {
    const files = readdirSync(inProject("node_modules"), { recursive: true, encoding: "utf8" });
    const bytes = files.map((file) => statSync(inProject("node_modules", file)).blocks * 512);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10_000_000);
    const optional = Object.keys(MANIFEST.optionalDependencies);
    expect(optional.filter((name) => files.includes(name))).toEqual([]);
  });

  it("holds the built code and pages, declarations, the manual and the documentation, and nothing else", () => {
    expect(readdirSync(inPackage()).sort()).toEqual([
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "DECISIONS.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "dist",
      "docs",
      "package.json",
    ]);
    const endingsIn = (name: string) => {
      const files = readdirSync(inPackage(name), { recursive: true, encoding: "utf8" });
      return [...new Set(files.map((file) => extname(file)))].filter((ending) => ending !== "").sort();
    };
    expect(endingsIn("dist")).toEqual([".1", ".css", ".html", ".js", ".ts"]);
    expect(endingsIn("docs")).toEqual([".md", ".png"]);
  });

  it("does everything that needs none of them", async () => {
    expect(statSync(inProject("demo/report.html")).size).toBeGreaterThan(10_000);
    for (const argv of [
      ["map", pages, "--out", inProject("entities.ndjson")],
      ["check", pages],
      ["explain", pages, "--record", "0"],
      ["coverage", pages],
      ["report", pages, "--out", inProject("report.html")],
      ["playground", "--out", inProject("playground.html")],
      ["table"],
      ["import", pages, "--dry-run"],
    ]) {
      expect({ argv, ...(await duoUdm(...argv)) }).toMatchObject({ argv, status: 0 });
    }
  });

  it("names in one line what is missing", async () => {
    const inJobs = inProject("in-jobs.ndjson");
    expect((await duoUdm("map", pages, "--jobs", "2", "--out", inJobs)).stderr).toContain(
      "continues with one job: more than one needs piscina, which is not installed: npm install piscina\n",
    );
    expect(readFileSync(inJobs, "utf8")).toBe(readFileSync(inProject("demo/entities.ndjson"), "utf8"));

    const missingIn = (purpose: string, name: string) => ({
      status: 2,
      stdout: "",
      stderr: `duo-udm: ${purpose} needs ${name}, which is not installed: npm install ${name}\n`,
    });
    expect(await duoUdm("map", "s3://example-bucket/duo/")).toEqual(
      missingIn("reading or writing s3://", "@aws-sdk/client-s3"),
    );
    const instance = "projects/example-project/locations/us/instances/0a1b2c3d";
    expect(await duoUdm("import", pages, "--instance", instance)).toEqual(
      missingIn("asking SecOps", "google-auth-library"),
    );
  });

  it("works as ES modules, all of it but duo-udm/lambda", async () => {
    const logger = "@aws-lambda-powertools/logger";
    expect(await node("--no-warnings", "esm.mjs")).toEqual({
      status: 0,
      stdout: `duo-udm/lambda needs ${logger}, which is not installed: npm install ${logger}\n`,
      stderr: "",
    });
  });

  it("works from CommonJS", async () => {
    expect(await node("--no-warnings", "common.cjs")).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["types.mts", "node16"],
    ["types.mts", "nodenext"],
    ["types.mts", "esnext", "--moduleResolution", "bundler"],
    // CommonJS that requires an ES module, which node16 does not know.
    ["types.cts", "nodenext"],
  ])("compiles strictly, without Node's types: %s with --module %s", async (file, ...module) => {
    const strict = [
      "--strict",
      "--exactOptionalPropertyTypes",
      "--noEmit",
      "--target",
      "es2022",
      "--types",
      "",
    ];
    const compiled = await node(TSC, ...strict, "--module", ...module, file);
    expect(compiled).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
