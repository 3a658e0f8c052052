/**
 * Memory for what is read. It is used again, because V8 is slow to free memory outside its heap: more than a hundred
 * megabytes of what was read would wait to be freed.
 */

/** The most memory, in bytes, that waits to be used again. */
const KEPT_BYTES = 1 << 25;

/** What was leased, and may come back. */
const leased = new WeakSet<ArrayBufferLike>();

const spare: ArrayBuffer[] = [];
let spareBytes = 0;

/** Memory that is a little larger than it needs to be fits too. */
const fits = (memory: ArrayBuffer, bytes: number): boolean =>
  memory.byteLength >= bytes && memory.byteLength <= bytes + (bytes >> 2) + 4096;

/** Memory for a number of bytes, with arbitrary content. */
export function lease(bytes: number): Buffer {
  const at = spare.findIndex((memory) => fits(memory, bytes));
  const [memory] = at < 0 ? [] : spare.splice(at, 1);
  if (memory !== undefined) spareBytes -= memory.byteLength;
  const buffer = memory ?? new ArrayBuffer(bytes);
  leased.add(buffer);
  return Buffer.from(buffer, 0, bytes);
}

/** Takes memory back that nobody reads any more; any that was not leased stays with its owner. */
export function giveBack({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || !leased.delete(buffer)) return;
  spare.push(buffer);
  spareBytes += buffer.byteLength;
  while (spareBytes > KEPT_BYTES) spareBytes -= spare.shift()?.byteLength ?? 0;
}
