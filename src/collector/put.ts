/** Writes an object to S3, and compares what S3 says it stored. */

import { createHash } from "node:crypto";
import type { PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { loadS3 } from "../io/aws.ts";

/** S3 says that it stored other bytes than those that were sent. */
class ChecksumMismatch extends Error {
  override readonly name = "ChecksumMismatch";
}

/**
 * Stores an object with its SHA-256, which S3 checks and most stores give back. Stores that refuse checksums get none
 * where `AWS_REQUEST_CHECKSUM_CALCULATION` is `WHEN_REQUIRED`.
 *
 * @throws the SDK's error, or one named `ChecksumMismatch`
 */
export async function putObject(
  client: S3Client,
  input: Omit<PutObjectCommandInput, "Body" | "ChecksumAlgorithm"> & { readonly Body: Uint8Array },
  signal?: AbortSignal,
): Promise<void> {
  const { PutObjectCommand } = await loadS3();
  const takesChecksum = (await client.config.requestChecksumCalculation()) !== "WHEN_REQUIRED";
  const command = new PutObjectCommand({ ...input, ...(takesChecksum && { ChecksumAlgorithm: "SHA256" }) });
  const { ChecksumSHA256: stored } = await client.send(
    command,
    signal === undefined ? {} : { abortSignal: signal },
  );
  const sent = createHash("sha256").update(input.Body).digest("base64");
  if (stored !== undefined && stored !== sent) throw new ChecksumMismatch("other bytes were stored");
}
