/** The fixtures of preflight: a document for each code, in which the code must be found. */

import { Readable } from "node:stream";
import type { Issue } from "../../src/core/issue.ts";
import { readDocuments } from "../../src/io/documents.ts";
import { Preflight } from "../../src/preflight/preflight.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { duoUdm } from "./cli.ts";
import { readText } from "./files.ts";
import { COLLECTED_AT, sortKeys } from "./fixtures.ts";

/** `x * 900000` in a fixture stands for 900,000 times x, so that no fixture needs to be large. */
function grow(_key: string, value: unknown): unknown {
  const [, text, times] = (typeof value === "string" && /^(.+) \* (\d+)$/su.exec(value)) || [];
  return text === undefined ? value : text.repeat(Number(times));
}

/** The fixture of the code that only the enriched profile raises. */
const ENRICHED_ONLY = "COVERED_BY_OWNER.json";

/** How `check` is called for the codes that no document alone can raise. */
const CALLS: { readonly [fixture: string]: readonly string[] } = {
  "LINE_TOO_LONG.json": ["-"],
  "OBJECT_CHANGED.json": ["--run", "fixtures/preflight/OBJECT_CHANGED.json"],
  "RECORDS_AT_NOTHING.json": ["-", "--records-at", "logs[].data"],
};

/** What `check` finds when it is called for a fixture, which it reads from standard input. */
async function findByCommand(fixture: string, call: readonly string[]): Promise<Issue[]> {
  const stdin = JSON.stringify(JSON.parse(readText(`fixtures/preflight/${fixture}`), grow));
  const argv = ["check", ...call, "--format", "json", "--collected-at", COLLECTED_AT];
  const { stdout } = await duoUdm(argv, { stdin });
  return JSON.parse(stdout).issues;
}

/** What preflight finds in a fixture, read as the command reads it. */
export async function findIn(fixture: string): Promise<Issue[]> {
  const call = CALLS[fixture];
  if (call !== undefined) return findByCommand(fixture, call);
  const preflight = new Preflight(fixture === ENRICHED_ONLY ? { profile: PROFILES.enriched } : {});
  const issues: Issue[] = [];
  const source = {
    name: fixture,
    modified: COLLECTED_AT,
    open: async () => ({
      bytes: Readable.from([Buffer.from(readText(`fixtures/preflight/${fixture}`))]),
    }),
  };
  for await (const document of readDocuments(source)) {
    if (document.kind === "invalid") issues.push(document.issue);
    else {
      const grown: unknown = JSON.parse(JSON.stringify(document.value), grow);
      issues.push(...preflight.document(grown, { collectedAt: COLLECTED_AT, source: fixture }));
    }
  }
  return issues;
}

export function printIssues(issues: readonly Issue[]): string {
  return `${JSON.stringify(sortKeys(issues), null, 2)}\n`;
}
