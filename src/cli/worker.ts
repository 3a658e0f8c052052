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
}

/** What comes through the port; `unreadable` and `end` are the last. */
export type Message<N extends WorkName> =
  | { readonly kind: "chunk"; readonly chunk: Works[N]["chunk"] }
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "end" };

/** So many chunks may wait to be taken; the main thread answers each that it has taken. */
const CHUNKS_AHEAD = 16;

/** What of a chunk is handed over rather than copied. */
function bytesOf(chunk: object): ArrayBuffer[] {
  const bytes = "entities" in chunk ? chunk.entities : undefined;
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

export async function task<N extends WorkName>({ work, source, options, port }: Task<N>): Promise<void> {
  const send = (message: Message<N>, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  let waiting = 0;
  port.on("message", () => {
    waiting--;
  });
  // Nobody wants the rest of the source.
  let isClosed = false;
  const closed = once(port, "close").then(() => {
    isClosed = true;
  });
  try {
    const chunks = (await loadWork(work))(sourceOf(source), options);
    for await (const chunk of chunks) {
      while (waiting >= CHUNKS_AHEAD && !isClosed) await Promise.race([once(port, "message"), closed]);
      if (isClosed) return;
      waiting++;
      send({ kind: "chunk", chunk }, bytesOf(chunk));
    }
    send({ kind: "end" });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    send({ kind: "unreadable", message: error.message });
  } finally {
    port.close();
  }
}
