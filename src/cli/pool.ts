/** Several jobs: sources are spread over worker threads, and their chunks come in the sources' order. */

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { InputError } from "../io/errors.ts";
import type { Source, Sources } from "../io/sources.ts";
import type { Turn } from "./turns.ts";
import { loadWork, type Work, type WorkName, type Works } from "./work.ts";
import type { Message, Task } from "./worker.ts";

/** So many sources are under way for each job, so that no job waits for the one whose turn it is. */
const AHEAD = 4;

/** So many sources a worker has at a time: it works on one while others are on their way from disk or network. */
const SOURCES_A_WORKER = 3;

/** What comes from the worker that has one source, as it comes. */
class Incoming<N extends WorkName> {
  readonly #messages: Message<N>[] = [];
  readonly port: MessagePort;
  #hasFailed = false;
  #wake = (): void => {};

  constructor(
    pool: Piscina,
    work: N,
    { open: _, ...source }: Source,
    options: Works[N]["options"],
    spare: ArrayBuffer[],
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.on("message", (message: Message<N>) => {
      this.#messages.push(message);
      this.#wake();
    });
    const task: Task<N> = { work, source, options, port: port2, spare };
    // A thread that dies closes its ports; behind the last message this changes nothing.
    port1.on("close", () => this.fail());
    pool.run(task, { name: "task", transferList: [port2, ...spare] }).catch(() => this.fail());
  }

  fail(): void {
    this.#hasFailed = true;
    this.#wake();
  }

  /** The next message, or `undefined` when the worker broke down. */
  async next(): Promise<Message<N> | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined || this.#hasFailed) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** The memory of a chunk's bytes, if it has any. */
function memoryOf(chunk: object): ArrayBuffer[] {
  const bytes = "entities" in chunk ? chunk.entities : undefined;
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

/**
 * The chunks of one source. Where its worker breaks down, this thread does the rest.
 *
 * @param spare takes the memory of the chunks that were taken
 */
async function* chunksOf<N extends WorkName>(
  incoming: Incoming<N>,
  spare: ArrayBuffer[],
  again: () => ReturnType<Work<N>>,
  breakdown: () => void,
): AsyncGenerator<Works[N]["chunk"]> {
  for (let taken = 0; ; taken++) {
    const message = await incoming.next();
    if (message === undefined) {
      breakdown();
      let at = 0;
      for await (const chunk of again()) if (at++ >= taken) yield chunk;
      return;
    }
    if (message.kind === "unreadable") throw new InputError(message.message);
    yield message.chunk;
    spare.push(...memoryOf(message.chunk));
    if (message.isLast) return;
    incoming.port.postMessage("taken");
  }
}

/**
 * Works on sources with so many workers at a time, giving them in order. Only so many are under way that memory
 * stays bounded. What only this thread can read, it reads itself.
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
  const pool = new Piscina({
    filename: worker.href,
    minThreads: jobs,
    maxThreads: jobs,
    concurrentTasksPerWorker: SOURCES_A_WORKER,
  });
  const remaining = sources[Symbol.asyncIterator]();
  const ahead: { source: Source; incoming?: Incoming<N> }[] = [];
  // Goes back to the workers with the next task.
  const spare: ArrayBuffer[] = [];
  let turn: (typeof ahead)[number] | undefined;
  // Threads that die before they are ready are not replaced: when none is left, no task will be taken.
  pool.on("error", () => {});
  pool.on("workerDestroy", () =>
    setImmediate(() => {
      if (pool.threads.length === 0) for (const one of [turn, ...ahead]) one?.incoming?.fail();
    }),
  );
  try {
    for (let isAll = false; ; ) {
      while (!isAll && ahead.length < jobs * AHEAD) {
        const { done, value: source } = await remaining.next();
        if (done === true) isAll = true;
        else if (source.name === "-" || pool.threads.length === 0) ahead.push({ source });
        else ahead.push({ source, incoming: new Incoming(pool, name, source, options, spare.splice(0)) });
      }
      turn = ahead.shift();
      if (turn === undefined) return;
      const { source, incoming } = turn;
      const here = async function* (): ReturnType<Work<N>> {
        yield* (await loadWork(name))(source, options);
      };
      const breakdown = (): void =>
        say(`${source.name}: the worker that had it broke down; the main thread does it`);
      yield { source, chunks: incoming === undefined ? here() : chunksOf(incoming, spare, here, breakdown) };
      incoming?.port.close();
    }
  } finally {
    for (const { incoming } of ahead) incoming?.port.close();
    await pool.destroy();
  }
}
