/** An S3 server on this machine, which the AWS SDK finds by its own environment variables. */

import http from "node:http";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import S3rver from "s3rver";
import { onTestFinished, vi } from "vitest";
import { closeS3 } from "../../src/io/s3.ts";
import { temporaryDirectory } from "./collector.ts";

export const BUCKET = "example-bucket";

export interface S3 {
  /** What a collector needs to write to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The writes as they came. */
  readonly puts: readonly { readonly key: string; readonly headers: http.IncomingHttpHeaders }[];
  /** All objects by key, in order. */
  objects(): Promise<Map<string, { readonly body: string; readonly type: string | undefined }>>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  /** For all else. Its requests, and those above, are neither counted nor failed. */
  readonly client: S3Client;
}

/** S3's errors. Source: its API reference, "Error responses". */
const ERRORS = {
  AccessDenied: { status: 403, message: "Access Denied" },
  NoSuchKey: { status: 404, message: "The specified key does not exist." },
  PreconditionFailed: {
    status: 412,
    message: "At least one of the pre-conditions you specified did not hold",
  },
  ConditionalRequestConflict: {
    status: 409,
    message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
  },
  SlowDown: { status: 503, message: "Please reduce your request rate." },
} as const;
export type S3ErrorCode = keyof typeof ERRORS;

function refuse(request: http.IncomingMessage, response: http.ServerResponse, code: S3ErrorCode): void {
  const { status, message } = ERRORS[code];
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  // The answer to HEAD has no body.
  request.resume();
  response.writeHead(status, { "content-type": "application/xml" }).end(request.method === "HEAD" ? "" : xml);
}

export interface S3Options {
  /** The first so many writes are answered with 503. */
  readonly failures?: number;
  /** Called before each request for an object; an error that it names is the answer. */
  readonly before?: (
    method: string,
    key: string,
  ) => S3ErrorCode | undefined | Promise<S3ErrorCode | undefined>;
  /** Sees every request first; true when it has answered it, or will. */
  readonly intercept?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
}

async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/**
 * Starts one. Credentials and endpoint stand in the process's environment until the test ends. Writes with a
 * condition, which s3rver does not know, are held against it here.
 */
export async function startS3({ failures = 0, before, intercept }: S3Options = {}): Promise<S3> {
  const s3rver = new S3rver({
    silent: true,
    directory: await temporaryDirectory(),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  await s3rver.configureBuckets();
  const serve = s3rver.callback();
  const puts: { key: string; headers: http.IncomingHttpHeaders }[] = [];
  const lastWrites = new Map<string, Promise<void>>();

  async function brokenCondition(
    headers: http.IncomingHttpHeaders,
    key: string,
  ): Promise<S3ErrorCode | undefined> {
    const { "if-match": match, "if-none-match": noneMatch } = headers;
    if (match === undefined && noneMatch === undefined) return undefined;
    const found = await client
      .send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))
      .catch(() => undefined);
    if (noneMatch !== undefined) return found && "PreconditionFailed";
    if (found === undefined) return "NoSuchKey";
    return found.ETag === match ? undefined : "PreconditionFailed";
  }

  async function write(key: string, request: http.IncomingMessage, response: http.ServerResponse) {
    const fault = await brokenCondition(request.headers, key);
    if (fault !== undefined) return refuse(request, response, fault);
    await new Promise<void>((resolve) => {
      response.once("close", resolve);
      serve(request, response);
    });
  }

  const server = http.createServer(async (request, response) => {
    if (intercept?.(request, response) === true) return;
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const key = decodeURIComponent(pathname.slice(`/${BUCKET}/`.length));
    const { method = "" } = request;
    const fault = key === "" ? undefined : await before?.(method, key);
    if (method === "PUT") puts.push({ key, headers: request.headers });
    if (fault !== undefined) return refuse(request, response, fault);
    if (method !== "PUT") return serve(request, response);
    if (puts.length <= failures) return refuse(request, response, "SlowDown");
    // The writes of a key go one by one, so that a condition holds until the write is done.
    const turn = (lastWrites.get(key) ?? Promise.resolve()).then(() => write(key, request, response));
    lastWrites.set(key, turn);
    return turn;
  });
  const env = {
    AWS_ENDPOINT_URL_S3: await listen(server),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  // The test's own requests go past all of the above.
  const client = new S3Client({ endpoint: await listen(http.createServer(serve)), forcePathStyle: true });
  onTestFinished(() => {
    client.destroy();
    closeS3();
    vi.unstubAllEnvs();
  });
  return {
    env: { ...env, S3_BUCKET: BUCKET, S3_FORCE_PATH_STYLE: "true" },
    puts,
    client,
    async objects() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      const objects = new Map<string, { body: string; type: string | undefined }>();
      for (const Key of Contents.map(({ Key: key = "" }) => key).sort()) {
        const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        objects.set(Key, { body: (await Body?.transformToString()) ?? "", type: ContentType });
      }
      return objects;
    },
    async put(Key, body) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(body) }));
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    },
  };
}
