/**
 * Memory for what is read, which is used again. V8 does not hurry to free memory that is outside of its heap: left to
 * it, more than a hundred megabytes of what was read would wait to be freed.
 */

/** So much memory waits to be used again. */
const KEPT_BYTES = 1 << 25;

/** What was leased, and may come back. */
const leased = new WeakSet<ArrayBufferLike>();

const spare: ArrayBuffer[] = [];
let spareBytes = 0;

/** What is a little larger than it need be fits too. */
const fits = (memory: ArrayBuffer, bytes: number): boolean =>
  memory.byteLength >= bytes && memory.byteLength <= bytes + (bytes >> 2) + 4096;

/** Memory for so many bytes, with anything in it. */
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
