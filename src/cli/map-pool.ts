/** Several jobs of `map`: sources are spread over worker threads, and their chunks come in the sources' order. */

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { InputError } from "../io/errors.ts";
import type { Source } from "../io/sources.ts";
import { type Chunk, type MapSourceOptions, mapSource } from "./map-source.ts";
import type { MapMessage, MapTask } from "./map-worker.ts";

/** So many sources are under way for each job, so that no job waits for the one whose turn it is. */
const AHEAD = 4;

/** What comes from the worker that has one source, as it comes. */
class Task {
  readonly #messages: MapMessage[] = [];
  readonly port: MessagePort;
  #hasFailed = false;
  #wake = (): void => {};

  constructor(pool: Piscina, { name, relativeName, modified }: Source, options: MapSourceOptions) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.on("message", (message: MapMessage) => {
      this.#messages.push(message);
      this.#wake();
    });
    const task: MapTask = { file: { name, relativeName, modified }, options, port: port2 };
    const fail = (): void => {
      this.#hasFailed = true;
      this.#wake();
    };
    // A thread that dies closes its ports; behind the last message this changes nothing.
    port1.on("close", fail);
    pool.run(task, { name: "mapTask", transferList: [port2] }).catch(fail);
  }

  /** The next message, or `undefined` when the worker broke down. */
  async next(): Promise<MapMessage | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined || this.#hasFailed) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** The chunks of one source. Where its worker breaks down, the rest is mapped in this thread. */
async function* chunksOf(
  task: Task,
  source: Source,
  options: MapSourceOptions,
  say: (line: string) => void,
): AsyncGenerator<Chunk> {
  for (let taken = 0; ; taken++) {
    const message = await task.next();
    if (message === undefined) {
      say(`${source.name}: the worker that mapped it broke down; it is mapped in the main thread`);
      let at = 0;
      for await (const chunk of mapSource(source, options)) if (at++ >= taken) yield chunk;
      return;
    }
    if (message.kind === "end") return;
    if (message.kind === "unreadable") throw new InputError(message.message);
    yield message.chunk;
    task.port.postMessage("taken");
  }
}

/** One source, and its chunks as they come. */
export interface Mapping {
  readonly source: Source;
  readonly chunks: AsyncIterable<Chunk>;
}

/**
 * Maps files with so many workers at a time, giving them in order. Only so many are under way that memory stays
 * bounded.
 *
 * @param worker the module that the threads run
 */
export async function* mapInPool(
  sources: readonly Source[],
  options: MapSourceOptions,
  jobs: number,
  say: (line: string) => void,
  worker = new URL("./map-worker.js", import.meta.url),
): AsyncGenerator<Mapping> {
  const pool = new Piscina({ filename: worker.href, minThreads: jobs, maxThreads: jobs });
  const tasks: Task[] = [];
  try {
    for (const [at, source] of sources.entries()) {
      for (let next = at + tasks.length; next < Math.min(sources.length, at + jobs * AHEAD); next++) {
        const ahead = sources[next];
        if (ahead !== undefined) tasks.push(new Task(pool, ahead, options));
      }
      const task = tasks.shift();
      if (task === undefined) return;
      yield { source, chunks: chunksOf(task, source, options, say) };
      task.port.close();
    }
  } finally {
    for (const { port } of tasks) port.close();
    await pool.destroy();
  }
}
