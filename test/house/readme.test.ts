import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ISSUES } from "../../src/core/issue.ts";
import { duoUdm } from "../support/cli.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

/** The fenced block behind a marker. */
function block(marker: string): string {
  const [, found] = new RegExp(`<!-- ${marker} -->\\n\`\`\`json\\n([\\s\\S]*?)\`\`\``).exec(README) ?? [];
  if (found === undefined) throw new Error(`the README has no block ${marker}`);
  return found;
}

describe("the README", () => {
  it("shows the entity that its example page makes", async () => {
    const { stdout } = await duoUdm(["map", "-", "--collected-at", "2026-01-31T00:00:00Z"], {
      stdin: block("example-in"),
    });
    expect(JSON.parse(block("example-out"))).toEqual(JSON.parse(stdout));
  });

  it("lists every issue with its severity", () => {
    const rows = Array.from(
      README.matchAll(/^\| `([A-Z_]+)` \| (error|warning|info) \|/gm),
      ([, code, severity]) => [code, severity],
    );
    expect(rows).toEqual(Object.entries(ISSUES).map(([code, { severity }]) => [code, severity]));
  });
});
