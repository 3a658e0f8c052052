/**
 * The call or the configuration is wrong, and the user puts it right; the command ends with status 2. `faults` has
 * one line for each thing to put right.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof faults === "string" ? [faults] : faults;
    super(lines.join("\n"), options);
    this.faults = lines;
  }
}

/** An input could not be read. The command goes on with the others, and ends with status 3. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The output could not be written. The command ends with status 3. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** The reader of standard output has gone (`| head`): the command ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EEXIST: "a part of the path is not a directory",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only",
  EMFILE: "too many open files",
  EIO: "the device failed",
  ERR_STRING_TOO_LONG: "holds a document of over 512 MB, more than one JSON text can be; split it",
};

/** The system's error code, when `error` has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The reason for a failed read or write in words, without the path, which the caller names. */
export function reason(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined) return REASONS[code] ?? code;
  return error instanceof Error ? error.message : "unknown error";
}
