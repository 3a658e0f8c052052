/** Packages that not every installation has: loaded when something needs them, named when they are missing. */

import { ConfigError, errorCode } from "./errors.ts";

const MISSING: ReadonlySet<unknown> = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/** Whether a package, or one that it depends on, is not installed. */
export function isMissing(error: unknown): boolean {
  return MISSING.has(errorCode(error));
}

/**
 * Loads an optional package.
 *
 * @param purpose what needs it: "reading or writing s3://"
 * @throws ConfigError that says what needs which package and how to install it.
 */
export async function optional<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new ConfigError(`${purpose} needs ${name}, which is not installed: npm install ${name}`, { cause });
  }
}
