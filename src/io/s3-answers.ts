/** Accepts only answers that S3 gives: a sign-in page or another server may answer in its place. */

import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";

/** The answer is not S3's. */
class NotAnS3Answer extends Error {
  override readonly name = "NotAnS3Answer";
}

/** Answers to these have no body, and headers that name what was stored. */
const WRITES: ReadonlySet<string | undefined> = new Set(["PutObjectCommand", "UploadPartCommand"]);

/** An answer as the SDK hands it to a middleware. */
interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body?: unknown;
}

function isResponse(response: unknown): response is Response {
  return (
    typeof response === "object" && response !== null && "statusCode" in response && "headers" in response
  );
}

/** Whether a status is that of a gateway's error, which passes. */
const isPassing = (status: number) => status >= 500 && status !== 511;

function isForeign(command: string | undefined, { statusCode: status, headers }: Response): boolean {
  const isHtml = /html/i.test(headers["content-type"] ?? "");
  // An object may be HTML.
  if (command === "HeadObjectCommand" || (command === "GetObjectCommand" && status < 300)) return false;
  if (status >= 300 || !WRITES.has(command)) return isHtml;
  const isNamed = headers["etag"] !== undefined || headers["x-amz-checksum-sha256"] !== undefined;
  return !isNamed && (isHtml || Number(headers["content-length"] ?? 0) > 0);
}

/**
 * Makes every request of `client` fail with an error named `NotAnS3Answer` when the answer is not S3's. That of a
 * gateway is an error without a body to the SDK, which sends the request again.
 */
export function refuseForeignAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const { response } = result;
        if (!isResponse(response) || !isForeign(commandName, response)) return result;
        if (response.body instanceof Readable) response.body.resume();
        if (!isPassing(response.statusCode)) throw new NotAnS3Answer("not S3's answer");
        response.body = Readable.from([]);
        return result;
      },
    { step: "deserialize", priority: "low", name: "refuseForeignAnswers" },
  );
}
