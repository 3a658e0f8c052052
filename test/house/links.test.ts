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

  it.each(DOCUMENTS)("%s is no longer than 400 lines", (file) => {
    expect(readText(file).split("\n").length).toBeLessThanOrEqual(400);
  });
});
