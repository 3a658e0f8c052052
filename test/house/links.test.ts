import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readText, rootUrl } from "../support/files.ts";
import { anchorOf, DOCUMENTS } from "../support/markdown.ts";

const LINK = /\]\(([^)\s]+)\)/g;

function anchorsOf(file: string): string[] {
  return Array.from(readText(file).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) => anchorOf(heading));
}

describe("the documentation", () => {
  it("numbers its decisions without gaps or repetitions", () => {
    const numbers = Array.from(readText("DECISIONS.md").matchAll(/^### D(\d+)\. /gm), ([, number]) =>
      Number(number),
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
  });

  it.each(DOCUMENTS)("%s links to what is there", (file) => {
    const broken = Array.from(readText(file).matchAll(LINK), ([, link = ""]) => link).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      if (!existsSync(rootUrl(target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  // npm adds README, LICENSE and package.json to the files that package.json names.
  const { files }: { readonly files: readonly string[] } = JSON.parse(readText("package.json"));
  const SHIPPED = new Set([...files, "README.md", "LICENSE", "package.json"]);
  const isShipped = (path: string): boolean => SHIPPED.has(path.split("/")[0] ?? "");

  it.each(DOCUMENTS.filter(isShipped))("%s links to nothing that the package does not ship", (file) => {
    const targets = Array.from(readText(file).matchAll(LINK), ([, link = ""]) => link)
      .filter((link) => !/^(?:[a-z]+:|#)/.test(link))
      .map((link) => join(dirname(file), link.split("#")[0] ?? ""));
    expect(targets.filter((target) => !isShipped(target))).toEqual([]);
  });

  it.each(DOCUMENTS.filter((file) => file !== "CHANGELOG.md"))("%s names files that are there", (file) => {
    const text = readText(file).replaceAll(/^```(?:sh|dockerfile)[\s\S]*?^```/gm, "");
    const named = Array.from(
      text.matchAll(
        /(?<![\w./-])((?:src|test|fixtures|golden|bench|deploy|playground|scripts|docs)\/[\w./-]*\w\/?)(?![\w*<{])/g,
      ),
      ([, path = ""]) => path,
    );
    const made = /\/(?:NAME|CODE)\b/;
    expect(named.filter((path) => !made.test(path) && !existsSync(rootUrl(path)))).toEqual([]);
  });

  // Decisions are looked up by their numbers, and only ever added.
  it.each(DOCUMENTS.filter((file) => file !== "DECISIONS.md"))("%s is no longer than 400 lines", (file) => {
    expect(readText(file).split("\n").length).toBeLessThanOrEqual(400);
  });
});
