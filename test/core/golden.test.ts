import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listFiles, readText, rootUrl } from "../support/files.ts";
import { GOLDENS, PAGES, readFixture } from "../support/fixtures.ts";

/** Goldens are rewritten only on request (npm run test:update-goldens), and never by a build server. */
const isUpdate = process.env["UPDATE_GOLDENS"] === "1" && process.env["CI"] === undefined;

function update(path: string, text: string): void {
  mkdirSync(rootUrl(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
  writeFileSync(rootUrl(path), text);
}

describe.each(Object.keys(GOLDENS))("golden/%s", (tree) => {
  const print = GOLDENS[tree];
  const folder = `golden/${tree}`;

  if (isUpdate) {
    for (const page of PAGES) update(`${folder}/${page}`, print?.(readFixture(page), page) ?? "");
    for (const golden of listFiles(folder, ".json")) {
      if (!PAGES.includes(golden)) rmSync(rootUrl(`${folder}/${golden}`));
    }
  }

  it("has one file for each fixture page, and no other", () => {
    expect(listFiles(folder, ".json")).toEqual(PAGES);
  });

  it.each(PAGES)("%s", (page) => {
    expect(print?.(readFixture(page), page)).toBe(readText(`${folder}/${page}`));
  });
});

describe("the fixture pages", () => {
  it("cover all seven resources", () => {
    expect([...new Set(PAGES.map((page) => page.slice(0, page.indexOf("/"))))]).toEqual([
      "desktop_authenticators",
      "endpoints",
      "groups",
      "phones",
      "tokens",
      "users",
      "webauthncredentials",
    ]);
  });

  it("are those that fixtures/README.md names", () => {
    const named = readText("fixtures/README.md").match(/`[a-z_]+\/[a-z-]+`/g) ?? [];
    const pages = [...new Set(named)].map((name) => `${name.slice(1, -1)}.json`);
    const others = pages.filter((page) => page.startsWith("invalid/"));
    expect(pages.filter((page) => !others.includes(page)).sort()).toEqual([...PAGES].sort());
    expect(others.map((page) => readText(`fixtures/${page}`) !== "")).toEqual(others.map(() => true));
  });

  it("hold invented people only: addresses at example.com, numbers kept for fiction", () => {
    const violations = PAGES.flatMap((page) => {
      const text = readText(`fixtures/pages/${page}`);
      const addresses = text.match(/[\w.+-]+@[\w.-]+/g) ?? [];
      const numbers = text.match(/\+\d{7,}/g) ?? [];
      return [
        ...addresses.filter((address) => !address.endsWith("@example.com")),
        ...numbers.filter((number) => !/^\+1503555\d{4}$/.test(number)),
      ].map((found) => `${page}: ${found}`);
    });
    expect(violations).toEqual([]);
  });
});
