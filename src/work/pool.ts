/** Several jobs: sources are spread over worker threads, and their chunks come in the sources' order. */

import { setImmediate } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { isSmallFile, type Source, type Sources } from "../io/sources.ts";
import { inTurn, Parcel, takeBack } from "./handover.ts";
import { type Turn, turnsOf } from "./turns.ts";
import { loadWork, type Part, partsOf, type WorkName, type Works } from "./work.ts";
import type { Message, Task } from "./worker.ts";

/** So many tasks are under way for each job, so that no job waits for the one whose turn it is. */
const AHEAD = 4;

/** So many tasks a worker has at a time: it works on one while others are on their way from disk or network. */
const TASKS_A_WORKER = 3;

/** Small files are a task together, for a task costs as much as mapping some thirty records. */
const FILES_A_TASK = 16;
const BYTES_A_TASK = 1 << 20;

/** Where there are few files, each job still gets so many tasks. */
const TASKS_A_JOB = 8;

/** So many times its size a gzipped page becomes. */
const UNPACKED = 8;

/** The sources of one task. */
type Batch = readonly Source[];

/** How much of a task a source is, in bytes of a page. */
function weight(source: Source): number {
  if (!isSmallFile(source)) return Number.POSITIVE_INFINITY;
  return (source.bytes ?? 0) * (/\.gz$/i.test(source.name) ? UNPACKED : 1);
}

async function* batchesOf(sources: Sources, jobs: number): AsyncGenerator<Batch, undefined> {
  const files = sources.isAll ? Math.ceil(sources.first.length / (jobs * TASKS_A_JOB)) : FILES_A_TASK;
  const most = Math.min(files, FILES_A_TASK);
  let batch: Source[] = [];
  let bytes = 0;
  for await (const source of sources) {
    const more = weight(source);
    if (batch.length > 0 && bytes + more > BYTES_A_TASK) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(source);
    bytes += more;
    if (batch.length === most || bytes >= BYTES_A_TASK) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
  return undefined;
}

/** A batch before its turn. */
interface Ahead<N extends WorkName> {
  readonly batch: Batch;
  readonly parts: AsyncGenerator<Part<N>>;
  /** Whether a worker has it, which has not given all of it yet. */
  readonly isUnderWay: boolean;
  /** The worker that has it broke down. */
  fail?(): void;
  /** Its parts were taken, or nobody wants them. */
  close?(): void;
}

/** A batch that a worker has. Where the worker breaks down, `again` does the rest from the given source on. */
class Given<N extends WorkName> implements Ahead<N> {
  readonly batch: Batch;
  readonly parts = this.#take();
  isUnderWay = true;
  readonly #messages: Message<N>[] = [];
  readonly #port: MessagePort;
  readonly #again: (source: number) => AsyncIterable<Part<N>>;
  #hasFailed = false;
  #wake = (): void => {};

  constructor(
    pool: Piscina,
    work: N,
    batch: Batch,
    options: Works[N]["options"],
    again: (source: number) => AsyncIterable<Part<N>>,
  ) {
    this.batch = batch;
    this.#again = again;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on("message", (message: Message<N>) => {
      this.#messages.push(message);
      if (message.isLast) this.isUnderWay = false;
      this.#wake();
    });
    const sources = batch.map(({ open: _, ...description }) => description);
    const task: Task<N> = { work, sources, options, port: port2 };
    // A thread that dies closes its ports; behind the last message this changes nothing.
    port1.on("close", () => this.fail());
    pool.run(task, { name: "task", transferList: [port2] }).catch(() => this.fail());
  }

  fail(): void {
    this.#hasFailed = true;
    this.isUnderWay = false;
    this.#wake();
  }

  close(): void {
    this.#port.close();
  }

  /** The next message, or `undefined` when the worker broke down. */
  async #next(): Promise<Message<N> | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined || this.#hasFailed) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async *#take(): AsyncGenerator<Part<N>> {
    let source = 0;
    let chunks = 0;
    for (;;) {
      const message = await this.#next();
      if (message === undefined) break;
      for (const part of message.parts) {
        yield part;
        if (part.kind === "chunk") chunks++;
        else {
          source++;
          chunks = 0;
        }
      }
      this.#port.postMessage(message.memories);
      if (message.isLast) return;
    }
    let skipped = 0;
    for await (const part of this.#again(source)) if (skipped++ >= chunks) yield part;
  }
}

