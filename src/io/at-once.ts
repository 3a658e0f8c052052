/**
 * Small sources are read at once, into memory that is used again: new memory for each would make V8 collect garbage
 * early, and the system map it.
 */

import { Buffer } from "node:buffer";

/** Sources of fewer bytes, as most pages are, are read at once. */
export const AT_ONCE = 1 << 22;

const spare: Buffer[] = [];

/** Memory for a small source, and how to give it back. */
export function memoryAtOnce(): { readonly buffer: Buffer; release(): void } {
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(AT_ONCE);
  return { buffer, release: () => void spare.push(buffer) };
}
