import { expect, it } from "vitest";
import { ISSUES } from "../../src/core/issue.ts";
import { mappingTable } from "../../src/profiles/documentation.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { LEFT_OUT } from "../../src/profiles/left-out.ts";
import { readText } from "../support/files.ts";
import { expectGolden } from "../support/golden.ts";
import { rowsOf, sectionOf } from "../support/markdown.ts";

const FILE = "docs/issues.md";
const ISSUE_TABLE = /^\| code \|.*\n(?:\|.*\n)+/m;
const MAPPING_TABLE = /^\| Log field \|.*\n(?:\|.*\n)+/m;

function issueTable(): string {
  const rows = Object.entries(ISSUES).map(
    ([code, { severity, message, advice, origin }]) =>
      `| \`${code}\` | ${[severity, message, advice, origin].join(" | ")} |\n`,
  );
  return `| code | severity | what it says | what to do | where the rule comes from |\n| --- | --- | --- | --- | --- |\n${rows.join("")}`;
}

it("docs/issues.md has every code with all that is said about it (npm run test:update-goldens writes it)", () => {
  expectGolden(
    FILE,
    readText(FILE).replace(ISSUE_TABLE, () => issueTable()),
  );
});

it("docs/mapping.md has the table that runs (npm run test:update-goldens writes it)", () => {
  const page = readText("docs/mapping.md");
  expectGolden(
    "docs/mapping.md",
    page.replace(MAPPING_TABLE, () => mappingTable()),
  );
});

it("docs/enriched-tables.md has the tables of the enriched profile (npm run test:update-goldens writes them)", () => {
  const page = readText("docs/enriched-tables.md");
  const tables = `<!-- tables -->\n\n${mappingTable("md", PROFILES.enriched)}\n<!-- end of tables -->`;
  expectGolden(
    "docs/enriched-tables.md",
    page.replace(/<!-- tables -->[\s\S]*<!-- end of tables -->/, () => tables),
  );
});

it("docs/issues.md lists every field that an issue may have", () => {
  const [, declared = ""] =
    /^export interface Issue \{\n([\s\S]*?)^\}/m.exec(readText("src/core/issue.ts")) ?? [];
  const fields = Array.from(declared.matchAll(/^ {2}readonly (\w+)\??:/gm), ([, name]) => name);
  const listed = rowsOf(sectionOf(FILE, "## The fields of an issue")).flatMap(([names = ""]) =>
    names.replaceAll("`", "").split(", "),
  );
  expect(listed.sort()).toEqual(fields.sort());
});

it("docs/profiles.md lists the fields that the enriched profile leaves out, each with its reason", () => {
  const section = sectionOf("docs/profiles.md", "## Left out on purpose");
  const listed = rowsOf(section).map(([fields = "", why = ""]) => ({
    why,
    names: Array.from(fields.matchAll(/`([^`]+)`/g), ([, name = ""]) => name.replace("*", "\\w+")),
  }));
  const isListed = (field: string, reason: string): boolean =>
    listed.some(
      ({ names, why }) =>
        why === reason && names.some((name) => new RegExp(`^${name}$`).test(field.replace(/^.*\./, ""))),
    );
  expect(LEFT_OUT.flatMap(({ fields, why }) => fields.filter((field) => !isListed(field, why)))).toEqual([]);
});
