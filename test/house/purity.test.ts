import { describe, expect, it } from "vitest";
import { listFiles, readText } from "../support/files.ts";

/** The source of a file without its comments. */
function codeOf(file: string): string {
  return readText(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");
}

const PURE: readonly string[] = [
  "src/profiles/vendor.ts",
  ...["src/core", "src/preflight"].flatMap((folder) =>
    listFiles(folder, ".ts").map((file) => `${folder}/${file}`),
  ),
];

const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
  ["reads the clock", /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s\w(]))|(?<!new\s+)\bDate\s*\(/],
  ["reads the clock through luxon", /\b(?:DateTime|Interval|Settings)\s*\.\s*(?:now|local|utc|fromNow)\b/],
  ["draws a random number", /\bMath\s*\.\s*random\b|\bcrypto\b|\brandomUUID\b/],
  ["measures time", /\bperformance\b|\bhrtime\b/],
  ["touches the process", /\bprocess\s*[.?[]|=\s*process\b/],
  [
    "touches the world",
    /\bfetch\s*\(|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bconsole\b|\bglobalThis\b/,
  ],
  [
    "imports a module of Node's",
    /["']node:|\bfrom\s+["'](?:fs|path|os|crypto|zlib|url|util|stream|http|https)["']/,
  ],
];

/** The modules that a file imports. */
function importsOf(file: string): string[] {
  return Array.from(
    codeOf(file).matchAll(/\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g),
    ([, name = ""]) => name,
  );
}

const isCore = (file: string): boolean => file.startsWith("src/core/");

describe("the pure part of the source", () => {
  it("is all there to be scanned", () => {
    expect(PURE).toContain("src/core/record.ts");
    expect(PURE).toContain("src/preflight/schemas/udm-entity.schema.ts");
  });

  it("has no clock, no randomness, no process and no I/O", () => {
    const violations = PURE.flatMap((file) => {
      const code = codeOf(file);
      return FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${file} ${what}`);
    });
    expect(violations).toEqual([]);
  });

  it("is recognised when it is impure", () => {
    const samples = [
      "const a = Date.now();",
      "const a = new Date();",
      "const a = new Date;",
      "const a = Date();",
      "const a = DateTime.now();",
      "const a = Math.random();",
      "const a = performance.now();",
      "const a = process.env;",
      "const { env } = process;",
      'import { a } from "node:fs";',
      'import { a } from "fs";',
    ];
    const missed = samples.filter((sample) => !FORBIDDEN.some(([, pattern]) => pattern.test(sample)));
    expect(missed).toEqual([]);
    expect(FORBIDDEN.filter(([, pattern]) => pattern.test("return new Date(milliseconds);"))).toEqual([]);
  });

  it("imports in the core only the core, the table and luxon", () => {
    const violations = PURE.filter(isCore).flatMap((file) =>
      importsOf(file)
        .filter(
          (name) => !/^\.\/[a-z\d-]+\.ts$/.test(name) && name !== "../profiles/vendor.ts" && name !== "luxon",
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(violations).toEqual([]);
  });

  it("imports in the table nothing but the types of its rows", () => {
    expect(importsOf("src/profiles/vendor.ts")).toEqual(["../core/profile.ts"]);
    expect(codeOf("src/profiles/vendor.ts")).toContain(
      'import type { Profile, Row, Table } from "../core/profile.ts";',
    );
  });

  it("names its imported files with their ending", () => {
    const violations = PURE.flatMap((file) =>
      importsOf(file).filter((name) => name.startsWith(".") && !name.endsWith(".ts")),
    );
    expect(violations).toEqual([]);
  });
});
