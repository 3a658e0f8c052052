import { describe, expect, it } from "vitest";
import { ISSUES } from "../../../src/core/issue.ts";
import { githubListing } from "../../../src/preflight/formats/github.ts";
import { printListing } from "../../support/listing.ts";

const { HOSTNAME_FORMAT, JSON_INVALID, PHONE_FORMAT } = ISSUES;

describe("annotations for GitHub", () => {
  it("are a line each, with file, line, column and code", () => {
    const text = printListing(githubListing, [
      {
        name: "pages/a.json",
        issues: [
          ["JSON_INVALID", { line: 2, column: 11, hint: "it looks like CSV" }],
          ["HOSTNAME_FORMAT", { document: 1, record: 3, path: "entity.asset.hostname", line: 7 }],
          ["PHONE_FORMAT", { record: 4 }],
        ],
      },
    ]);
    expect(text.split("\n")).toEqual([
      `::error file=pages/a.json,line=2,col=11,title=JSON_INVALID::${JSON_INVALID.message} [it looks like CSV] ${JSON_INVALID.advice}`,
      `::warning file=pages/a.json,line=7,title=HOSTNAME_FORMAT::${HOSTNAME_FORMAT.message} [document 1, record 3, entity.asset.hostname] ${HOSTNAME_FORMAT.advice}`,
      `::notice file=pages/a.json,title=PHONE_FORMAT::${PHONE_FORMAT.message} [record 4] ${PHONE_FORMAT.advice}`,
      "",
    ]);
  });

  it("escape what would end a property or the command", () => {
    const text = printListing(githubListing, [
      {
        name: "100%,a:b\nc.json",
        issues: [["HOSTNAME_FORMAT", { value: "50% of\r\n\u001b[31m", hint: "x\ny" }]],
      },
    ]);
    expect(text).toContain("file=100%25%2Ca%3Ab%0Ac.json,title=");
    expect(text).toContain('["50%25 of\\r\\n\\u001b[31m"; x%0Ay]');
    expect(text.split("\n")).toHaveLength(2);
  });

  it("show an ignored issue as a notice, and an input that could not be read as an error", () => {
    const text = printListing(
      githubListing,
      [{ name: "a.json", issues: [["JSON_INVALID", {}]], unreadable: "a.json: cannot be read: it is gone" }],
      "JSON_INVALID",
    );
    expect(text.split("\n").map((line) => line.slice(0, line.lastIndexOf("::")))).toEqual([
      "::notice file=a.json,title=JSON_INVALID (ignored)",
      "::error file=a.json,title=Input could not be read",
      "",
    ]);
  });
});
