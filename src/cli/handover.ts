/**
 * Chunks that outlive the next step of the work that gave them: on their way to another thread, or kept until
 * their turn. Memory for their bytes is used again, since new memory costs more than copying. It is shared and
 * not transferred, since V8's code that writes bytes is slower for good in a thread that has given memory away.
 */

const spare: SharedArrayBuffer[] = [];

/** More is left to the garbage collector: this thread may get more from the others than it needs. */
const MOST_SPARE = 8;

function bytesOf(chunk: object): Uint8Array | undefined {
  return "entities" in chunk && chunk.entities instanceof Uint8Array ? chunk.entities : undefined;
}

/** A chunk that stays good, in this thread and another. */
export function keep<C extends object>(chunk: C): C {
  const bytes = bytesOf(chunk);
  if (bytes === undefined) return chunk;
  const { length } = bytes;
  const known = spare.pop();
  const memory = known !== undefined && known.byteLength >= length ? known : new SharedArrayBuffer(length);
  const entities = new Uint8Array(memory, 0, length);
  entities.set(bytes);
  return { ...chunk, entities };
}

/** Nobody needs a kept chunk any more. */
export function drop(chunk: object): void {
  const memory = bytesOf(chunk)?.buffer;
  if (memory instanceof SharedArrayBuffer) addSpare([memory]);
}

/** As many chunks as a page of 500 records has, and one more. */
const MEMORIES_A_TASK = 2;

/** Spare memory for another thread to use. */
export function takeSpare(): SharedArrayBuffer[] {
  return spare.splice(0, MEMORIES_A_TASK);
}

/** Takes spare memory, from another thread too. */
export function addSpare(memory: readonly SharedArrayBuffer[]): void {
  spare.push(...memory.slice(0, MOST_SPARE - spare.length));
}
