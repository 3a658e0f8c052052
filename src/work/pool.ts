/** Blocks in several threads, of which this is one. Their results come in order. */

import { setImmediate as turn } from "node:timers/promises";
import { Piscina } from "piscina";
import { profileOf } from "../profiles/index.ts";
import type { Block } from "./blocks.ts";
import { loadReader, type ReaderName } from "./readers.ts";
import { type BlockFound, partsOf, readParts, type Work } from "./work.ts";
import type { Task } from "./worker.ts";

/** Blocks that a thread has at a time: one is read while the next waits. */
const AHEAD = 2;

/** Blocks that are done and wait for one before them: as many as this thread reads while another starts. */
const DONE = 8;

/** Room for new objects in a thread's heap; V8 would take three times as much, for hardly any speed. */
const YOUNG_MB = 16;

/**
 * Reads blocks with a number of jobs. This thread reads those that the others have no room for. Only a few blocks are
 * under way at a time, so memory stays bounded. A block whose worker dies is read by this thread.
 *
 * @param worker the module that the threads run
 */
export async function* inPool<N extends ReaderName>(
  blocks: AsyncIterable<Block>,
  work: Work<N>,
  jobs: number,
  say: (line: string) => void,
  worker = new URL("./worker.js", import.meta.url),
): AsyncGenerator<BlockFound<N>> {
  const threads = jobs - 1;
  const pool = new Piscina({
    filename: worker.href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: AHEAD,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  pool.on("error", () => {});
  // Threads that end before they are ready are not replaced: when none is left, no task will be taken.
  const waiting = new Set<(reason: Error) => void>();
  pool.on("workerDestroy", () => {
    setImmediate(() => {
      if (pool.threads.length === 0) for (const fail of waiting) fail(new Error("no thread is left"));
    });
  });
  const run = async (task: Task<N>): Promise<BlockFound<N>["found"]> => {
    let fail: (reason: Error) => void = () => {};
    try {
      // No race with a promise of the pool's: that would keep what every task has given.
      return await new Promise((resolve, reject) => {
        fail = reject;
        waiting.add(fail);
        pool.run(task, { name: "read" }).then(resolve, reject);
      });
    } finally {
      waiting.delete(fail);
    }
  };
  const reader = (await loadReader(work.reader))(work.options, profileOf(work.choice ?? {}));
  const readHere = (block: Block): BlockFound<N> => ({
    block,
    found: readParts(partsOf(block), reader, work.recordsAt),
  });
  let given = 0;
  let hasDied = false;
  let isOver = false;
  const give = async (block: Block): Promise<BlockFound<N>> => {
    given++;
    try {
      return { block, found: await run({ ...work, parts: partsOf(block) }) };
    } catch (error) {
      if (isOver) throw error;
      if (!hasDied) say("a worker thread stopped; the main thread does its work");
      hasDied = true;
      return readHere(block);
    } finally {
      given--;
    }
  };
  const ahead: (Promise<BlockFound<N>> | BlockFound<N>)[] = [];
  try {
    for await (const block of blocks) {
      // Lets the results of the threads arrive.
      await turn();
      ahead.push(given < threads * AHEAD ? give(block) : readHere(block));
      const next = ahead.length > threads * AHEAD + DONE ? await ahead.shift() : undefined;
      if (next !== undefined) yield next;
    }
    for (let next = await ahead.shift(); next !== undefined; next = await ahead.shift()) yield next;
  } finally {
    // Whoever wants no more of the results does not wait for those under way, which the end of the pool breaks off.
    isOver = true;
    for (const next of ahead) Promise.resolve(next).catch(() => {});
    await pool.destroy();
  }
}
