/** Accepts only answers that S3 gives: a sign-in page or another server may answer in its place. */

import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";

/** The answer is not S3's. */
class NotAnS3Answer extends Error {
  override readonly name = "NotAnS3Answer";
}

/** Answers to these have headers that name what was stored. */
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

/** Whether a status is that of an error which passes, as a gateway's. */
const isPassing = (status: number) => status === 429 || (status >= 500 && status !== 511);

/** The first bytes of a body as text. The whole of it can still be read afterwards. */
async function beginningOf(response: Response): Promise<string> {
  const { body } = response;
  if (!(body instanceof Readable)) return "";
  const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  async function* all(): AsyncGenerator<unknown> {
    if (first.done === true) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  response.body = Readable.from(all());
  return first.done === true ? "" : String(first.value);
}

const HTML = /^<(?:!doctype )?html\b/i;

/** Whether an answer is not S3's: that is XML or nothing, but for an object. */
async function isForeign(command: string | undefined, response: Response): Promise<boolean> {
  const { statusCode: status, headers } = response;
  // An object may be anything.
  if (command === "HeadObjectCommand" || (command === "GetObjectCommand" && status < 300)) return false;
  const beginning = (await beginningOf(response)).trimStart();
  const isHtml = /html/i.test(headers["content-type"] ?? "") || HTML.test(beginning);
  const hasName = headers["etag"] !== undefined || headers["x-amz-checksum-sha256"] !== undefined;
  const isStored = hasName && status < 300 && WRITES.has(command);
  const isRedirect = status >= 300 && status < 400 && headers["x-amz-request-id"] === undefined;
  if (beginning === "") return isRedirect || (isHtml && status !== 204 && !isStored);
  return isHtml || !(isStored || beginning.startsWith("<"));
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
        if (!isResponse(response) || !(await isForeign(commandName, response))) return result;
        if (response.body instanceof Readable) response.body.resume().on("error", () => {});
        if (!isPassing(response.statusCode)) throw new NotAnS3Answer("not S3's answer");
        response.body = Readable.from([]);
        return result;
      },
    { step: "deserialize", priority: "low", name: "refuseForeignAnswers" },
  );
}
