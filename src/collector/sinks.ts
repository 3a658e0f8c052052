/** Where a collection's objects go: S3, or a directory with the same keys. */

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Target } from "./config.ts";
import { CollectionError, ConfigError } from "./errors.ts";

/** Takes whole objects. */
export interface Sink {
  /** @throws CollectionError `STORE_FAILED` when the object could not be stored; then none of it is visible. */
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
  close(): void;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

const S3_ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: "allow s3:PutObject on this key's prefix",
  NoSuchBucket: "create the bucket, or correct its name",
  PermanentRedirect: "set AWS_REGION to the bucket's region",
  CredentialsProviderError: "give AWS credentials, as for any AWS tool",
};

/** Writes with the AWS SDK, which reads its own environment variables and retries by itself. */
async function openS3({ bucket, forcePathStyle }: Extract<Target, { kind: "s3" }>): Promise<Sink> {
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ forcePathStyle });
  try {
    await client.config.region();
  } catch {
    throw new ConfigError(["AWS_REGION is not set: give the bucket's region."]);
  }
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
        const name = nameOf(cause);
        const advice = S3_ADVICE[name] ?? "check the bucket, the credentials and the network";
        throw new CollectionError(
          "STORE_FAILED",
          `s3://${bucket}/${key} could not be written (${name}): ${advice}.`,
          { cause },
        );
      }
    },
    close: () => client.destroy(),
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
          `${file} could not be written (${nameOf(cause)}): check the directory, its permissions and the disk.`,
          { cause },
        );
      }
    },
    close() {},
  };
}

/** @throws ConfigError when the AWS SDK has no region. */
export async function openSink(target: Target): Promise<Sink> {
  return target.kind === "s3" ? openS3(target) : openDirectory(target);
}
