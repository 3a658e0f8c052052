import { describe, expect, it } from "vitest";
import { readText } from "../support/files.ts";
import { rowsOf, sectionOf } from "../support/markdown.ts";

const PAGE = "docs/dependencies.md";

/** The packages that a section's table names, without their versions. */
function packagesOf(section: string): string[] {
  return rowsOf(sectionOf(PAGE, `## ${section}`))
    .flatMap(([names = ""]) => names.split(", "))
    .map((name) => name.split(" ")[0] ?? "")
    .sort();
}

describe("the page on the dependencies", () => {
  const manifest: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
    readText("package.json"),
  );

  it.each([
    ["Always installed", "dependencies"],
    ["Optional", "optionalDependencies"],
    ["For development", "devDependencies"],
  ])("lists under %s the packages of %s, and no other", (section, kind) => {
    expect(packagesOf(section)).toEqual(Object.keys(manifest[kind] ?? {}).sort());
  });
});
