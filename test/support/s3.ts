/** An S3 server on this machine, which the AWS SDK finds by its own environment variables. */

import http from "node:http";
import { onTestFinished, vi } from "vitest";
import { closeS3 } from "../../src/io/s3.ts";
import {
  BUCKET,
  type Bucket,
  inOrder,
  refuse,
  type S3ErrorCode,
  serveBucket,
  storedObject,
} from "./bucket.ts";
import { repeatAtOnce } from "./retries.ts";

export { BUCKET, refuse, type S3ErrorCode } from "./bucket.ts";

export interface S3 {
  /** What a collector needs to write to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The writes in the order in which they came. */
  readonly puts: readonly { readonly key: string; readonly headers: http.IncomingHttpHeaders }[];
  /** What is stored. */
  readonly bucket: Bucket;
  /** All objects by key, in order. */
  objects(): Map<string, { readonly body: string; readonly type: string | undefined }>;
  /** Stores an object without a request. */
  put(key: string, body: string | Uint8Array): void;
}

export interface S3Options {
  /** How many writes, from the first on, are answered with 503. */
  readonly failures?: number;
  /** How many keys a listing has at a time. */
  readonly mostKeys?: number;
  /** Called before each request for an object; an error that it names is the answer. */
  readonly before?: (
    method: string,
    key: string,
  ) => S3ErrorCode | undefined | Promise<S3ErrorCode | undefined>;
  /** Sees every request first; true when it has answered it, or will. */
  readonly intercept?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
}

/** Starts the server. Credentials and endpoint are in the process's environment until the test ends. */
export async function startS3({
  failures = 0,
  mostKeys = 1_000,
  before,
  intercept,
}: S3Options = {}): Promise<S3> {
  const bucket: Bucket = { objects: new Map(), uploads: new Map() };
  const puts: { key: string; headers: http.IncomingHttpHeaders }[] = [];
  const server = http.createServer(async (request, response) => {
    if (intercept?.(request, response) === true) return;
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const key = decodeURIComponent(pathname.slice(`/${BUCKET}/`.length));
    const { method = "" } = request;
    const fault = key === "" ? undefined : await before?.(method, key);
    if (method === "PUT") puts.push({ key, headers: request.headers });
    if (fault !== undefined) return refuse(response, fault);
    if (method === "PUT" && puts.length <= failures) return refuse(response, "SlowDown");
    await serveBucket(bucket, request, response, mostKeys);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "EXAMPLE-KEY",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  repeatAtOnce();
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    closeS3();
    vi.unstubAllEnvs();
  });
  return {
    env: { ...env, S3_BUCKET: BUCKET, S3_FORCE_PATH_STYLE: "true" },
    puts,
    bucket,
    objects: () =>
      new Map(
        inOrder(bucket).map(([key, { body, headers }]) => [
          key,
          { body: body.toString(), type: headers["content-type"] },
        ]),
      ),
    put: (key, body) => void bucket.objects.set(key, storedObject(Buffer.from(body))),
  };
}
