/** A worker thread of `map`: maps one source a task and sends its chunks through the task's port. */

import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { InputError } from "../io/errors.ts";
import { fileSource, type SourceDescription } from "../io/sources.ts";
import { type Chunk, type MapSourceOptions, mapSource } from "./map-source.ts";

export interface MapTask {
  readonly file: SourceDescription;
  readonly options: MapSourceOptions;
  readonly port: MessagePort;
}

/** What comes through the port; `unreadable` and `end` are the last. */
export type MapMessage =
  | { readonly kind: "chunk"; readonly chunk: Chunk }
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "end" };

/** So many chunks may wait to be taken; the main thread answers each that it has taken. */
export const CHUNKS_AHEAD = 16;

export async function mapTask({ file, options, port }: MapTask): Promise<void> {
  const send = (message: MapMessage, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  let waiting = 0;
  port.on("message", () => {
    waiting--;
  });
  try {
    for await (const chunk of mapSource(fileSource(file), options)) {
      while (waiting >= CHUNKS_AHEAD) await once(port, "message");
      waiting++;
      const { buffer } = chunk.entities;
      send({ kind: "chunk", chunk }, buffer instanceof ArrayBuffer ? [buffer] : []);
    }
    send({ kind: "end" });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    send({ kind: "unreadable", message: error.message });
  } finally {
    port.close();
  }
}
