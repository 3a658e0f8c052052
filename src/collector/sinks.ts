/** Where a collection's objects go: S3, or a directory with the same keys. */

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadS3 } from "../io/aws.ts";
import { closeS3, openS3, s3Advice, s3ErrorName, s3Name } from "../io/s3.ts";
import type { Target } from "./config.ts";
import { CollectionError } from "./errors.ts";

/** Takes whole objects. */
export interface Sink {
  /** @throws CollectionError `STORE_FAILED` when the object could not be stored; then none of it is visible. */
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
  close(): void;
}

/** Writes with the AWS SDK, which reads its own environment variables and retries by itself. */
async function openBucket({ bucket, forcePathStyle }: Extract<Target, { kind: "s3" }>): Promise<Sink> {
  const client = await openS3({ forcePathStyle });
  const { PutObjectCommand } = await loadS3();
  return {
    async put(key, body, contentType) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: contentType,
            ChecksumAlgorithm: "SHA256",
          }),
        );
      } catch (cause) {
        throw new CollectionError(
          "STORE_FAILED",
          `${s3Name({ bucket, key })} could not be written (${s3ErrorName(cause)}): ${s3Advice(cause)}.`,
          { cause },
        );
      }
    },
    close: closeS3,
  };
}

/** Writes files that appear whole or not at all: a temporary file beside them, synced, then renamed. */
function openDirectory({ path }: Extract<Target, { kind: "directory" }>): Sink {
  return {
    async put(key, body) {
      const file = join(path, ...key.split("/"));
      const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(temporary, body, { flag: "wx", flush: true });
        await rename(temporary, file);
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => {});
        throw new CollectionError(
          "STORE_FAILED",
          `${file} could not be written (${s3ErrorName(cause)}): check the directory, its permissions and the disk.`,
          { cause },
        );
      }
    },
    close() {},
  };
}

/** @throws ConfigError when the AWS SDK has no region. */
export async function openSink(target: Target): Promise<Sink> {
  return target.kind === "s3" ? openBucket(target) : openDirectory(target);
}
