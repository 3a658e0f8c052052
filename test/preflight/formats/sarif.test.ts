import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ISSUES } from "../../../src/core/issue.ts";
import { sarifListing } from "../../../src/preflight/formats/sarif.ts";
import { type ListedSource, printListing } from "../../support/listing.ts";
import { sarifFaults } from "../../support/sarif.ts";

interface Log {
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      locations: object[];
      suppressions?: object[];
    }[];
    invocations: { executionSuccessful: boolean }[];
  }[];
}

function logOf(sources: readonly ListedSource[], ...ignored: Parameters<typeof printListing>[2][]) {
  const log: Log = JSON.parse(printListing(sarifListing, sources, ...ignored));
  expect(sarifFaults(log)).toEqual([]);
  const [run] = log.runs;
  if (run === undefined) throw new Error("the log has no run");
  return run;
}

describe("the SARIF log", () => {
  it("has a rule per code", () => {
    expect(logOf([]).tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(ISSUES));
  });

  it("has a result per issue, with its rule, level and region", () => {
    const { results, tool } = logOf([
      {
        name: "pages/my page.json",
        issues: [
          ["JSON_INVALID", { line: 2, column: 11 }],
          ["HOSTNAME_FORMAT", { line: 7, record: 1, path: "entity.asset.hostname" }],
          ["PHONE_FORMAT", {}],
        ],
      },
    ]);
    expect(results.map(({ level, locations }) => ({ level, locations }))).toEqual([
      {
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "pages/my%20page.json" },
              region: { startLine: 2, startColumn: 11 },
            },
          },
        ],
      },
      {
        level: "warning",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "pages/my%20page.json" },
              region: { startLine: 7 },
            },
          },
        ],
      },
      {
        level: "note",
        locations: [{ physicalLocation: { artifactLocation: { uri: "pages/my%20page.json" } } }],
      },
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("suppresses what is ignored", () => {
    const { results } = logOf(
      [
        {
          name: "a",
          issues: [
            ["JSON_INVALID", {}],
            ["PHONE_FORMAT", {}],
          ],
        },
      ],
      "PHONE_FORMAT",
    );
    expect(results.map(({ suppressions = [] }) => suppressions)).toEqual([
      [],
      [{ kind: "external", justification: "--ignore PHONE_FORMAT" }],
    ]);
  });

  it("says when an input could not be read", () => {
    const { invocations } = logOf([{ name: "s3://bucket/a b.json", unreadable: "it is gone" }]);
    expect(invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            message: { text: "it is gone" },
            locations: [{ physicalLocation: { artifactLocation: { uri: "s3://bucket/a%20b.json" } } }],
          },
        ],
      },
    ]);
  });

  it("is held to the schema: what is no SARIF has faults", () => {
    expect(sarifFaults({ version: "2.1.0", runs: [{}] })).not.toEqual([]);
    expect(sarifFaults({ version: "2.0.0", runs: [] })).not.toEqual([]);
  });

  it("fits the schema whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, value) => {
        logOf([{ name, issues: [["RAW_SCHEMA", { value, hint: name, path: name }]] }]);
      }),
    );
  });
});
