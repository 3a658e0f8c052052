/** Where the output of each source goes in a folder. */

import { join, resolve } from "node:path";
import { ConfigError, InputError } from "../io/errors.ts";
import { isS3 } from "../io/s3.ts";
import type { Source } from "../io/sources.ts";

/** The name of a file by the source's own name without its ending, and by that ending. */
export type NameOf = (stem: string, ending: string) => string;

const ENDING = /(\.(?:json|ndjson|jsonl))?(?:\.gz)?$/i;

export class FileNames {
  readonly #folder: string;
  readonly #nameOf: NameOf;
  readonly #taken = new Map<string, string>();

  constructor(folder: string, nameOf: NameOf) {
    this.#folder = folder;
    this.#nameOf = nameOf;
  }

  /** @throws InputError when another source has the name, or it leads out of the folder. */
  of({ name, relativeName }: Source): string {
    const ending = ENDING.exec(relativeName)?.[1] ?? "";
    const path = this.#nameOf(relativeName.replace(ENDING, ""), ending);
    const file = isS3(this.#folder) ? this.#folder + path : join(this.#folder, path);
    if (!isS3(file) && !resolve(file).startsWith(join(resolve(this.#folder), "/"))) {
      throw new InputError(`${name}: would be written outside of ${this.#folder}`);
    }
    const other = this.#taken.get(file);
    if (other !== undefined) throw new InputError(`${other} and ${name} would both be written to ${file}`);
    this.#taken.set(file, name);
    return file;
  }
}

/**
 * The names in a folder.
 *
 * @throws ConfigError when those of the sources that are known clash, before anything is written
 */
export function fileNames(sources: readonly Source[], folder: string, nameOf: NameOf): FileNames {
  const names = new FileNames(folder, nameOf);
  try {
    for (const source of sources) names.of(source);
  } catch (error) {
    throw error instanceof InputError ? new ConfigError(error.message) : error;
  }
  return new FileNames(folder, nameOf);
}
