/** Takes the sources of a command in turn, with one job or several, and says what could not be read. */

import { availableParallelism } from "node:os";
import { type Io, Status } from "../cli/io.ts";
import { Messages } from "../cli/messages.ts";
import { InputError } from "../io/errors.ts";
import { isMissing } from "../io/optional.ts";
import { isS3, isSet } from "../io/s3.ts";
import { findSources, openAhead, type Source, type Sources } from "../io/sources.ts";
import { inTurn } from "./handover.ts";
import { keepHeapSmall } from "./heap.ts";
import { loadWork, type Part, type WorkName, type Works } from "./work.ts";

/** Below so many bytes of input, starting threads costs more than they save. */
const WORTH_THREADS = 64 << 20;

/** One source, and what the work on it gives. */
export interface Turn<N extends WorkName> {
  readonly source: Source;
  readonly chunks: AsyncIterable<Works[N]["chunk"]>;
}

/** Whether S3 wants buckets in paths rather than hosts. */
export function forcesPathStyle({ env }: Io): boolean {
  return isSet(env["S3_FORCE_PATH_STYLE"]);
}

/**
 * The sources that a command's inputs name, save what it writes itself (a directory has a slash behind it). Where S3
 * is among them, memory is kept from growing with the bucket.
 */
export function sourcesOf(inputs: readonly string[], outputs: readonly string[], io: Io): Promise<Sources> {
  const { stdin, stdoutFile } = io;
  if (inputs.some(isS3)) keepHeapSmall();
  return findSources(inputs, outputs, {
    stdin,
    stdoutFile,
    now: io.now(),
    forcePathStyle: forcesPathStyle(io),
  });
}

/** How many jobs: what the user says, else one a core where the input is worth it; never more than inputs. */
function jobsFor(jobs: number | undefined, { first, isAll }: Sources): number {
  const bytes = first.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
  const wanted = jobs ?? (isAll && bytes < WORTH_THREADS ? 1 : availableParallelism());
  return isAll ? Math.min(wanted, first.length) : wanted;
}

/** Sources in turn, each with its own of the parts that the work on all of them gives. */
export async function* turnsOf<N extends WorkName>(
  sources: readonly Source[],
  parts: AsyncGenerator<Part<N>>,
): AsyncGenerator<Turn<N>> {
  let isOver = true;
  const next = async (): Promise<Part<N> | undefined> => {
    const { value: part } = await parts.next();
    isOver = part?.kind !== "chunk";
    return part;
  };
  const chunks = async function* (): AsyncGenerator<Works[N]["chunk"]> {
    let part = await next();
    for (; part?.kind === "chunk"; part = await next()) yield part.chunk;
    if (part?.unreadable !== undefined) throw new InputError(part.unreadable);
  };
  try {
    for (const source of sources) {
      isOver = false;
      yield { source, chunks: chunks() };
      // What was not wanted of it stands before the next.
      while (!isOver) await next();
    }
    await parts.next();
  } finally {
    await parts.return(undefined);
  }
}

async function* here<N extends WorkName>(
  name: N,
  sources: Sources,
  options: Works[N]["options"],
): AsyncGenerator<Turn<N>> {
  const work = await loadWork(name);
  for await (const source of openAhead(sources)) yield { source, chunks: inTurn(work(source, options)) };
}

/** The pool; without the package that it needs, all work is one job. */
async function loadPool(say: (line: string) => void): Promise<typeof import("./pool.ts") | undefined> {
  try {
    return await import("./pool.ts");
  } catch (error) {
    if (!isMissing(error)) throw error;
    say("goes on with one job: more need piscina, which is not installed: npm install piscina");
    return undefined;
  }
}

export interface Task<N extends WorkName> {
  readonly work: N;
  readonly options: Works[N]["options"];
  readonly jobs: number | undefined;
  /** How many records have been taken, for the progress. */
  readonly records?: () => number;
}

/**
 * Takes each source in turn. One that cannot be read stops no other.
 *
 * @returns how many could not be read
 */
export async function takeTurns<N extends WorkName>(
  sources: Sources,
  { work, options, jobs, records }: Task<N>,
  messages: Messages,
  take: (turn: Turn<N>) => Promise<void>,
): Promise<number> {
  const threads = jobsFor(jobs, sources);
  const say = (line: string): void => messages.say(line);
  const pool = threads > 1 ? await loadPool(say) : undefined;
  const turns = pool?.inPool(work, sources, options, threads, say) ?? here(work, sources, options);
  const all = sources.isAll ? ` of ${sources.first.length}` : "";
  let done = 0;
  let unreadable = 0;
  for await (const turn of turns) {
    messages.progress(() => `${done}${all} inputs${records === undefined ? "" : `, ${records()} records`}`);
    try {
      await take(turn);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unreadable++;
      messages.complain(error.message);
    }
    done++;
  }
  return unreadable;
}

/**
 * Takes the counts of every source of the inputs.
 *
 * @returns the status of it all: unfinished when a source could not be read, rejected when there was an error
 */
export async function takeCounts<N extends "coverage" | "report">(
  inputs: readonly string[],
  outputs: readonly string[],
  task: Task<N>,
  io: Io,
  take: (counts: Works[N]["chunk"]["counts"]) => void,
): Promise<Status> {
  const messages = new Messages(io);
  let isRejected = false;
  const sources = await sourcesOf(inputs, outputs, io);
  const unreadable = await takeTurns(sources, task, messages, async ({ chunks }) => {
    for await (const { counts, complaints } of chunks) {
      take(counts);
      if (complaints.length > 0) isRejected = true;
      for (const line of complaints) messages.complain(line);
    }
  });
  messages.close("map --issues FILE takes all of them");
  if (unreadable > 0) return Status.UNFINISHED;
  return isRejected ? Status.REJECTED : Status.DONE;
}
