import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { captured, type Ran } from "../support/cli.ts";
import { readText, rootUrl } from "../support/files.ts";

const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const MANIFEST: Manifest = JSON.parse(readText("package.json"));

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly integrity?: string; readonly optional?: boolean }>
  >;
}

describe("the lock file", () => {
  const { packages }: Lock = JSON.parse(readText("package-lock.json"));
  const installed = Object.entries(packages).filter(([path]) => path !== "");

  it("has an integrity for every package", () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
  });

  it("names no registry", () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

/** What a declaration file exports: values and types by their names. */
function namesIn(declarations: string): string[] {
  const lists = Array.from(declarations.matchAll(/^export (?:type )?\{([^}]*)\}/gm), ([, list = ""]) =>
    list
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== ""),
  );
  const own = declarations.matchAll(
    /^export (?:declare )?(?:async )?(?:function|class|const|interface|type) (\w+)/gm,
  );
  return [...lists.flat(), ...Array.from(own, ([, name = ""]) => name)].sort();
}

const EXPORTS: Readonly<
  Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>
> = {
  ".": {
    values: [
      "CoverageCounter",
      "ISSUES",
      "PROFILES",
      "Preflight",
      "TABLE",
      "checkEntity",
      "checkPage",
      "coverage",
      "explainRecord",
      "mapPage",
      "mapRecord",
      "mappingTable",
    ],
    types: [
      "Asset",
      "AssetType",
      "CheckOptions",
      "Coverage",
      "CoveragePage",
      "DeploymentStatus",
      "EntityContext",
      "EntityMetadata",
      "Explanation",
      "FieldCoverage",
      "Found",
      "Issue",
      "IssueCode",
      "IssueDefinition",
      "JsonType",
      "Label",
      "MappedPage",
      "Of",
      "Outcome",
      "PageContext",
      "Platform",
      "Profile",
      "RawField",
      "RawRead",
      "RecordContext",
      "Relation",
      "ResourceCoverage",
      "Row",
      "RowCoverage",
      "RowTrace",
      "Rule",
      "SchemaFault",
      "Severity",
      "SkipReason",
      "Software",
      "Table",
      "TableFormat",
      "UdmCell",
      "UdmEntity",
      "UdmTimestamp",
      "User",
      "Write",
    ],
  },
  "./collector": {
    values: ["CollectionError", "ConfigError", "DuoApiError", "collect", "loadConfig"],
    types: [
      "CollectEvent",
      "CollectOptions",
      "Collection",
      "Config",
      "Manifest",
      "Overrides",
      "ResourceReport",
    ],
  },
  "./lambda": {
    values: ["PagesRejected", "PagesUnfinished", "handler", "mapHandler"],
    types: ["LambdaContext", "LambdaResult", "MapBatchResponse", "MapResult"],
  },
  "./secops": {
    values: ["ConfigError", "SecopsClient", "SecopsError", "googleCredentials", "importEntities", "targetOf"],
    types: [
      "Answer",
      "ClientOptions",
      "Credentials",
      "Env",
      "ImportCounts",
      "ImportOptions",
      "ImportVerdict",
      "Parser",
      "Rejected",
      "Retry",
      "SecopsErrorCode",
      "SecopsErrorDetail",
      "Target",
      "Transport",
      "World",
    ],
  },
  "./simulator": {
    values: ["startSimulator"],
    types: ["SeenRequest", "Simulator", "SimulatorOptions"],
  },
};

describe("the package's exports", () => {
  const entries = Object.entries(MANIFEST.exports).flatMap(([name, entry]) =>
    typeof entry === "string" ? [] : [{ name, ...entry }],
  );

  it("are these entries", () => {
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(EXPORTS));
  });

  it.each(entries)("of $name are these and no others", async ({ name, types, default: file }) => {
    const values = Object.keys(await import(rootUrl(file).href)).sort();
    const named = namesIn(readText(types));
    expect({ values, types: named.filter((one) => !values.includes(one)) }).toEqual(EXPORTS[name]);
  });
});

