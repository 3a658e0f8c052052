/** The inputs of a command, taken one after the other. */

import { isSet } from "../io/s3.ts";
import { findSources, type Source, type Sources } from "../io/sources.ts";
import { count, number } from "../text/numbers.ts";
import { type Base, placed } from "../work/base.ts";
import type { Complaints } from "../work/complaints.ts";
import type { ReaderName, Readers } from "../work/readers.ts";
import { type Turn, turnsOf } from "../work/run.ts";
import type { Work } from "../work/work.ts";
import { type Io, Status } from "./io.ts";
import { issueLine, MAP_LISTS_ISSUES, Messages } from "./messages.ts";

/** Whether S3 wants buckets in paths rather than hosts. */
export function forcesPathStyle({ env }: Io): boolean {
  return isSet(env["S3_FORCE_PATH_STYLE"]);
}

/** The name of a page that occurs more than once, which suggests that the inputs hold several runs. */
function repeatedPage(sources: readonly Source[]): string | undefined {
  const seen = new Set<string>();
  for (const { name } of sources) {
    const [page] = /duo-[a-z_]+-\d+(?=\.[a-z]+(?:\.gz)?$)/.exec(name) ?? [];
    if (page === undefined) continue;
    if (seen.has(page)) return page;
    seen.add(page);
  }
  return undefined;
}

/**
 * The sources that a command's inputs name, except what the command itself writes (a directory ends with a slash). With
 * `--run`, those that the run stored.
 */
export async function sourcesOf(
  inputs: readonly string[],
  outputs: readonly string[],
  io: Io,
): Promise<Sources> {
  const { stdin, stdoutFile, run, env } = io;
  const messages = new Messages(io);
  if (run !== undefined) {
    const { runSources } = await import("../io/runs.ts");
    const around = { forcePathStyle: forcesPathStyle(io), manifestPrefix: env["MANIFEST_PREFIX"] };
    const { sources, isComplete } = await runSources(
      run,
      inputs.filter((input) => input !== ""),
      around,
    );
    if (!isComplete) messages.say("the run is not complete: its manifest says what failed");
    return sources;
  }
  const sources = await findSources(inputs, outputs, {
    stdin,
    stdoutFile,
    now: io.now(),
    forcePathStyle: forcesPathStyle(io),
  });
  const page = repeatedPage(sources.first);
  if (page !== undefined) {
    messages.say(
      `warning: ${page} is there more than once, as if the inputs held several runs or forms of the same pages; --run latest reads one run`,
    );
  }
  return sources;
}

export interface SourceTask<N extends ReaderName> extends Work<N> {
  readonly jobs: number | undefined;
  /** How many records have been taken, for the progress. */
  readonly records?: () => number;
}

/** Prints the complaints of a part. */
export function complain({ first, more }: Complaints, base: Base, messages: Messages): void {
  for (const issue of first) messages.complain(issueLine(placed(issue, base)));
  messages.complainMore(more);
}

/**
 * Takes what was found, part by part. A source that cannot be read stops no other.
 *
 * @returns how many sources could not be read
 */
export async function takeTurns<N extends ReaderName>(
  sources: Sources,
  { jobs, records, ...work }: SourceTask<N>,
  messages: Messages,
  take: (turn: Turn<N>) => Promise<void>,
): Promise<number> {
  const total = sources.first.length;
  let done = 0;
  const progress = (): string => {
    const inputs = sources.isAll ? `${number(done)} of ${count(total, "input")}` : count(done, "input");
    return records === undefined ? inputs : `${inputs}, ${count(records(), "record")}`;
  };
  let unreadable = 0;
  for await (const turn of turnsOf(sources, work, jobs, (line) => messages.say(line))) {
    messages.progress(progress);
    await take(turn);
    if (turn.kind === "unreadable") {
      unreadable++;
      messages.complain(turn.message);
    }
    if (turn.kind === "unreadable" || turn.isLast) done++;
  }
  return unreadable;
}

/** The readers that only count what they read. */
type Counting = "coverage" | "report";

/** How counting all inputs ended. */
export interface Counted {
  /** Unfinished when a source could not be read, rejected when there was an error. */
  readonly status: Status;
  /** How many sources could not be read. */
  readonly unreadable: number;
  /** The id of the run that stored the inputs, where `--run` names one. */
  readonly run: string | undefined;
}

/** Takes the counts of all inputs. */
export async function takeCounts<N extends Counting>(
  inputs: readonly string[],
  outputs: readonly string[],
  task: SourceTask<N>,
  io: Io,
  take: (counts: Readers[N]["found"]["counts"], base: Base) => void,
): Promise<Counted> {
  const messages = new Messages(io);
  let isRejected = false;
  const sources = await sourcesOf(inputs, outputs, io);
  const work = { ...task, recordsAt: io.recordsAt, choice: io.choice };
  const unreadable = await takeTurns(sources, work, messages, async (turn) => {
    if (turn.kind !== "part") return;
    const { counts, complaints } = turn.found;
    take(counts, turn.base);
    if (complaints.first.length > 0) isRejected = true;
    complain(complaints, turn.base, messages);
  });
  messages.close(MAP_LISTS_ISSUES);
  const status = unreadable > 0 ? Status.UNFINISHED : isRejected ? Status.REJECTED : Status.DONE;
  return { status, unreadable, run: sources.run };
}
