/** The file of rejected entities: one per line, with what preflight says of it. */

import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import stringify from "fast-json-stable-stringify";
import { makeDirectory } from "../io/directory.ts";
import { ConfigError, errorCode, OutputError, reason } from "../io/errors.ts";
import { jsonOf } from "../text/json.ts";
import type { ImportItem } from "./import.ts";

function lineOf({ entity, index, issues, source }: ImportItem): string {
  // What is nested too deep to be sent is too deep to be written.
  const written = jsonOf(entity) === undefined ? null : entity;
  return `${stringify({ entity: written, index, issues, source })}\n`;
}

/** Takes rejected entities as they come, after those of earlier runs. */
export class RejectedFile {
  readonly #path: string;
  readonly #file: number;
  /** A pipe has no positions to write at. */
  readonly #isFile: boolean;
  #bytes: number;

  private constructor(path: string, file: number, isFile: boolean, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#isFile = isFile;
    this.#bytes = bytes;
  }

  /**
   * Opens the file, and cuts off what the state does not know.
   *
   * @param bytes its length by the state; 0 for a new file
   * @throws ConfigError when it is shorter. @throws OutputError when it cannot be written.
   */
  static async open(path: string, bytes: number): Promise<RejectedFile> {
    try {
      await makeDirectory(dirname(path));
      const file = openSync(path, bytes === 0 ? "w" : "r+", 0o600);
      const stats = fstatSync(file);
      if (stats.isFile() && stats.size < bytes) {
        throw new ConfigError(
          `${path}: is not the file that earlier runs wrote to; give the same --rejected as then, or remove the state`,
        );
      }
      if (stats.isFile()) ftruncateSync(file, bytes);
      return new RejectedFile(path, file, stats.isFile(), bytes);
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      if (bytes > 0 && errorCode(error) === "ENOENT") {
        throw new ConfigError(
          `${path}: is gone, but earlier runs wrote to it; give the same --rejected as then, or remove the state`,
        );
      }
      throw new OutputError(`${path}: cannot be written: ${reason(error)}`, { cause: error });
    }
  }

  /** @returns the file's length. @throws OutputError */
  add(items: readonly ImportItem[]): number {
    const data = Buffer.from(items.map(lineOf).join(""));
    try {
      for (let at = 0; at < data.length; ) {
        const position = this.#isFile ? this.#bytes + at : null;
        at += writeSync(this.#file, data, at, data.length - at, position);
      }
    } catch (error) {
      throw new OutputError(`${this.#path}: cannot be written: ${reason(error)}`, { cause: error });
    }
    this.#bytes += data.length;
    return this.#bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}
