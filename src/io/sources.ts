/** The inputs a user named, as sources of bytes: files, the pages below directories, standard input. */

import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { InputError, reason, UsageError } from "./errors.ts";

export interface Source {
  /** As the user would name it; `-` is standard input. */
  readonly name: string;
  /** Where it stands below the input it was found by: for output that mirrors the input. */
  readonly relativeName: string;
  /** When the source was last written: the collection time of what it holds, unless the user gives one. */
  readonly modified: string;
  open(): Readable;
}

const PAGE_FILE = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i;

async function pagesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(
    (error: unknown) => {
      throw new InputError(`${directory}: cannot be listed: ${reason(error)}`, { cause: error });
    },
  );
  const pages = entries.filter((entry) => !entry.isDirectory() && PAGE_FILE.test(entry.name));
  // Code-point order of the whole path: the same output on every machine.
  return pages.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function fileSource(name: string, relativeName: string, modified: Date): Source {
  return { name, relativeName, modified: modified.toISOString(), open: () => createReadStream(name) };
}

async function statOf(name: string) {
  try {
    return await stat(name);
  } catch (error) {
    throw new UsageError(`${name}: ${reason(error)}`, { cause: error });
  }
}

async function sourcesOf(name: string, stdin: Readable, now: Date): Promise<Source[]> {
  if (name === "-") {
    return [{ name, relativeName: "stdin", modified: now.toISOString(), open: () => stdin }];
  }
  const found = await statOf(name);
  if (!found.isDirectory()) return [fileSource(name, basename(name), found.mtime)];
  const pages = await pagesBelow(name);
  const sources = pages.map(async (page) => {
    const { mtime } = await stat(page).catch(() => found);
    return fileSource(page, page.slice(join(name, "/").length), mtime);
  });
  return Promise.all(sources);
}

/**
 * The sources that `inputs` name, in their order, a directory's in code-point order of their paths.
 *
 * @param without files that are no input although a directory holds them: the output itself
 * @throws UsageError when an input does not exist, or no input holds a page.
 */
export async function findSources(
  inputs: readonly string[],
  { stdin, now, without = [] }: { stdin: Readable; now: Date; without?: readonly string[] },
): Promise<Source[]> {
  if (inputs.filter((input) => input === "-").length > 1) {
    throw new UsageError("standard input (-) can be named only once");
  }
  const remote = inputs.find((input) => input.startsWith("s3://"));
  if (remote !== undefined) throw new UsageError(`${remote}: reading from S3 is not supported yet`);
  const left = new Set(await Promise.all(without.map((path) => realpath(path).catch(() => path))));
  const all = (await Promise.all(inputs.map((input) => sourcesOf(input, stdin, now)))).flat();
  const sources: Source[] = [];
  for (const source of all) {
    const path = left.size > 0 ? await realpath(source.name).catch(() => source.name) : source.name;
    if (!left.has(path)) sources.push(source);
    else if (inputs.includes(source.name)) throw new UsageError(`${source.name}: is both input and output`);
  }
  if (sources.length === 0) {
    throw new UsageError(
      `no pages found in ${inputs.join(", ")}: a directory is searched for *.json, *.ndjson and *.jsonl, plain or .gz`,
    );
  }
  return sources;
}