describe("the package installed without its optional dependencies", () => {
  const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const inProject = (...names: readonly string[]) => join(folder, ...names);

  async function npm(...argv: readonly string[]): Promise<string> {
    const { stdout } = await run("npm", argv, { cwd: folder });
    return stdout;
  }

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
    const file = pathToFileURL(inProject("node_modules/duo-udm/dist/cli/run.js")).href;
    const { run: installed } = await import(file);
    return captured((io) => installed(argv, { ...io, env: { AWS_REGION: "us-east-1" } }));
  }

  it("takes less than 10 MB, and does everything that needs none of them", { timeout: 240_000 }, async () => {
    // The tarball of dist as it is: the build is another step.
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
      cwd: fileURLToPath(rootUrl(".")),
    });
    const packed = `duo-udm-${MANIFEST.version}.tgz`;
    writeFileSync(inProject("package.json"), JSON.stringify({ private: true, type: "module" }));
    await npm("install", "--omit=optional", "--prefer-offline", "--no-audit", "--no-fund", packed);

    const files = readdirSync(inProject("node_modules"), { recursive: true, encoding: "utf8" });
    const bytes = files.map((file) => statSync(inProject("node_modules", file)).blocks * 512);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10_000_000);
    const missing = Object.keys(MANIFEST.optionalDependencies);
    expect(missing.filter((name) => files.includes(name))).toEqual([]);
    expect(readdirSync(inProject("node_modules/duo-udm")).sort()).toEqual([
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

    const demo = await node(
      "node_modules/duo-udm/dist/cli/main.js",
      "demo",
      "--out",
      "demo",
      "--users",
      "20",
    );
    expect({ ...demo, stdout: "" }).toMatchObject({ status: 0 });
    expect(statSync(inProject("demo/report.html")).size).toBeGreaterThan(10_000);
    const pages = inProject("demo/pages/duo/context");
    const entities = inProject("entities.ndjson");
    for (const argv of [
      ["map", pages, "--out", entities],
      ["check", pages],
      ["explain", pages, "--record", "0"],
      ["coverage", pages],
      ["report", pages, "--out", inProject("report.html")],
      ["table"],
      ["import", pages, "--dry-run"],
    ]) {
      expect({ argv, ...(await duoUdm(...argv)) }).toMatchObject({ argv, status: 0 });
    }
    const inJobs = inProject("in-jobs.ndjson");
    expect((await duoUdm("map", pages, "--jobs", "2", "--out", inJobs)).stderr).toContain(
      "goes on with one job: more need piscina, which is not installed: npm install piscina\n",
    );
    expect(readFileSync(inJobs, "utf8")).toBe(readFileSync(entities, "utf8"));

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

    const used = "mapRecord({ epkey: 'E' }, { collectedAt: '2026-01-01' }).kind";
    const modules = `
      import { createRequire } from "node:module";
      import { mapRecord } from "duo-udm";
      import "duo-udm/collector";
      import "duo-udm/secops";
      import "duo-udm/simulator";
      console.log(${used});
      console.log(createRequire(import.meta.url)("duo-udm").${used});
      await import("duo-udm/lambda").catch((error) => console.log(error.message));`;
    writeFileSync(inProject("use.mjs"), modules);
    const logger = "@aws-lambda-powertools/logger";
    expect(await node("--no-warnings", "use.mjs")).toEqual({
      status: 0,
      stdout: `entity\nentity\nduo-udm/lambda needs ${logger}, which is not installed: npm install ${logger}\n`,
      stderr: "",
    });

    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
    writeFileSync(
      inProject("use.ts"),
      `import { mapRecord } from "duo-udm";\nexport const kind: "entity" | "skipped" = ${used};\n`,
    );
    const strict = [
      "--strict",
      "--noEmit",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--types",
      "",
      "use.ts",
    ];
    expect(await node(tsc, ...strict)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
