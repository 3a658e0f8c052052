/** Where bytes go: a stream, or a file that appears whole or not at all. */

import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { ClosedPipe, errorCode, OutputError, reason } from "./errors.ts";

export interface Output {
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

/** Temporary files that a signal would leave behind. */
export const unfinished = new Set<string>();

/**
 * Writes beside `path` under a temporary name and renames on commit; parent directories are made. What is no
 * regular file (`/dev/stdout`, a named pipe) is written as it is.
 */
export async function fileOutput(path: string): Promise<Output> {
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
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  await attempt(() => mkdir(dirname(target), { recursive: true }));
  const file = await attempt(() => open(temporary, "w"));
  unfinished.add(temporary);
  return {
    write: (data) => attempt(() => file.writeFile(data)),
    commit: () =>
      attempt(async () => {
        await file.sync();
        await file.close();
        await rename(temporary, target);
        unfinished.delete(temporary);
      }),
    discard: async () => {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
      unfinished.delete(temporary);
    },
  };
}
