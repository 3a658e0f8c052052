/** Where bytes go: a stream, or a file or an S3 object that appears whole or not at all. */

import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fsync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { promisify } from "node:util";
import { loadS3Upload } from "./aws.ts";
import { makeDirectory } from "./directory.ts";
import { ClosedPipe, ConfigError, errorCode, OutputError, reason } from "./errors.ts";
import { isS3, openS3, type S3Place, s3Name, s3Place, s3Reason } from "./s3.ts";

export interface Output {
  /** Once the promise resolves, the caller may use the memory of `data` again. */
  write(data: Uint8Array | string): Promise<void>;
  /** Everything is written: a file takes its name now. */
  commit(): Promise<void>;
  /** Something failed: a file leaves no trace. */
  discard(): Promise<void>;
}

function failure(error: unknown, name: string): Error {
  if (errorCode(error) === "EPIPE") return new ClosedPipe();
  return new OutputError(`${name}: cannot be written: ${reason(error)}`, { cause: error });
}

/** Writes to a stream such as standard output, no faster than its reader takes it. */
export function streamOutput(stream: Writable): Output {
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        stream.write(data, (error) => (error ? reject(failure(error, "standard output")) : resolve()));
      }),
    commit: async () => {},
    discard: async () => {},
  };
}

/** What removes the temporary files and the parts of objects that a signal would leave behind. */
export const unfinished = new Set<() => Promise<void> | void>();

/** What is written may hold personal data. A file that is written over keeps its mode. */
const OWNER_ONLY = 0o600;

/**
 * Writes beside `path` under a temporary name and renames on commit; parent directories are made. What is no
 * regular file (`/dev/stdout`, a named pipe) is written as it is.
 */
async function fileOutput(path: string): Promise<Output> {
  const attempt = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw failure(error, path);
    }
  };
  const existing = await stat(path).catch(() => undefined);
  if (existing !== undefined && !existing.isFile()) {
    const device = await attempt(() => open(path, "w"));
    const close = async (): Promise<void> => device.close();
    return { write: (data) => attempt(() => device.writeFile(data)), commit: close, discard: close };
  }

  const target = existing === undefined ? path : await realpath(path);
  // A name that nobody can foresee, so that nothing can be put there before.
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  await attempt(() => makeDirectory(dirname(target)));
  const remove = (): void => rmSync(temporary, { force: true });
  const file = await attempt(async () => {
    // Made and remembered in one turn, so that no signal comes in between.
    const opened = openSync(temporary, "wx", OWNER_ONLY);
    unfinished.add(remove);
    if (existing !== undefined) fchmodSync(opened, existing.mode);
    return opened;
  });
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    closeSync(file);
  };
  return {
    write: (data) => attempt(async () => writeFileSync(file, data)),
    commit: () =>
      attempt(async () => {
        await promisify(fsync)(file);
        close();
        renameSync(temporary, target);
        unfinished.delete(remove);
      }),
    discard: async () => {
      try {
        close();
      } catch {
        // The file is thrown away, so a failure at closing does not matter.
      }
      remove();
      unfinished.delete(remove);
    },
  };
}

/** Parts of a large object; S3 takes 10,000 of them, which is 160 GB. */
const PART_BYTES = 16 << 20;
const PARTS_AT_ONCE = 2;

const CONTENT_TYPES: readonly (readonly [ending: string, type: string])[] = [
  [".ndjson", "application/x-ndjson"],
  [".json", "application/json"],
  [".html", "text/html; charset=utf-8"],
];

/** Writes an object, in parts when it is large; it is there when it is whole. */
async function s3Output(place: S3Place): Promise<Output> {
  const client = await openS3(place);
  const { Upload } = await loadS3Upload();
  const { bucket, key } = place;
  const [, type] = CONTENT_TYPES.find(([ending]) => key.endsWith(ending)) ?? [];
  const body = new PassThrough();
  const upload = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: body, ...(type !== undefined && { ContentType: type }) },
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
  });
  const written = upload.done();
  const fault = (cause: unknown): Error =>
    new OutputError(`${s3Name(place)}: cannot be written: ${s3Reason(cause)}`, { cause });
  // A write is not called back once the upload has failed, so a waiting writer watches the upload too.
  const failed = new Promise<never>((_, reject) => {
    written.catch((error: unknown) => {
      reject(fault(error));
      body.destroy();
    });
  });
  failed.catch(() => {});
  body.on("error", () => {});
  const discard = async (): Promise<void> => {
    body.destroy(new Error("discarded"));
    await written.catch(() => {});
    unfinished.delete(discard);
  };
  unfinished.add(discard);
  return {
    write: (data) => {
      // The upload keeps what it is given; the writer may use its memory again.
      const kept = typeof data === "string" ? data : Buffer.from(data);
      const taken = new Promise<void>((resolve) => {
        body.write(kept, (error) => {
          if (!error) resolve();
        });
      });
      return Promise.race([taken, failed]);
    },
    commit: async () => {
      body.end();
      await written.catch((error: unknown) => {
        throw fault(error);
      });
      unfinished.delete(discard);
    },
    discard,
  };
}

/**
 * The one name of a place that is written to, whatever links lead to it; none for what is no regular file, which may
 * be written to more than once.
 */
export async function realPlaceOf(path: string): Promise<string | undefined> {
  if (isS3(path)) return path;
  const existing = await stat(path).catch(() => undefined);
  if (existing !== undefined) return existing.isFile() ? realpath(path) : undefined;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  return join(folder, basename(path));
}

/**
 * A file, or with `s3://bucket/key` an object, that appears whole or not at all.
 *
 * @throws ConfigError when an S3 name has no key. @throws OutputError when it cannot be written.
 */
export async function openOutput(path: string, forcePathStyle: boolean): Promise<Output> {
  if (!isS3(path)) return fileOutput(path);
  const place = s3Place(path, forcePathStyle);
  if (place.key === "" || place.key.endsWith("/")) throw new ConfigError(`${path}: must be s3://bucket/key`);
  return s3Output(place);
}

/** Writes a file or an object that appears whole or not at all. */
export async function writeWhole(
  path: string,
  data: Uint8Array | string,
  forcePathStyle: boolean,
): Promise<void> {
  const output = await openOutput(path, forcePathStyle);
  try {
    await output.write(data);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}
