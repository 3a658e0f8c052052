/** Several jobs: sources are spread over worker threads, and their chunks come in the sources' order. */

import { setImmediate } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { InputError } from "../io/errors.ts";
import { isSmallFile, type Source, type Sources } from "../io/sources.ts";
import { inTurn, memoryOf } from "./handover.ts";
import type { Turn } from "./turns.ts";
import { loadWork, type Work, type WorkName, type Works } from "./work.ts";
import type { Message, Task } from "./worker.ts";

/** So many sources are under way for each job, so that no job waits for the one whose turn it is. */
const AHEAD = 4;

/** So many sources a worker has at a time: it works on one while others are on their way from disk or network. */
const SOURCES_A_WORKER = 3;

/** A source before its turn. */
interface Ahead<N extends WorkName> extends Turn<N> {
  /** Whether a worker has it, which has not given all of it yet. */
  readonly isUnderWay: boolean;
  /** The worker that has it broke down. */
  fail?(): void;
  /** Nobody wants more of it, or there is no more. */
  close?(): void;
}

/** A source that a worker has. Where the worker breaks down, `again` does the rest. */
class Given<N extends WorkName> implements Ahead<N> {
  readonly source: Source;
  readonly chunks = this.#take();
  isUnderWay = true;
  readonly #messages: Message<N>[] = [];
  readonly #port: MessagePort;
  readonly #again: () => ReturnType<Work<N>>;
  #hasFailed = false;
  #wake = (): void => {};

  constructor(
    pool: Piscina,
    work: N,
    source: Source,
    options: Works[N]["options"],
    again: () => ReturnType<Work<N>>,
  ) {
    this.source = source;
    this.#again = again;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on("message", (message: Message<N>) => {
      this.#messages.push(message);
      if (message.kind === "unreadable" || message.isLast) this.isUnderWay = false;
      this.#wake();
    });
    const { open: _, ...description } = source;
    const task: Task<N> = { work, source: description, options, port: port2 };
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

  async *#take(): AsyncGenerator<Works[N]["chunk"]> {
    for (let taken = 0; ; taken++) {
      const message = await this.#next();
      if (message === undefined) {
        let at = 0;
        for await (const chunk of this.#again()) if (at++ >= taken) yield chunk;
        return;
      }
      if (message.kind === "unreadable") throw new InputError(message.message);
      yield message.chunk;
      this.#port.postMessage(memoryOf(message.chunk));
      if (message.isLast) return;
    }
  }
}

/** A source that this thread works on before its turn. */
async function done<N extends WorkName>({ source, chunks }: Turn<N>): Promise<Ahead<N>> {
  const kept: Works[N]["chunk"][] = [];
  let fault: InputError | undefined;
  try {
    for await (const chunk of chunks) kept.push(chunk);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    fault = error;
  }
  const given = async function* (): AsyncGenerator<Works[N]["chunk"]> {
    yield* inTurn(kept);
    if (fault !== undefined) throw fault;
  };
  return { source, chunks: given(), isUnderWay: false };
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
    concurrentTasksPerWorker: SOURCES_A_WORKER,
  });
  const remaining = sources[Symbol.asyncIterator]();
  const ahead: Ahead<N>[] = [];
  let turn: Ahead<N> | undefined;
  // Threads that die before they are ready are not replaced: when none is left, no task will be taken.
  pool.on("error", () => {});
  pool.on("workerDestroy", () =>
    globalThis.setImmediate(() => {
      if (pool.threads.length === 0) for (const one of [turn, ...ahead]) one?.fail?.();
    }),
  );

  const work = async function* (source: Source): ReturnType<Work<N>> {
    yield* (await loadWork(name))(source, options);
  };
  const give = (source: Source): Ahead<N> =>
    new Given(pool, name, source, options, () => {
      say(`${source.name}: the worker that had it broke down; the main thread does it`);
      return inTurn(work(source));
    });
  const own = (source: Source): Ahead<N> => ({ source, chunks: inTurn(work(source)), isUnderWay: false });
  let isAll = false;
  const next = async (): Promise<Source | undefined> => {
    if (isAll) return undefined;
    const { done, value } = await remaining.next();
    isAll = done === true;
    return value;
  };
  const hasRoom = (): boolean => ahead.length < jobs * AHEAD;
  /** Keeps the workers busy, and leaves what is more than they need at once to this thread where it is a job. */
  const giveOut = async (): Promise<void> => {
    const most = isJob ? threads * SOURCES_A_WORKER : Number.POSITIVE_INFINITY;
    while (hasRoom() && ahead.filter(({ isUnderWay }) => isUnderWay).length < most) {
      const source = await next();
      if (source === undefined) return;
      ahead.push(source.name === "-" || pool.threads.length === 0 ? own(source) : give(source));
    }
  };
  try {
    for (;;) {
      await giveOut();
      turn = ahead.shift();
      if (turn === undefined) {
        const source = await next();
        if (source === undefined) return;
        turn = own(source);
      }
      while (isJob && turn.isUnderWay && hasRoom()) {
        const source = await next();
        if (source === undefined) break;
        ahead.push(await done({ source, chunks: work(source) }));
        // What the workers sent meanwhile comes in.
        await setImmediate();
        await giveOut();
      }
      yield turn;
      turn.close?.();
    }
  } finally {
    for (const one of ahead) one.close?.();
    await pool.destroy();
  }
}
