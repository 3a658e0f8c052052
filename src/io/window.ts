/** A window on the bytes of a source. */

import { constants } from "node:buffer";
import { lease } from "./memory.ts";

/** Documents of this many bytes or more are not copied. */
const LARGE = 1 << 25;

/** The memory for this many bytes and more to come: from {@link LARGE} on, enough for the longest document. */
function roomFor(bytes: number): number {
  return bytes < LARGE ? bytes * 2 : Math.max(bytes, constants.MAX_STRING_LENGTH + LARGE);
}

/** The bytes of a source that have been read and not yet given out. */
export class Window {
  readonly #chunks: AsyncIterator<Buffer> | undefined;
  /** The memory that the bytes are in: a chunk is copied, since its memory may be used again for the next. */
  #memory: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  isEnded = false;
  /** What stopped the reading before the end of the source. */
  error: unknown;

  /** @param bytes all there is, or chunks, each good until the next is asked for */
  constructor(bytes: AsyncIterable<Buffer> | Buffer) {
    if (Buffer.isBuffer(bytes)) {
      this.#memory = bytes;
      this.#end = bytes.length;
      this.isEnded = true;
    } else this.#chunks = bytes[Symbol.asyncIterator]();
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Good until more is read. */
  get bytes(): Buffer {
    return this.#memory.subarray(this.#start, this.#end);
  }

  /** Reads until the window holds this many bytes, or the source ends. */
  async fill(length: number): Promise<void> {
    while (this.length < length && !this.isEnded) await this.more();
  }

  /** Reads the next chunk; undefined at the end. */
  async more(): Promise<Buffer | undefined> {
    try {
      const next = await this.#chunks?.next();
      if (next !== undefined && next.done !== true) return this.#add(next.value);
    } catch (error) {
      this.error = error;
    }
    this.isEnded = true;
    return undefined;
  }

  /** All that is left, in chunks, each good until the next is asked for. Those that are not read yet are not copied. */
  async *rest(): AsyncGenerator<Buffer> {
    const { bytes } = this;
    this.drop(bytes.length);
    yield bytes;
    if (this.error !== undefined) throw this.error;
    while (!this.isEnded) {
      const next = await this.#chunks?.next();
      if (next === undefined || next.done === true) this.isEnded = true;
      else yield next.value;
    }
  }

  #add(chunk: Buffer): Buffer {
    const { length } = this;
    const needed = length + chunk.length;
    if (this.#end + chunk.length > this.#memory.length) {
      const old = this.bytes;
      if (needed > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(roomFor(needed));
      old.copy(this.#memory);
      this.#start = 0;
      this.#end = length;
    }
    chunk.copy(this.#memory, this.#end);
    this.#end += chunk.length;
    return this.#memory.subarray(this.#end - chunk.length, this.#end);
  }

  /** The first bytes, which leave the window. */
  take(length: number): Buffer {
    const first = this.bytes.subarray(0, length);
    this.#start += length;
    if (length < LARGE) {
      const taken = lease(length);
      first.copy(taken);
      return taken;
    }
    // A large document is not copied: what comes after it is.
    const rest = this.bytes;
    this.#memory = Buffer.from(rest);
    this.#start = 0;
    this.#end = rest.length;
    return first;
  }

  drop(length: number): void {
    this.#start += length;
  }

  close(): void {
    void this.#chunks?.return?.();
  }
}
