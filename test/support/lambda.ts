/** Runs the Lambda bundle as Lambda does: its file in a process of its own. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll } from "vitest";
import { temporaryDirectoryForFile } from "./collector.ts";

const run = promisify(execFile);

// The event comes by standard input: it may be longer than an argument.
const INVOKE = `
  import { text } from "node:stream/consumers";
  const [file, name, ms] = process.argv.slice(1);
  const event = await text(process.stdin);
  const { [name]: handler } = await import(file);
  const end = Date.now() + Number(ms);
  const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => end - Date.now() };
  const outcome = await handler(JSON.parse(event), context).then(
    (result) => ({ result }),
    ({ name, message }) => ({ error: { name, message } }),
  );
  console.log(JSON.stringify({ outcome }));
`;

export interface Invoked {
  readonly outcome: { readonly result?: unknown; readonly error?: { name: string; message: string } };
  /** What was logged, parsed: each line must be JSON. */
  readonly logs: readonly Record<string, unknown>[];
  readonly output: string;
}

/** Bundles what is in dist into a directory. */
export const makeBundle = (directory: string) => run(process.execPath, ["scripts/bundle.mjs", directory]);

/** Makes the bundle for all tests of a file; `invoke` calls the handler of that name in it. */
export function bundle(name: "handler" | "mapHandler") {
  const directory = temporaryDirectoryForFile();
  const file = () => join(directory(), "lambda/index.mjs");
  beforeAll(() => makeBundle(directory()));

  async function invoke(env: Record<string, string>, event: unknown = {}, ms = 900_000): Promise<Invoked> {
    // Nothing is compiled at run time.
    const strict = "--disallow-code-generation-from-strings";
    const argv = [strict, "--input-type=module", "-e", INVOKE, file(), name, String(ms)];
    const ran = run(process.execPath, argv, {
      cwd: directory(),
      env: { ...env, AWS_LAMBDA_FUNCTION_NAME: "duo-udm", NODE_NO_WARNINGS: "1" },
    });
    ran.child.stdin?.end(JSON.stringify(event));
    const { stdout, stderr } = await ran;
    const lines: Record<string, unknown>[] = `${stderr}${stdout}`
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const { outcome }: { outcome: Invoked["outcome"] } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    return { outcome, logs: lines.slice(0, -1), output: stdout + stderr };
  }

  return { directory, file, invoke };
}
