/** UTF-8 as it is, and where it is not. */

import { LINE_FEED } from "./grammar.ts";

/** The range of the second byte, for leading bytes with one of their own. Source: Unicode, table 3-7. */
const SECOND: Readonly<Record<number, readonly [number, number]>> = {
  224: [160, 191],
  237: [128, 159],
  240: [144, 191],
  244: [128, 143],
};

function lengthOf(lead: number): number {
  if (lead < 128) return 1;
  if (lead >= 194 && lead <= 223) return 2;
  if (lead >= 224 && lead <= 239) return 3;
  return lead >= 240 && lead <= 244 ? 4 : 0;
}

/** Where the first character starts that is not UTF-8, from `from` on; `to` where there is none. */
export function firstBadByte(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const lead = bytes[at] ?? 0;
    const length = lengthOf(lead);
    if (length === 0 || at + length > to) return at;
    const [low, high] = SECOND[lead] ?? [128, 191];
    for (let next = 1; next < length; next++) {
      const byte = bytes[at + next] ?? 0;
      if (byte < (next === 1 ? low : 128) || byte > (next === 1 ? high : 191)) return at;
    }
    at += length;
  }
  return to;
}

/** How many characters start in a range of bytes. */
export function charactersIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count++;
  return count;
}

/** Lines of fewer bytes are passed byte by byte: looking for the next line feed at once would take longer. */
const SHORT = 32;

/** How many line feeds are in a range of bytes. */
export function linesIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    const near = Math.min(at + SHORT, to);
    while (at < near && bytes[at] !== LINE_FEED) at++;
    if (at === near) at = bytes.indexOf(LINE_FEED, at);
    if (at < 0 || at >= to) return count;
    count++;
    at++;
  }
  return count;
}

/**
 * The place of a byte, from 1.
 *
 * @param columns characters that stand before the first line
 * @param inBytes whether the column counts bytes, as where they are no characters
 */
export function placeIn(
  bytes: Uint8Array,
  at: number,
  columns: number,
  inBytes = false,
): { line: number; column: number } {
  const start = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
  const column = inBytes ? at - start : charactersIn(bytes, start, at);
  return { line: linesIn(bytes, 0, start) + 1, column: column + 1 + (start === 0 ? columns : 0) };
}
