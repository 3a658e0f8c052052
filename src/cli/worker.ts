/** A worker thread: works on one source a task and sends its chunks through the task's port. */

import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { InputError } from "../io/errors.ts";
import { type SourceDescription, sourceOf } from "../io/sources.ts";
import { takeBack } from "./handover.ts";
import { keepHeapSmall } from "./heap.ts";
import { loadWork, type WorkName, type Works } from "./work.ts";

export interface Task<N extends WorkName> {
  readonly work: N;
  readonly source: SourceDescription;
  readonly options: Works[N]["options"];
  readonly port: MessagePort;
}

/** What comes through the port; `unreadable` and the chunk that says so are the last. */
export type Message<N extends WorkName> =
  | { readonly kind: "chunk"; readonly chunk: Works[N]["chunk"]; readonly isLast: boolean }
  | { readonly kind: "unreadable"; readonly message: string };

/** So many chunks may wait to be taken; the main thread answers each that it has taken with the chunk's memory. */
const CHUNKS_AHEAD = 8;

export async function task<N extends WorkName>({ work, source, options, port }: Task<N>): Promise<void> {
  if (source.s3 !== undefined) keepHeapSmall();
  let waiting = 0;
  port.on("message", (memory: SharedArrayBuffer | undefined) => {
    takeBack(memory);
    waiting--;
  });
  // Nobody wants the rest of the source.
  let isClosed = false;
  const closed = once(port, "close").then(() => {
    isClosed = true;
  });
  const send = (message: Message<N>): void => {
    waiting++;
    port.postMessage(message);
  };
  let ready: Works[N]["chunk"] | undefined;
  const sendReady = (isLast: boolean): void => {
    if (ready !== undefined) send({ kind: "chunk", chunk: ready, isLast });
  };
  // What the main thread has answered meanwhile comes in.
  await setImmediate();
  try {
    for await (const chunk of (await loadWork(work))(sourceOf(source), options)) {
      sendReady(false);
      ready = chunk;
      while (waiting >= CHUNKS_AHEAD && !isClosed) await Promise.race([once(port, "message"), closed]);
      if (isClosed) return;
    }
    sendReady(true);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    sendReady(false);
    send({ kind: "unreadable", message: error.message });
  }
}
