import { describe, expect, it } from "vitest";
import { readText, rootUrl } from "../support/files.ts";

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
}
const MANIFEST: Manifest = JSON.parse(readText("package.json"));

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly resolved?: string; readonly integrity?: string }>
  >;
}

describe("the version", () => {
  it("is that of the lock file, and has its section in the changelog", () => {
    const lock: { readonly version: string } & Lock = JSON.parse(readText("package-lock.json"));
    expect([lock.version, lock.packages[""]?.version]).toEqual([MANIFEST.version, MANIFEST.version]);
    const sections = Array.from(readText("CHANGELOG.md").matchAll(/^## \[(.+?)\]/gm), ([, name]) => name);
    expect(sections.slice(0, 2)).toEqual(["Unreleased", MANIFEST.version]);
  });
});

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
      "Resource",
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
    const declarations = readText(types);
    // What comes with a star has no name to look for.
    expect(declarations).not.toContain("export *");
    const named = namesIn(declarations);
    expect({ values, types: named.filter((one) => !values.includes(one)) }).toEqual(EXPORTS[name]);
  });
});
