/** Where a collection's objects go: S3, or a directory with the same keys. */

import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadS3 } from "../io/aws.ts";
import { makeDirectory } from "../io/directory.ts";
import { closeS3, openS3, s3Advice, s3ErrorName, s3Name } from "../io/s3.ts";
import type { Destination } from "./config.ts";
import { CollectionError } from "./errors.ts";
import { putObject } from "./put.ts";
import { StoreCauses } from "./store-causes.ts";
import { removeStrays, temporaryName } from "./temporary.ts";

/** Takes whole objects. */
export interface Sink {
  /**
   * Stores an object, or gives up when `signal` is aborted.
   *
   * @throws CollectionError `STORE_FAILED` when the object could not be stored; then none of it is visible.
   */
  put(key: string, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<void>;
  /** Removes an object, or gives up when `signal` is aborted. */
  remove(key: string, signal?: AbortSignal): Promise<void>;
  /** How a user names an object: a path, or an `s3://` name. */
  nameOf(key: string): string;
  close(): void;
}

/** What a sink writes with. Its errors are those of the SDK or the system. */
type Store = Sink & { adviceOf(error: unknown): string };

/** Writes with the AWS SDK, which reads its own environment variables and retries by itself. */
async function openBucket({ bucket, forcePathStyle }: Extract<Destination, { kind: "s3" }>): Promise<Store> {
  const client = await openS3({ forcePathStyle });
  const { DeleteObjectCommand } = await loadS3();
  return {
    adviceOf: s3Advice,
    nameOf: (key) => s3Name({ bucket, key }),
    put: (key, body, contentType, signal) =>
      putObject(client, { Bucket: bucket, Key: key, Body: body, ContentType: contentType }, signal),
    async remove(key, signal) {
      const options = signal === undefined ? {} : { abortSignal: signal };
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), options);
    },
    close: closeS3,
  };
}

const DIRECTORY_ADVICE: Readonly<Record<string, string>> = {
  EACCES: "let this user write there",
  EPERM: "let this user write there",
  EROFS: "the file system is read-only: choose another directory",
  ENOSPC: "make room on the disk",
  EDQUOT: "make room on the disk, or have the quota raised",
  ENAMETOOLONG: "the path is too long: choose a shorter prefix or directory",
  ENOTDIR: "a part of the path is a file: choose another directory",
  EEXIST: "a part of the path is a file: choose another directory",
};

/**
 * Writes files that appear whole or not at all: a temporary file beside them, synced, then renamed. They hold
 * personal data, so nobody but their owner may read them.
 */
function openDirectory({ path }: Extract<Destination, { kind: "directory" }>): Store {
  const nameOf = (key: string) => join(path, ...key.split("/"));
  return {
    adviceOf: (error) => DIRECTORY_ADVICE[s3ErrorName(error)] ?? "check the directory and the disk",
    nameOf,
    async put(key, body) {
      const file = nameOf(key);
      const temporary = join(dirname(file), temporaryName());
      try {
        await makeDirectory(dirname(file));
        await writeFile(temporary, body, { flag: "wx", mode: 0o600, flush: true });
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
    },
    remove: (key) => rm(nameOf(key)),
    close() {},
  };
}

/** A sink whose errors say what to do, and whether the run can go on. */
function explained(store: Store): Sink {
  const causes = new StoreCauses();
  return {
    ...store,
    async put(key, body, contentType, signal) {
      try {
        await store.put(key, body, contentType, signal);
      } catch (cause) {
        const isLate = signal?.aborted === true;
        const reason = isLate ? "TimeoutError" : s3ErrorName(cause);
        const advice = isLate ? "there was no time left to write it" : store.adviceOf(cause);
        throw new CollectionError(
          "STORE_FAILED",
          `${store.nameOf(key)} could not be written (${reason}): ${advice}.`,
          { cause, endsRun: causes.concernAll(reason, key) },
        );
      }
      causes.sawStored(key);
    },
  };
}

/**
 * Opens the place that objects go to. Temporary files that dead runs left in a directory are removed.
 *
 * @throws ConfigError when the AWS SDK has no region.
 */
export async function openSink(destination: Destination, now: number): Promise<Sink> {
  if (destination.kind === "s3") return explained(await openBucket(destination));
  await removeStrays(destination.path, now);
  return explained(openDirectory(destination));
}
