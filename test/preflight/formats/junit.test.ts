import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { ISSUES } from "../../../src/core/issue.ts";
import { junitListing } from "../../../src/preflight/formats/junit.ts";
import { readText } from "../../support/files.ts";
import { printListing } from "../../support/listing.ts";

const { HOSTNAME_FORMAT, RAW_SCHEMA } = ISSUES;

/** What a published schema has against a document. */
async function faultsOf(xml: string, schema: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema: readText(`fixtures/schemas/${schema}`) });
  return errors.map(({ message }) => message);
}

describe("the JUnit report", () => {
  it("has a test case per source: errors fail it, the rest is its output", () => {
    const text = printListing(junitListing, [
      {
        name: "a.json",
        issues: [
          ["RAW_SCHEMA", { record: 0, path: "type" }],
          ["HOSTNAME_FORMAT", { record: 1, path: "entity.asset.hostname", value: "<a & b>" }],
          ["RAW_SCHEMA", { record: 2, path: "model" }],
        ],
      },
      { name: "b.json" },
      { name: "c.json", unreadable: 'c.json: "gone"' },
    ]);
    expect(text.split("\n")).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="duo-udm check">',
      '<testsuite name="a.json" tests="1" failures="1" errors="0" skipped="0" time="0">',
      '<testcase name="a.json" classname="duo-udm.check" time="0">',
      `<failure type="issues" message="2 errors">RAW_SCHEMA: a.json, record 0, type: ${RAW_SCHEMA.message}`,
      `RAW_SCHEMA: a.json, record 2, model: ${RAW_SCHEMA.message}</failure>`,
      `<system-out>HOSTNAME_FORMAT: a.json, record 1, entity.asset.hostname: ${HOSTNAME_FORMAT.message} (&quot;&lt;a &amp; b&gt;&quot;)</system-out>`,
      "</testcase>",
      "</testsuite>",
      '<testsuite name="b.json" tests="1" failures="0" errors="0" skipped="0" time="0">',
      '<testcase name="b.json" classname="duo-udm.check" time="0">',
      "</testcase>",
      "</testsuite>",
      '<testsuite name="c.json" tests="1" failures="0" errors="1" skipped="0" time="0">',
      '<testcase name="c.json" classname="duo-udm.check" time="0">',
      '<error type="unreadable" message="c.json: &quot;gone&quot;"/>',
      "</testcase>",
      "</testsuite>",
      "</testsuites>",
      "",
    ]);
  });

  it("fits the schema of Jenkins, and each suite that of Maven Surefire", async () => {
    const name = `pages/<"&'é>\u0000\ud800.json`;
    const issues = [
      ["RAW_SCHEMA", { record: 0, path: "type", value: "]]>\u0001" }],
      ["HOSTNAME_FORMAT", { record: 1 }],
    ] as const;
    const text = printListing(junitListing, [
      { name, issues },
      { name: "b.json" },
      { name: "c.json", unreadable: "c.json: gone" },
    ]);
    expect(await faultsOf(text, "jenkins-junit.xsd")).toEqual([]);
    const suites = text.match(/<testsuite [\s\S]*?<\/testsuite>/g) ?? [];
    expect(suites).toHaveLength(3);
    for (const suite of suites) expect(await faultsOf(suite, "surefire-test-report.xsd")).toEqual([]);
    expect(await faultsOf(text.replaceAll("testcase", "case"), "jenkins-junit.xsd")).not.toEqual([]);
  });

  it("fits the schema without a source", async () => {
    expect(await faultsOf(printListing(junitListing, []), "jenkins-junit.xsd")).toEqual([]);
  });

  it("does not fail on an ignored code", () => {
    const text = printListing(junitListing, [{ name: "a", issues: [["RAW_SCHEMA", {}]] }], "RAW_SCHEMA");
    expect(text).not.toContain("<failure");
    expect(text).toContain("<system-out>RAW_SCHEMA: a: ");
  });

  it("holds no character that XML forbids, and a line per finding, whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, value) => {
        const text = printListing(junitListing, [{ name, issues: [["RAW_SCHEMA", { value, hint: name }]] }]);
        expect(text).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
        expect(text.split("\n")).toHaveLength(9);
        expect(text.replace(/&(?:amp|lt|gt|quot|#\d+);/g, "")).not.toContain("&");
      }),
    );
  });
});
