/** A worker thread: works on one source a task and sends its chunks through the task's port. */

import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { InputError } from "../io/errors.ts";
import { type SourceDescription, sourceOf } from "../io/sources.ts";
import { loadWork, type WorkName, type Works } from "./work.ts";

export interface Task<N extends WorkName> {
  readonly work: N;
  readonly source: SourceDescription;
  readonly options: Works[N]["options"];
  readonly port: MessagePort;
  /** Memory that the main thread is done with. */
  readonly spare: readonly ArrayBuffer[];
}

/** What comes through the port; `unreadable` and the chunk that says so are the last. */
export type Message<N extends WorkName> =
  | { readonly kind: "chunk"; readonly chunk: Works[N]["chunk"]; readonly isLast: boolean }
  | { readonly kind: "unreadable"; readonly message: string };

/** So many chunks may wait to be taken; the main thread answers each that it has taken. */
const CHUNKS_AHEAD = 8;

/** Memory for bytes that are handed over: new memory costs more than copying into old. */
const spare: ArrayBuffer[] = [];

/** A chunk that holds good, and what of it is handed over rather than copied. */
function kept<C extends object>(chunk: C): { chunk: C; transfer: ArrayBuffer[] } {
  if (!("entities" in chunk && chunk.entities instanceof Uint8Array)) return { chunk, transfer: [] };
  const { length } = chunk.entities;
  const found = spare.pop();
  const buffer = found !== undefined && found.byteLength >= length ? found : new ArrayBuffer(length);
  const entities = new Uint8Array(buffer, 0, length);
  entities.set(chunk.entities);
  return { chunk: { ...chunk, entities }, transfer: [buffer] };
}

export async function task<N extends WorkName>(given: Task<N>): Promise<void> {
  const { work, source, options, port } = given;
  spare.push(...given.spare);
  let waiting = 0;
  port.on("message", () => {
    waiting--;
  });
  // Nobody wants the rest of the source.
  let isClosed = false;
  const closed = once(port, "close").then(() => {
    isClosed = true;
  });
  const send = (message: Message<N>, transfer: ArrayBuffer[] = []): void => {
    waiting++;
    port.postMessage(message, transfer);
  };
  let ready: ReturnType<typeof kept<Works[N]["chunk"]>> | undefined;
  const sendReady = (isLast: boolean): void => {
    if (ready !== undefined) send({ kind: "chunk", chunk: ready.chunk, isLast }, ready.transfer);
  };
  try {
    for await (const chunk of (await loadWork(work))(sourceOf(source), options)) {
      sendReady(false);
      ready = kept(chunk);
      while (waiting >= CHUNKS_AHEAD && !isClosed) await Promise.race([once(port, "message"), closed]);
      if (isClosed) return;
    }
    sendReady(true);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    sendReady(false);
    send({ kind: "unreadable", message: error.message });
  } finally {
    port.close();
  }
}
