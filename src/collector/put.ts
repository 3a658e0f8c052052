/** Writes an object to S3, and accepts only an answer that S3 gives. */

import { createHash } from "node:crypto";
import type { PutObjectCommandInput, PutObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { loadS3 } from "../io/aws.ts";

/** An answer that says the object was stored, and cannot be trusted. */
class StoreAnswerError extends Error {
  override readonly name: "ChecksumMismatch" | "NotAnS3Answer";

  constructor(name: StoreAnswerError["name"]) {
    super(name);
    this.name = name;
  }
}

/** Whether an HTTP answer, as the SDK hands it to a middleware, announces a body. */
function hasContent(response: unknown): boolean {
  if (typeof response !== "object" || response === null || !("headers" in response)) return false;
  const headers = new Map<string, unknown>(Object.entries(Object(response.headers)));
  return (
    Number(headers.get("content-length") ?? 0) > 0 || /html|json/i.test(String(headers.get("content-type")))
  );
}

function check(answer: PutObjectCommandOutput, sha256: string, hasBody: boolean): void {
  const { ChecksumSHA256: stored, ETag: tag } = answer;
  if (stored !== undefined && stored !== sha256) throw new StoreAnswerError("ChecksumMismatch");
  // S3 answers a write with headers alone; a sign-in page or another server's answer has a body.
  if (stored === undefined && tag === undefined && hasBody) throw new StoreAnswerError("NotAnS3Answer");
}

/**
 * Stores an object with its SHA-256, which S3 checks and most stores give back. Stores that refuse checksums get none
 * where `AWS_REQUEST_CHECKSUM_CALCULATION` is `WHEN_REQUIRED`.
 *
 * @throws the SDK's error, or one named `ChecksumMismatch` or `NotAnS3Answer`
 */
export async function putObject(
  client: S3Client,
  input: Omit<PutObjectCommandInput, "Body" | "ChecksumAlgorithm"> & { readonly Body: Uint8Array },
  signal?: AbortSignal,
): Promise<void> {
  const { PutObjectCommand } = await loadS3();
  const takesChecksum = (await client.config.requestChecksumCalculation()) !== "WHEN_REQUIRED";
  const command = new PutObjectCommand({ ...input, ...(takesChecksum && { ChecksumAlgorithm: "SHA256" }) });
  let hasBody = false;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      hasBody = hasContent(result.response);
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  check(answer, createHash("sha256").update(input.Body).digest("base64"), hasBody);
}
