/**
 * Memory for what chunks hold: the thread that works on a source fills it, another may read it, and when nobody
 * needs the chunk any more it comes back to be filled again. It is shared and not transferred, since V8's code that
 * writes bytes is slower for good in a thread that has given memory away. V8 does not count shared memory when it
 * decides whether to collect garbage, so all of it must come back, and none is made while there is any to use.
 */

import type { Part, WorkName, Works } from "./work.ts";

const spare: SharedArrayBuffer[] = [];

/** Room for any chunk but that of a huge record, so that all memory serves for all of them. */
const ROOM = 1 << 20;

/** Chunks of fewer bytes share memory while they wait. */
const SMALL = ROOM / 4;

/** Memory for a chunk's bytes. */
export function chunkMemory(): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(spare.pop() ?? new SharedArrayBuffer(ROOM));
}

/** Takes memory back that this thread made, when nobody needs what is in it. */
export function takeBack(memories: readonly SharedArrayBuffer[]): void {
  spare.push(...memories);
}

function bytesOf(chunk: Works[WorkName]["chunk"]): Uint8Array | undefined {
  return "entities" in chunk ? chunk.entities : undefined;
}

function memoriesOf(bytes: Uint8Array | undefined): SharedArrayBuffer[] {
  return bytes?.buffer instanceof SharedArrayBuffer ? [bytes.buffer] : [];
}

/** Chunks that this thread makes, each good until the next is asked for. */
export async function* inTurn<C extends Works[WorkName]["chunk"]>(
  chunks: AsyncIterable<C>,
): AsyncGenerator<C> {
  for await (const chunk of chunks) {
    yield chunk;
    takeBack(memoriesOf(bytesOf(chunk)));
  }
}

/** Parts that wait to be taken, in this thread or on their way to another; what they hold is in `memories`. */
export class Parcel<N extends WorkName> {
  readonly parts: Part<N>[] = [];
  readonly memories: SharedArrayBuffer[] = [];
  /** The memory for small chunks, and how much of it is filled. */
  #shared: Uint8Array = new Uint8Array();
  #filled = 0;

  add(part: Part<N>): void {
    const bytes = part.kind === "chunk" ? bytesOf(part.chunk) : undefined;
    if (part.kind === "end" || bytes === undefined || bytes.length >= SMALL) {
      this.memories.push(...memoriesOf(bytes));
      this.parts.push(part);
      return;
    }
    this.parts.push({ kind: "chunk", chunk: { ...part.chunk, entities: this.#copy(bytes) } });
    takeBack(memoriesOf(bytes));
  }

  #copy(bytes: Uint8Array): Uint8Array {
    if (this.#filled + bytes.length > this.#shared.length) {
      this.#shared = chunkMemory();
      this.#filled = 0;
      this.memories.push(...memoriesOf(this.#shared));
    }
    const copy = this.#shared.subarray(this.#filled, this.#filled + bytes.length);
    copy.set(bytes);
    this.#filled += bytes.length;
    return copy;
  }
}
