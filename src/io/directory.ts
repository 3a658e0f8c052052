/** Making directories. */

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./errors.ts";

/**
 * Makes a directory, and those above it, unless they are there. Node.js has an option for that, with which it never
 * ends where a directory says that there is nothing when something is to be made in it, as `/proc` does.
 *
 * @throws the system's error
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const above = dirname(path);
    if (errorCode(error) === "ENOENT" && above !== path) {
      await makeDirectory(above);
      await mkdir(path).catch((again: unknown) => refuseUnlessDirectory(path, again));
    } else await refuseUnlessDirectory(path, error);
  }
}

async function refuseUnlessDirectory(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