/** A batch that this thread works on before its turn. */
async function done<N extends WorkName>(batch: Batch, parts: AsyncIterable<Part<N>>): Promise<Ahead<N>> {
  const parcel = new Parcel<N>();
  for await (const part of parts) parcel.add(part);
  const given = async function* (): AsyncGenerator<Part<N>> {
    yield* parcel.parts;
    takeBack(parcel.memories);
  };
  return { batch, parts: given(), isUnderWay: false };
}

/**
 * Works on sources with so many jobs, giving them in order. Each job is a worker thread; but where all sources
 * are small files this thread is one of the jobs, for it has nothing to wait for. Only so many are under way that
 * memory stays bounded. What only this thread can read, it reads itself.
 *
 * @param worker the module that the threads run
 */
export async function* inPool<N extends WorkName>(
  name: N,
  sources: Sources,
  options: Works[N]["options"],
  jobs: number,
  say: (line: string) => void,
  worker = new URL("./worker.js", import.meta.url),
): AsyncGenerator<Turn<N>> {
  const isJob = sources.isAll && sources.first.every(isSmallFile);
  const threads = isJob ? jobs - 1 : jobs;
  const pool = new Piscina({
    filename: worker.href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: TASKS_A_WORKER,
  });
  const batches = batchesOf(sources, jobs);
  const ahead: Ahead<N>[] = [];
  let turn: Ahead<N> | undefined;
  // Threads that die before they are ready are not replaced: when none is left, no task will be taken.
  pool.on("error", () => {});
  pool.on("workerDestroy", () =>
    globalThis.setImmediate(() => {
      if (pool.threads.length === 0) for (const one of [turn, ...ahead]) one?.fail?.();
    }),
  );

  const work = async function* (source: Source): AsyncGenerator<Works[N]["chunk"]> {
    yield* (await loadWork(name))(source, options);
  };
  const partsInTurn = (batch: Batch) => partsOf<N>(batch, (source) => inTurn(work(source)));
  const give = (batch: Batch): Ahead<N> =>
    new Given(pool, name, batch, options, (from) => {
      const rest = batch.slice(from);
      const names = rest.map(({ name }) => name).join(", ");
      const them = rest.length === 1 ? "it" : "them";
      say(`${names}: the worker that had ${them} broke down; the main thread does ${them}`);
      return partsInTurn(rest);
    });
  const own = (batch: Batch): Ahead<N> => ({
    batch,
    parts: partsInTurn(batch),
    isUnderWay: false,
  });
  const next = async (): Promise<Batch | undefined> => (await batches.next()).value;
  const hasRoom = (): boolean => ahead.length < jobs * AHEAD;
  /** Keeps the workers busy, and leaves what is more than they need at once to this thread where it is a job. */
  const giveOut = async (): Promise<void> => {
    const most = isJob ? threads * TASKS_A_WORKER : Number.POSITIVE_INFINITY;
    while (hasRoom() && ahead.filter(({ isUnderWay }) => isUnderWay).length < most) {
      const batch = await next();
      if (batch === undefined) return;
      ahead.push(batch[0]?.name === "-" || pool.threads.length === 0 ? own(batch) : give(batch));
    }
  };
  try {
    for (;;) {
      await giveOut();
      turn = ahead.shift();
      if (turn === undefined) {
        const batch = await next();
        if (batch === undefined) return;
        turn = own(batch);
      }
      while (isJob && turn.isUnderWay && hasRoom()) {
        const batch = await next();
        if (batch === undefined) break;
        ahead.push(await done<N>(batch, partsOf(batch, work)));
        // What the workers sent meanwhile comes in.
        await setImmediate();
        await giveOut();
      }
      yield* turnsOf(turn.batch, turn.parts);
      turn.close?.();
    }
  } finally {
    for (const one of [turn, ...ahead]) one?.close?.();
    await pool.destroy();
  }
}
