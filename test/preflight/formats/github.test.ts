import fc from "fast-check";
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
      "::notice title=duo-udm check::NOT READY (--min-entities 1): 1 error, 1 warning, 1 for information in 0 documents, 0 records, 0 entities.",
      "",
    ]);
  });

  it("name files below the working directory, and say in words where the source is no file", () => {
    const issues = [["JSON_INVALID", { line: 2, column: 11, document: 1 }]] as const;
    const [file, object, input] = ["./pages/./a.json", "s3://bucket/a.json", "-"].map((name) =>
      printListing(githubListing, [{ name, issues }]),
    );
    const text = `title=JSON_INVALID::${JSON_INVALID.message}`;
    expect(file).toContain(`::error file=pages/./a.json,line=2,col=11,${text} [document 1] `);
    expect(object).toContain(`::error ${text} [s3://bucket/a.json:2:11, document 1] `);
    expect(input).toContain(`::error ${text} [-:2:11, document 1] `);
    const unreadable = printListing(githubListing, [{ name: "s3://bucket/a.json", unreadable: "gone" }]);
    expect(unreadable).toContain("::error title=Input could not be read::gone\n");
  });

  it("are commands of one line each, whatever the names and values are", () => {
    const command = /^::(?:error|warning|notice) (?:[a-z]+=[^:,\r\n]*,)*title=[^:,\r\n]*::[^\r\n]*$/;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, value) => {
        const place = { value, hint: name, path: name, line: 1 };
        const lines = printListing(githubListing, [{ name, issues: [["RAW_SCHEMA", place]] }]).split("\n");
        expect(lines).toHaveLength(3);
        for (const line of lines.slice(0, -1)) {
          expect(line).toMatch(command);
          // Each percent sign starts an escape.
          expect(line.replace(/%(?:25|0A|0D|3A|2C)/g, "")).not.toContain("%");
        }
      }),
    );
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
    expect(text.split("\n")).toHaveLength(3);
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
      "::notice title=duo-udm check",
      "",
    ]);
  });
});
