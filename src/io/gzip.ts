/** Unpacks gzip, member by member, and gives all that can be unpacked of data that is damaged. */

import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";

/** Whether the data is cut short or damaged: known once all that can be unpacked has come. */
export interface Damage {
  isFound: boolean;
}

/** Data goes to zlib in slices, because zlib loses what it made of a slice in which it finds damage. */
const SLICE = 1 << 14;

/** Most packed data of a member that is kept, to be unpacked again in small steps up to the damage. */
const KEPT = 1 << 24;

const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/** Bytes that are read one after the other, and can be put back. */
class Packed {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At most `most` bytes; none at the end. */
  async slice(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return this.#rest;
      this.#rest = next.value;
    }
    const slice = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(slice.length);
    return slice;
  }

  putBack(bytes: Buffer): void {
    if (bytes.length > 0) this.#rest = Buffer.concat([bytes, this.#rest]);
  }

  /** This number of bytes, or fewer at the end. */
  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const slice = await this.slice(missing);
      if (slice.length === 0) break;
      parts.push(Buffer.from(slice));
      missing -= slice.length;
    }
    return Buffer.concat(parts);
  }

  /** Passes over text that ends with a zero. */
  async text(): Promise<void> {
    for (;;) {
      const [byte] = await this.exactly(1);
      if (byte === undefined || byte === 0) return;
    }
  }

  close(): void {
    void this.#chunks.return?.();
  }
}

/** Reads a member's header. @returns whether there is one */
async function header(packed: Packed): Promise<boolean> {
  const head = await packed.exactly(10);
  const [first, second, method, flags = 0] = head;
  if (head.length < 10 || first !== 0x1f || second !== 0x8b || method !== 8 || flags > 31) return false;
  if ((flags & HAS_EXTRA) !== 0) {
    const [low = 0, high = 0] = await packed.exactly(2);
    await packed.exactly(low | (high << 8));
  }
  if ((flags & HAS_NAME) !== 0) await packed.text();
  if ((flags & HAS_COMMENT) !== 0) await packed.text();
  if ((flags & HAS_CHECKSUM) !== 0) await packed.exactly(2);
  return true;
}

interface Inflated {
  readonly chunks: readonly Buffer[];
  readonly state: "more" | "ended" | "damaged";
}

/** Gives a slice to zlib, and takes all that comes of it. */
function inflate(inflater: InflateRaw, slice: Buffer): Promise<Inflated> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = (state: Inflated["state"]): void => {
      inflater.removeAllListeners("data").removeAllListeners("end").removeAllListeners("error");
      inflater.on("error", () => {});
      resolve({ chunks, state });
    };
    inflater.on("data", (chunk: Buffer) => chunks.push(chunk));
    inflater.on("end", () => done("ended"));
    inflater.on("error", () => done("damaged"));
    // The end, where there is one, comes in the turns before this.
    inflater.write(slice, () => setImmediate(() => done("more")));
  });
}

/** What can be unpacked of a member's data, bit by bit, after the first `given` bytes. */
async function upToDamage(data: Buffer, given: number): Promise<Buffer> {
  const inflater = createInflateRaw();
  const all: Buffer[] = [];
  try {
    for (let at = 0; at < data.length; ) {
      const isNear = data.length - at <= SLICE;
      const slice = data.subarray(at, isNear ? at + 1 : Math.min(at + SLICE, data.length - SLICE));
      const { chunks, state } = await inflate(inflater, slice);
      all.push(...chunks);
      if (state !== "more") break;
      at += slice.length;
    }
  } finally {
    inflater.destroy();
  }
  return Buffer.concat(all).subarray(given);
}

/**
 * The bytes of a gzip file of one member or several. Zeros after the end are padding. If it is cut short or
 * damaged, everything that can be unpacked comes first, and `damage` says so.
 */
export async function* gunzip(chunks: AsyncIterable<Buffer>, damage: Damage): AsyncGenerator<Buffer> {
  const packed = new Packed(chunks);
  try {
    for (;;) {
      if (!(await header(packed))) break;
      const inflater = createInflateRaw({ chunkSize: 1 << 17 });
      let kept: Buffer[] | undefined = [];
      let keptBytes = 0;
      let sum = 0;
      let length = 0;
      let state: Inflated["state"] = "more";
      try {
        while (state === "more") {
          const slice = await packed.slice(SLICE);
          if (slice.length === 0) break;
          const before = inflater.bytesWritten;
          const inflated = await inflate(inflater, slice);
          ({ state } = inflated);
          for (const chunk of inflated.chunks) {
            sum = crc32(chunk, sum);
            length += chunk.length;
            yield chunk;
          }
          kept?.push(Buffer.from(slice));
          keptBytes += slice.length;
          if (keptBytes > KEPT) kept = undefined;
          if (state === "ended") packed.putBack(slice.subarray(inflater.bytesWritten - before));
        }
      } finally {
        inflater.destroy();
      }
      if (state === "damaged" && kept !== undefined) yield await upToDamage(Buffer.concat(kept), length);
      if (state !== "ended") break;
      const trailer = await packed.exactly(8);
      if (trailer.length < 8) break;
      // The members after one with a wrong checksum may be sound.
      damage.isFound ||= trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== length % 2 ** 32;
      let next = await packed.exactly(1);
      if (next[0] === 0) {
        while (next.length > 0 && next.every((byte) => byte === 0)) next = await packed.slice(SLICE);
        if (next.length > 0) break;
      }
      if (next.length === 0) return;
      packed.putBack(next);
    }
    damage.isFound = true;
  } finally {
    packed.close();
  }
}
