/**
 * Memory for what chunks hold: the thread that works on a source fills it, another may read it, and when nobody
 * needs the chunk any more it comes back to be filled again. It is shared and not transferred, since V8's code that
 * writes bytes is slower for good in a thread that has given memory away. V8 does not count shared memory when it
 * decides whether to collect garbage, so all of it must come back, and none is made while there is any to use.
 */

const spare: SharedArrayBuffer[] = [];

/** Room for any chunk but that of a huge record, so that all memory serves for all of them. */
const ROOM = 1 << 20;

/** Memory for a chunk's bytes. */
export function chunkMemory(): Uint8Array {
  return new Uint8Array(spare.pop() ?? new SharedArrayBuffer(ROOM));
}

/** The memory of a chunk that nobody needs any more, for the thread that filled it. */
export function memoryOf(chunk: object): SharedArrayBuffer | undefined {
  const bytes = "entities" in chunk && chunk.entities instanceof Uint8Array ? chunk.entities : undefined;
  return bytes?.buffer instanceof SharedArrayBuffer ? bytes.buffer : undefined;
}

/** Takes memory back. */
export function takeBack(memory: SharedArrayBuffer | undefined): void {
  if (memory !== undefined) spare.push(memory);
}

/** Chunks that this thread made, each good until the next is asked for. */
export async function* inTurn<C extends object>(chunks: AsyncIterable<C> | Iterable<C>): AsyncGenerator<C> {
  for await (const chunk of chunks) {
    yield chunk;
    takeBack(memoryOf(chunk));
  }
}
