/** Unpacks gzip in browsers. The build puts it in the place of `src/io/gzip.ts`. */

import type { Damage } from "../../src/io/gzip.ts";
import { Buffer } from "./buffer.ts";

interface Unpacked {
  readonly chunks: readonly Uint8Array[];
  readonly isWhole: boolean;
}

/** Unpacks one member. A browser refuses bytes that follow it. */
async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Unpacked> {
  const chunks: Uint8Array[] = [];
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let next = await reader.read(); next.done !== true; next = await reader.read()) {
      chunks.push(next.value);
    }
    return { chunks, isWhole: true };
  } catch {
    return { chunks, isWhole: false };
  }
}

const HEADER = Buffer.from([0x1f, 0x8b, 8]);
/** The shortest member. */
const LEAST = 20;
/** The bytes of checksum and length, which may be zero as padding is. */
const TRAILER = 8;

/** Where the first of several members may end: before the header of another, or before padding. */
function* endsOf(bytes: Uint8Array): Generator<number> {
  const all = Buffer.from(bytes);
  for (let at = all.indexOf(HEADER, LEAST); at >= 0; at = all.indexOf(HEADER, at + 1)) yield at;
  let padding = bytes.length;
  while (bytes[padding - 1] === 0) padding--;
  for (let end = padding; end < Math.min(padding + TRAILER, bytes.length); end++) yield end;
}

/** The first member of several. */
async function firstOf(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<(Unpacked & { readonly end: number }) | undefined> {
  for (const end of endsOf(bytes)) {
    const unpacked = await unpack(bytes.subarray(0, end));
    if (unpacked.isWhole) return { ...unpacked, end };
  }
  return undefined;
}

/** The bytes of a gzip file of one member or several; `damage` says whether anything is wrong with it. */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>, damage: Damage): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  let rest = new Uint8Array(Buffer.concat(parts));
  while (rest.length > 0) {
    const all = await unpack(rest);
    const first = all.isWhole ? { ...all, end: rest.length } : await firstOf(rest);
    for (const chunk of (first ?? all).chunks) yield Buffer.from(chunk);
    damage.isFound = first === undefined;
    if (first === undefined) return;
    const next = rest.subarray(first.end);
    rest = next.subarray(next.findIndex((byte) => byte !== 0) < 0 ? next.length : 0);
  }
}

export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

/** The beginning of what is packed: at least `least` bytes, or all of it. */
export async function unpackedStart(bytes: Uint8Array, least: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([new Uint8Array(bytes)])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  try {
    while (length < least) {
      const next = await reader.read();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    await reader.cancel();
  } catch {
    // Damage is reported where the whole file is read.
  }
  return Buffer.concat(parts);
}
