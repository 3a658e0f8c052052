/**
 * Chunks that outlive the next step of the work that gave them: on their way to another thread, or kept until
 * their turn. Memory for their bytes is used again, since new memory costs more than copying. It is shared and
 * not transferred, since V8's code that writes bytes is slower for good in a thread that has given memory away.
 * V8 does not count shared memory when it decides whether to collect garbage, so all of it comes back to the
 * thread that made it, and none is made while there is any to use.
 */

const spare: SharedArrayBuffer[] = [];

/** Room for any chunk but that of a huge record, so that all memory serves for all of them. */
const ROOM = 1 << 20;

function bytesOf(chunk: object): Uint8Array | undefined {
  return "entities" in chunk && chunk.entities instanceof Uint8Array ? chunk.entities : undefined;
}

/** A chunk that stays good, in this thread and another, until its memory is taken back. */
export function keep<C extends object>(chunk: C): C {
  const bytes = bytesOf(chunk);
  if (bytes === undefined) return chunk;
  const { length } = bytes;
  const known = length <= ROOM ? spare.pop() : undefined;
  const entities = new Uint8Array(known ?? new SharedArrayBuffer(Math.max(length, ROOM)), 0, length);
  entities.set(bytes);
  return { ...chunk, entities };
}

/** The memory of a kept chunk that nobody needs any more, for the thread that kept it. */
export function memoryOf(chunk: object): SharedArrayBuffer | undefined {
  const memory = bytesOf(chunk)?.buffer;
  return memory instanceof SharedArrayBuffer ? memory : undefined;
}

/** Takes memory back. */
export function takeBack(memory: SharedArrayBuffer | undefined): void {
  if (memory?.byteLength === ROOM) spare.push(memory);
}
