/** An S3 server on this machine, which the AWS SDK finds by its own environment variables. */

import http from "node:http";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import S3rver from "s3rver";
import { onTestFinished, vi } from "vitest";
import { temporaryDirectory } from "./collector.ts";

export const BUCKET = "example-bucket";

export interface S3 {
  /** What a collector needs to write to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The writes as they came. */
  readonly puts: readonly { readonly key: string; readonly headers: http.IncomingHttpHeaders }[];
  /** All objects by key, in order. */
  objects(): Promise<Map<string, { readonly body: string; readonly type: string | undefined }>>;
}

export interface S3Options {
  /** The first so many writes are answered with 503. */
  readonly failures?: number;
  /** Sees every request first; true when it has answered it, or will. It may change the request. */
  readonly intercept?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
}

/** Starts one. Credentials and endpoint stand in the process's environment until the test ends. */
export async function startS3({ failures = 0, intercept = () => false }: S3Options = {}): Promise<S3> {
  const s3rver = new S3rver({
    silent: true,
    directory: await temporaryDirectory(),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  await s3rver.configureBuckets();
  const serve = s3rver.callback();
  const puts: { key: string; headers: http.IncomingHttpHeaders }[] = [];
  const server = http.createServer((request, response) => {
    if (intercept(request, response)) return;
    if (request.method !== "PUT") return serve(request, response);
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    puts.push({ key: pathname.slice(`/${BUCKET}/`.length), headers: request.headers });
    if (puts.length > failures) return serve(request, response);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const client = new S3Client({ forcePathStyle: true });
  onTestFinished(() => {
    client.destroy();
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  return {
    env: { ...env, S3_BUCKET: BUCKET, S3_FORCE_PATH_STYLE: "true" },
    puts,
    async objects() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      const objects = new Map<string, { body: string; type: string | undefined }>();
      for (const Key of Contents.map(({ Key: key = "" }) => key).sort()) {
        const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        objects.set(Key, { body: (await Body?.transformToString()) ?? "", type: ContentType });
      }
      return objects;
    },
  };
}
