/** Where a collection's objects go: S3, or a directory with the same keys. */

import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadS3 } from "../io/aws.ts";
import { isCertificateCode } from "../io/http.ts";
import { closeS3, openS3, s3Advice, s3ErrorName, s3Name } from "../io/s3.ts";
import type { Destination } from "./config.ts";
import { CollectionError } from "./errors.ts";
import { putObject } from "./put.ts";
import { removeStrays, temporaryName } from "./temporary.ts";

/** Takes whole objects. */
export interface Sink {
  /**
   * Stores an object, or gives up when `signal` is aborted.
   *
   * @throws CollectionError `STORE_FAILED` when the object could not be stored; then none of it is visible.
   */
  put(key: string, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<void>;
  /** Removes an object. */
  remove(key: string): Promise<void>;
  /** How a user names an object: a path, or an `s3://` name. */
  nameOf(key: string): string;
  close(): void;
}

/** Errors that no other object would be spared. */
const STORE_WIDE = new Set([
  "NoSuchBucket",
  "PermanentRedirect",
  "CredentialsProviderError",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "ExpiredToken",
  "TimeoutError",
  "ECONNREFUSED",
  "ENOTFOUND",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "NotAnS3Answer",
  "ENOSPC",
  "EROFS",
]);

function storeError(name: string, reason: string, advice: string, cause?: unknown): CollectionError {
  const endsRun = STORE_WIDE.has(reason) || isCertificateCode(reason);
  return new CollectionError("STORE_FAILED", `${name} could not be written (${reason}): ${advice}.`, {
    cause,
    endsRun,
  });
}

/** Writes with the AWS SDK, which reads its own environment variables and retries by itself. */
async function openBucket({ bucket, forcePathStyle }: Extract<Destination, { kind: "s3" }>): Promise<Sink> {
  const client = await openS3({ forcePathStyle });
  const { DeleteObjectCommand } = await loadS3();
  const nameOf = (key: string) => s3Name({ bucket, key });
  return {
    nameOf,
    async put(key, body, contentType, signal) {
      try {
        await putObject(client, { Bucket: bucket, Key: key, Body: body, ContentType: contentType }, signal);
      } catch (cause) {
        const isLate = signal?.aborted === true;
        const advice = isLate ? "there was no time left to write it" : s3Advice(cause);
        throw storeError(nameOf(key), isLate ? "TimeoutError" : s3ErrorName(cause), advice, cause);
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    close: closeS3,
  };
}

/**
 * Writes files that appear whole or not at all: a temporary file beside them, synced, then renamed. They hold
 * personal data, so nobody but their owner may read them.
 */
function openDirectory({ path }: Extract<Destination, { kind: "directory" }>): Sink {
  const nameOf = (key: string) => join(path, ...key.split("/"));
  return {
    nameOf,
    async put(key, body) {
      const file = nameOf(key);
      const temporary = join(dirname(file), temporaryName());
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(temporary, body, { flag: "wx", mode: 0o600, flush: true });
        await rename(temporary, file);
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => {});
        throw storeError(
          file,
          s3ErrorName(cause),
          "check the directory, its permissions and the disk",
          cause,
        );
      }
    },
    remove: (key) => rm(nameOf(key)),
    close() {},
  };
}

/**
 * Opens the place that objects go to. Temporary files that dead runs left in a directory are removed.
 *
 * @throws ConfigError when the AWS SDK has no region.
 */
export async function openSink(destination: Destination, now: number): Promise<Sink> {
  if (destination.kind === "s3") return openBucket(destination);
  await removeStrays(destination.path, now);
  return openDirectory(destination);
}
