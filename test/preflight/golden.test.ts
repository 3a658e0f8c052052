import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ISSUES } from "../../src/core/issue.ts";
import { listFiles, readText, rootUrl } from "../support/files.ts";
import { findIn, printIssues } from "../support/preflight.ts";

/** Goldens are rewritten only on request (npm run test:update-goldens), and never by a build server. */
const isUpdate = process.env["UPDATE_GOLDENS"] === "1" && process.env["CI"] === undefined;
const FIXTURES = listFiles("fixtures/preflight", ".json");

const CODES = Object.keys(ISSUES).map((code) => `${code}.json`);

describe("golden/preflight", () => {
  it.each(FIXTURES)("%s", async (fixture) => {
    const issues = await findIn(fixture);
    const golden = `golden/preflight/${fixture}`;
    if (isUpdate) {
      mkdirSync(rootUrl("golden/preflight"), { recursive: true });
      writeFileSync(rootUrl(golden), printIssues(issues));
    }
    expect(issues.map(({ code }) => `${code}.json`)).toContain(fixture);
    expect(printIssues(issues)).toBe(readText(golden));
  });

  it("has a fixture and a golden for each code, and no other", () => {
    expect(FIXTURES).toEqual(CODES.toSorted());
    expect(listFiles("golden/preflight", ".json")).toEqual(FIXTURES);
  });
});

describe("the codes", () => {
  it("have one sentence each, advice, and an origin, none of them shared or long", () => {
    const definitions = Object.entries(ISSUES);
    const violations = definitions.flatMap(([code, { message, advice, origin }]) => [
      ...(/^[A-Z](?:[^.]|\.(?=[a-z]))*\.$/.test(message) ? [] : [`${code}: not one sentence`]),
      ...(/^[A-Z].+[.]$/.test(advice) ? [] : [`${code}: no advice`]),
      ...(message.length <= 100 && advice.length <= 100 ? [] : [`${code}: long`]),
      ...(origin.length === 0 ? [`${code}: no origin`] : []),
    ]);
    expect(violations).toEqual([]);
    expect(new Set(definitions.map(([, { message }]) => message)).size).toBe(definitions.length);
  });
});
