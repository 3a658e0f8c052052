/** A worker thread: works on the sources of a task and sends what they give through the task's port. */

import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { type SourceDescription, sourceOf } from "../io/sources.ts";
import { Parcel, takeBack } from "./handover.ts";
import { keepHeapSmall } from "./heap.ts";
import { loadWork, type Part, partsOf, type WorkName, type Works } from "./work.ts";

export interface Task<N extends WorkName> {
  readonly work: N;
  readonly sources: readonly SourceDescription[];
  readonly options: Works[N]["options"];
  readonly port: MessagePort;
}

/** The next parts; when they are taken, the main thread answers with `memories`. */
export interface Message<N extends WorkName> {
  readonly parts: readonly Part<N>[];
  readonly memories: readonly SharedArrayBuffer[];
  readonly isLast: boolean;
}

/** So many messages may wait to be taken. */
const MESSAGES_AHEAD = 8;

export async function task<N extends WorkName>({ work, sources, options, port }: Task<N>): Promise<void> {
  if (sources.some(({ s3 }) => s3 !== undefined)) keepHeapSmall();
  let waiting = 0;
  port.on("message", (memories: readonly SharedArrayBuffer[]) => {
    takeBack(memories);
    waiting--;
  });
  let parcel = new Parcel<N>();
  const send = (isLast: boolean): void => {
    const { parts, memories } = parcel;
    const message: Message<N> = { parts, memories, isLast };
    port.postMessage(message);
    waiting++;
    parcel = new Parcel();
  };
  // What the main thread has answered meanwhile comes in.
  await setImmediate();
  const doWork = await loadWork(work);
  const parts = partsOf<N>(sources.map(sourceOf), (source) => doWork(source, options));
  for await (const part of parts) {
    // A source of several chunks goes chunk by chunk, small sources together.
    if (part.kind === "chunk" && parcel.parts.at(-1)?.kind === "chunk") send(false);
    parcel.add(part);
    while (waiting >= MESSAGES_AHEAD) await once(port, "message");
  }
  send(true);
}
