/** The inputs a user named, as sources of bytes: files, the pages below directories, standard input. */

import { createReadStream, type Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Readable } from "node:stream";
import { InputError, reason, UsageError } from "./errors.ts";

export interface Source {
  /** As the user would name it; `-` is standard input. */
  readonly name: string;
  /** Where it stands below the input it was found by: for output that mirrors the input. */
  readonly relativeName: string;
  /** When the source was last written: the collection time of what it holds, unless the user gives one. */
  readonly modified: string;
  /** Which file it is, for a file. */
  readonly identity?: FileIdentity;
  open(): Readable;
}

/** What tells one file from all others, whatever it is called. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
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

function fileSource(name: string, relativeName: string, { mtime, dev, ino }: Stats): Source {
  const modified = mtime.toISOString();
  return { name, relativeName, modified, identity: { dev, ino }, open: () => createReadStream(name) };
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
  if (!found.isDirectory()) return [fileSource(name, basename(name), found)];
  const pages = await pagesBelow(name);
  const sources = pages.map(async (page) => {
    // A page that cannot be asked (a dangling link) is reported when it is read.
    return fileSource(page, relative(name, page), await stat(page).catch(() => found));
  });
  return Promise.all(sources);
}

/**
 * The sources that `inputs` name, in their order, a directory's in code-point order of their paths.
 *
 * @param outputs the files that the command writes: they are no input although a directory holds them
 * @throws UsageError when an input does not exist or is an output too, or no input holds a page.
 */
export async function findSources(
  inputs: readonly string[],
  {
    stdin,
    now,
    outputs = [],
  }: { stdin: Readable; now: Date; outputs?: readonly (FileIdentity | undefined)[] },
): Promise<Source[]> {
  if (inputs.filter((input) => input === "-").length > 1) {
    throw new UsageError("standard input (-) can be named only once");
  }
  const remote = inputs.find((input) => input.startsWith("s3://"));
  if (remote !== undefined) throw new UsageError(`${remote}: reading from S3 is not supported yet`);
  const sources: Source[] = [];
  for (const input of inputs) {
    for (const source of await sourcesOf(input, stdin, now)) {
      const { identity } = source;
      const isOutput = outputs.some(
        (output) => identity !== undefined && output?.dev === identity.dev && output.ino === identity.ino,
      );
      if (!isOutput) sources.push(source);
      else if (source.name === input) throw new UsageError(`${input}: is both input and output`);
    }
  }
  if (sources.length === 0) {
    throw new UsageError(
      `no pages found in ${inputs.join(", ")}: a directory is searched for *.json, *.ndjson and *.jsonl, plain or .gz`,
    );
  }
  return sources;
}
