/** Invokes the Lambda functions: from source in this process, or from the bundle as Lambda does, in one of its own. */

import { execFile } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, onTestFinished, vi } from "vitest";
import { handler, mapHandler } from "../../src/lambda/index.ts";
import { simulator, temporaryDirectoryForFile } from "./collector.ts";
import { type S3Options, startS3 } from "./s3.ts";
import { INSTANCE, secops } from "./secops.ts";

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

const HANDLERS = { handler, mapHandler };
type HandlerName = keyof typeof HANDLERS;

interface Outcome {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

export interface Invoked {
  readonly outcome: Outcome;
  /** What was logged, parsed: each line must be JSON. */
  readonly logs: readonly Record<string, unknown>[];
  readonly output: string;
}

type Invoke = (env: Record<string, string>, event?: unknown, ms?: number) => Promise<Invoked>;
type InvokeHere = (
  env: Record<string, string>,
  event?: unknown,
  left?: number | (() => number),
) => Promise<Invoked>;

const MS = 900_000;

const OF_THE_RUNTIME = {
  AWS_LAMBDA_FUNCTION_NAME: "duo-udm",
  // The SDK tells every process that runs Node 20 to upgrade.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

const parsed = (lines: string): Record<string, unknown>[] =>
  lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** Calls a handler of the source with nothing but `env` in its environment. */
export function invoking(name: HandlerName): InvokeHere {
  return async (env, event = {}, left = MS) => {
    const { env: outer } = process;
    const written: string[] = [];
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        written.push(String(chunk));
        return true;
      }),
    );
    process.env = { ...env, ...OF_THE_RUNTIME };
    try {
      const end = typeof left === "number" ? Date.now() + left : 0;
      const getRemainingTimeInMillis = typeof left === "number" ? () => end - Date.now() : left;
      const context = { awsRequestId: "request-1", getRemainingTimeInMillis };
      const outcome = await HANDLERS[name](event, context).then(
        (result): Outcome => ({ result }),
        (error: Error): Outcome => ({ error: { name: error.name, message: error.message } }),
      );
      const output = written.join("");
      return { outcome, logs: parsed(output), output };
    } finally {
      process.env = outer;
      for (const stream of streams) stream.mockRestore();
    }
  };
}

/** Bundles what is in dist into a directory. */
export const makeBundle = (directory: string) => run(process.execPath, ["scripts/bundle.mjs", directory]);

/** Makes the bundle for all tests of a file; what `invoking` returns calls the handler of that name in it. */
export function bundle() {
  const directory = temporaryDirectoryForFile();
  const file = () => join(directory(), "lambda/index.mjs");
  beforeAll(() => makeBundle(directory()));

  const invoking =
    (name: HandlerName): Invoke =>
    async (env, event = {}, ms = MS) => {
      // Nothing is compiled at run time.
      const strict = "--disallow-code-generation-from-strings";
      const argv = [strict, "--input-type=module", "-e", INVOKE, file(), name, String(ms)];
      const ran = run(process.execPath, argv, {
        cwd: directory(),
        env: { ...env, ...OF_THE_RUNTIME },
      });
      ran.child.stdin?.end(JSON.stringify(event));
      const { stdout, stderr } = await ran;
      const { outcome }: { outcome: Outcome } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      return { outcome, logs: parsed(stderr + stdout).slice(0, -1), output: stdout + stderr };
    };

  return { directory, file, invoking };
}

/** Starts Secrets Manager with one secret, and gives the environment that leads there. */
export async function startSecretsManager(SecretString: string): Promise<Record<string, string>> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { SecretId }: { SecretId: string } = JSON.parse(Buffer.concat(chunks).toString());
      const isKnown = SecretId === "duo/skey";
      response.writeHead(isKnown ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(isKnown ? { SecretString } : { __type: "ResourceNotFoundException" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
  };
}

const AWS_IDENTITY = {
  type: "external_account",
  audience:
    "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/pool/providers/provider",
  subject_token_type: "urn:ietf:params:aws:token-type:aws4_request",
  credential_source: {
    environment_id: "aws1",
    regional_cred_verification_url:
      "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
  },
};

/** Starts Duo, S3 and SecOps, and gives the environment that imports from one by way of the next. */
export async function startImport(options: Parameters<typeof secops>[0] = {}, s3Options: S3Options = {}) {
  const sent: unknown[] = [];
  const siem = await secops({ onImport: (entities) => sent.push(...entities), ...options });
  const s3 = await startS3(s3Options);
  const duo = await simulator({ users: 40 });
  const env = {
    ...duo.env,
    ...s3.env,
    SECOPS_API_URL: siem.url,
    IMPORT_CREDENTIALS: JSON.stringify({ ...AWS_IDENTITY, token_url: `${siem.url}/v1/token` }),
    IMPORT_INSTANCE: INSTANCE,
  };
  return { env, s3, sent, siem };
}
