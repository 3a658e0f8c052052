/** Accepts only answers that S3 gives: a sign-in page or another server may answer in its place. */

import type { S3Client } from "@aws-sdk/client-s3";

/** The answer says that all is well, and is not S3's. */
class NotAnS3Answer extends Error {
  override readonly name = "NotAnS3Answer";
}

/** Answers to these have no body, and headers that name what was stored. */
const WRITES: ReadonlySet<string | undefined> = new Set(["PutObjectCommand", "UploadPartCommand"]);

/** The status and the headers of an answer, as the SDK hands it to a middleware. */
function partsOf(response: unknown): { status: number; headers: ReadonlyMap<string, unknown> } {
  const { statusCode, headers }: { statusCode?: unknown; headers?: unknown } = Object(response);
  return { status: Number(statusCode), headers: new Map(Object.entries(Object(headers))) };
}

function isForeign(command: string | undefined, response: unknown): boolean {
  const { status, headers } = partsOf(response);
  const isHtml = /html/i.test(String(headers.get("content-type")));
  // An object may be HTML, and the answer to a request that failed may be anything.
  if (status >= 300 || command === "GetObjectCommand") return false;
  if (!WRITES.has(command)) return isHtml && command !== "HeadObjectCommand";
  const isNamed = headers.has("etag") || headers.has("x-amz-checksum-sha256");
  const hasBody = isHtml || Number(headers.get("content-length") ?? 0) > 0;
  return hasBody && !isNamed;
}

/** Makes every request of `client` fail with an error named `NotAnS3Answer` when the answer is not S3's. */
export function refuseForeignAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        if (isForeign(commandName, result.response)) throw new NotAnS3Answer("not S3's answer");
        return result;
      },
    { step: "deserialize", priority: "low", name: "refuseForeignAnswers" },
  );
}
