/** `map`: entities as NDJSON or as one JSON array. */

import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { InputError, UsageError } from "../io/errors.ts";
import { fileOutput, type Output, streamOutput } from "../io/output.ts";
import { findSources, type Source } from "../io/sources.ts";
import { type Io, Status } from "./io.ts";
import type { Mapping } from "./map-pool.ts";
import { type Chunk, type MapSourceOptions, mapSource } from "./map-source.ts";
import { Messages } from "./messages.ts";
import { addCounts, countsLine, emptyCounts } from "./tally.ts";

export interface MapOptions {
  readonly out?: string;
  readonly format: "ndjson" | "json";
  readonly collectedAt?: string;
  readonly issues?: string;
  readonly jobs?: number;
}

/** Below so many bytes of input, starting threads costs more than they save. */
const WORTH_THREADS = 16 << 20;

const OPEN = "[".charCodeAt(0);

/** Entities on their way out, as NDJSON or as a JSON array. */
class EntityOutput {
  readonly #output: Output;
  readonly #isArray: boolean;
  #isOpen = false;

  constructor(output: Output, format: MapOptions["format"]) {
    this.#output = output;
    this.#isArray = format === "json";
  }

  /** Elements of an array come with a comma before each; the first of all is written over by the bracket. */
  async add({ entities }: Chunk): Promise<void> {
    if (entities.length === 0) return;
    if (this.#isArray && !this.#isOpen) entities[0] = OPEN;
    this.#isOpen = true;
    await this.#output.write(entities);
  }

  async commit(): Promise<void> {
    if (this.#isArray) await this.#output.write(this.#isOpen ? "]\n" : "[]\n");
    await this.#output.commit();
  }

  discard(): Promise<void> {
    return this.#output.discard();
  }
}

/** How many jobs: what the user says, else one a core where the input is worth it; never more than inputs. */
function jobsFor({ jobs }: MapOptions, sources: readonly Source[]): number {
  const bytes = sources.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
  const wanted = jobs ?? (bytes < WORTH_THREADS ? 1 : availableParallelism());
  // Standard input belongs to this thread.
  return sources.some(({ name }) => name === "-") ? 1 : Math.min(wanted, sources.length);
}

async function* mapHere(sources: readonly Source[], options: MapSourceOptions): AsyncGenerator<Mapping> {
  for (const source of sources) yield { source, chunks: mapSource(source, options) };
}

async function isDirectory(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

function isBelow(directory: string, file: string): boolean {
  return resolve(file).startsWith(join(resolve(directory), "/"));
}

/** Where each source's entities go in a directory: the source's own name, with the output's ending. */
function filesIn(directory: string, sources: readonly Source[], format: string): Map<Source, string> {
  const files = new Map<Source, string>();
  const taken = new Map<string, Source>();
  for (const source of sources) {
    const stem = source.relativeName.replace(/\.gz$/i, "").replace(/\.(?:json|ndjson|jsonl)$/i, "");
    const file = join(directory, `${stem}.${format}`);
    const other = taken.get(file);
    if (other !== undefined) {
      throw new UsageError(`${other.name} and ${source.name} would both be written to ${file}`);
    }
    taken.set(file, source);
    files.set(source, file);
  }
  return files;
}

/** Maps every document of the inputs. Standard error closes with one line of counts. */
export async function map(inputs: readonly string[], options: MapOptions, io: Io): Promise<Status> {
  const { out, format, collectedAt } = options;
  const intoDirectory = out !== undefined && (await isDirectory(out));
  const written = [intoDirectory ? undefined : out, options.issues].filter((path) => path !== undefined);
  const files = await Promise.all(written.map((path) => stat(path).catch(() => undefined)));
  const outputs = [...files, io.stdoutFile];
  const found = await findSources(inputs, { stdin: io.stdin, now: io.now(), outputs });
  const sources = intoDirectory ? found.filter(({ name }) => !isBelow(out, name)) : found;
  const paths = intoDirectory ? filesIn(out, sources, format) : undefined;

  const messages = new Messages(io);
  const counts = emptyCounts();
  const issues = options.issues === undefined ? undefined : await fileOutput(options.issues);
  const all =
    paths !== undefined
      ? undefined
      : new EntityOutput(out === undefined ? streamOutput(io.stdout) : await fileOutput(out), format);
  const sourceOptions = {
    ...(collectedAt !== undefined && { collectedAt }),
    asElements: format === "json",
    withIssues: issues !== undefined,
  };
  const jobs = jobsFor(options, sources);
  const say = (line: string): void => messages.say(line);
  const mappings =
    jobs > 1
      ? (await import("./map-pool.ts")).mapInPool(sources, sourceOptions, jobs, say)
      : mapHere(sources, sourceOptions);
  let hasFailed = false;
  let done = 0;
  try {
    for await (const { source, chunks } of mappings) {
      messages.progress(() => `${done} of ${sources.length} inputs, ${counts.records} records`);
      const entities = all ?? new EntityOutput(await fileOutput(paths?.get(source) ?? ""), format);
      try {
        for await (const chunk of chunks) {
          for (const line of chunk.complaints) messages.complain(line);
          addCounts(counts, chunk.counts);
          await entities.add(chunk);
          if (chunk.issues !== "") await issues?.write(chunk.issues);
        }
        if (entities !== all) await entities.commit();
      } catch (error) {
        if (entities !== all) await entities.discard();
        if (!(error instanceof InputError)) throw error;
        hasFailed = true;
        messages.complain(error.message);
      }
      done++;
    }
    await all?.commit();
    await issues?.commit();
  } catch (error) {
    await all?.discard();
    await issues?.discard();
    throw error;
  }
  messages.close("--issues FILE takes all of them");
  io.stderr.write(`${countsLine(counts)}\n`);
  if (hasFailed) return Status.UNFINISHED;
  return counts.errors > 0 ? Status.REJECTED : Status.DONE;
}
