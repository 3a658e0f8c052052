import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { built, captured } from "../support/cli.ts";
import { rootUrl } from "../support/files.ts";
import { blocksOf, DOCUMENTS, markedBlock } from "../support/markdown.ts";
import { duoUdmCommands } from "../support/shell.ts";

const folder = mkdtempSync(join(tmpdir(), "duo-udm-as-printed-"));
const bin = mkdtempSync(join(tmpdir(), "duo-udm-bin-"));

/** Runs a script as a reader would, with `duo-udm` on the path; the status is that of the first command that fails. */
function shell(script: string): Promise<unknown> {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  return promisify(execFile)("bash", ["-eo", "pipefail", "-c", script], { cwd: folder, env }).then(
    () => 0,
    (error: { code?: unknown }) => error.code ?? error,
  );
}

/** A line that is a command and its comment, with nothing that only a shell knows. */
const PLAIN = /^duo-udm( [\w./%=,-]+)+ *(#.*)?$/;

/** Runs the built commands of plain lines in this process: most of the time of such a command is its start. */
async function inProcess(script: string): Promise<number> {
  const { run } = await built<typeof import("../../src/cli/run.ts")>("cli/run.js");
  const before = process.cwd();
  process.chdir(folder);
  try {
    for (const { argv } of duoUdmCommands(script)) {
      const { status } = await captured((io) => run(argv, io));
      if (status !== 0) return status;
    }
    return 0;
  } finally {
    process.chdir(before);
  }
}

const isPlain = (script: string): boolean => script.split("\n").every((line) => PLAIN.test(line));

beforeAll(async () => {
  const main = fileURLToPath(rootUrl("dist/cli/main.js"));
  writeFileSync(join(bin, "duo-udm"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(join(bin, "duo-udm"), 0o755);
  expect(await shell("duo-udm demo --users 20")).toBe(0);
});

afterAll(() => {
  for (const made of [folder, bin]) rmSync(made, { recursive: true, force: true });
});

/**
 * The status that a block ends with, by the comment before it. A block with any other comment (`needs Duo`) needs what a
 * test does not have.
 */
const STATUSES = new Map([
  ["", 0],
  ["example", 0],
  ["ends with status 1", 1],
]);
const runnable = DOCUMENTS.flatMap(blocksOf).filter(
  ({ language, mark, text }) => language === "sh" && STATUSES.has(mark) && duoUdmCommands(text).length > 0,
);

describe("a shell block of the documentation", () => {
  it.each(
    runnable.map(({ file, line, text, mark }) => [`${file}:${line}`, text, STATUSES.get(mark)] as const),
  )("runs as printed: %s", async (_, text, status) => {
    expect(await (isPlain(text) ? inProcess(text) : shell(text))).toBe(status);
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
