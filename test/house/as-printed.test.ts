import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rootUrl } from "../support/files.ts";
import { blocksOf, DOCUMENTS, markedBlock } from "../support/markdown.ts";
import { duoUdmCommands } from "../support/shell.ts";

const folder = mkdtempSync(join(tmpdir(), "duo-udm-as-printed-"));
const bin = mkdtempSync(join(tmpdir(), "duo-udm-bin-"));

/** Runs a script as a reader would, with `duo-udm` on the path; rejects when a command fails. */
async function shell(script: string): Promise<void> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  await promisify(execFile)("bash", ["-eo", "pipefail", "-c", script], { cwd: folder, env });
}

beforeAll(async () => {
  const main = fileURLToPath(rootUrl("dist/cli/main.js"));
  writeFileSync(join(bin, "duo-udm"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(join(bin, "duo-udm"), 0o755);
  await shell("duo-udm demo --users 20");
});

afterAll(() => {
  for (const made of [folder, bin]) rmSync(made, { recursive: true, force: true });
});

/**
 * The status that a block ends with, by the comment before it. A block with any other comment (`needs Duo`) needs what a
 * test does not have.
 */
const STATUSES = new Map([
  ["", undefined],
  ["example", undefined],
  ["ends with status 1", 1],
]);
const runnable = DOCUMENTS.flatMap(blocksOf).filter(
  ({ language, mark, text }) => language === "sh" && STATUSES.has(mark) && duoUdmCommands(text).length > 0,
);

describe("a shell block of the documentation", () => {
  it.each(
    runnable.map(({ file, line, text, mark }) => [`${file}:${line}`, text, STATUSES.get(mark)] as const),
  )("runs as printed: %s", async (_, text, status) => {
    const code = await shell(text).then(
      () => undefined,
      (error: { code?: unknown; stderr?: unknown }) => error.code ?? error,
    );
    expect(code).toEqual(status);
  });
});

describe("an example of the library", () => {
  it.each(["docs/library.md", "docs/profiles.md"])("in %s runs as printed", async (file) => {
    const { text } = markedBlock(file, "runs");
    const cwd = fileURLToPath(rootUrl("."));
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", text], {
      cwd,
    });
    expect(stdout).toBe(`${markedBlock(file, "prints").text}\n`);
  });
});
