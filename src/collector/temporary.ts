/** Temporary files: those of this run, and those that a killed run left. */

import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const TEMPORARY = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** No write takes longer than this. */
const LONGEST_WRITE_MS = 3_600_000;

/** A file name that nobody can foresee, and that says that the file is not whole. */
export function temporaryName(): string {
  return `.${randomUUID()}.tmp`;
}

/** Removes the temporary files of dead runs below a directory. What cannot be read or removed stays. */
export async function removeStrays(directory: string, now: number): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !TEMPORARY.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const written = (await stat(file).catch(() => undefined))?.mtimeMs;
    if (written !== undefined && now - written > LONGEST_WRITE_MS)
      await rm(file, { force: true }).catch(() => {});
  }
}
