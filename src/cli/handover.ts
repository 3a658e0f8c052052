/**
 * Chunks that outlive the next step of the work that gave them: on their way to another thread, or kept until
 * their turn. Memory for their bytes is used again, since new memory costs more than copying.
 */

const spare: ArrayBuffer[] = [];

/** More is left to the garbage collector: this thread may get more from the others than it needs. */
const MOST_SPARE = 8;

function bytesOf(chunk: object): Uint8Array | undefined {
  return "entities" in chunk && chunk.entities instanceof Uint8Array ? chunk.entities : undefined;
}

/** A chunk that stays good, and the memory that goes along when it is sent. */
export function keep<C extends object>(chunk: C): { readonly chunk: C; readonly memory: ArrayBuffer[] } {
  const bytes = bytesOf(chunk);
  if (bytes === undefined) return { chunk, memory: [] };
  const { length } = bytes;
  const known = spare.pop();
  const buffer = known !== undefined && known.byteLength >= length ? known : new ArrayBuffer(length);
  const entities = new Uint8Array(buffer, 0, length);
  entities.set(bytes);
  return { chunk: { ...chunk, entities }, memory: [buffer] };
}

/** Nobody needs a kept chunk any more. */
export function drop(chunk: object): void {
  const buffer = bytesOf(chunk)?.buffer;
  if (buffer instanceof ArrayBuffer) addSpare([buffer]);
}

/** As many chunks as a page of 500 records has, and one more. */
const MEMORIES_A_TASK = 2;

/** Spare memory to send to another thread. */
export function takeSpare(): ArrayBuffer[] {
  return spare.splice(0, MEMORIES_A_TASK);
}

/** Takes spare memory, from another thread too. */
export function addSpare(memory: readonly ArrayBuffer[]): void {
  spare.push(...memory.slice(0, MOST_SPARE - spare.length));
}
