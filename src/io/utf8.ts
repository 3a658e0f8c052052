/** UTF-8 in bytes: its characters and lines, and the first place at which bytes are not UTF-8. */

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

/** The start of the first character from `from` on that is not UTF-8; `to` when all are. */
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

/** The first bytes of a line are looked at one by one: for a short line, a call of `indexOf` takes longer. */
const ONE_BY_ONE = 32;

/** How many line feeds are in a range of bytes. */
export function linesIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    const near = Math.min(at + ONE_BY_ONE, to);
    while (at < near && bytes[at] !== LINE_FEED) at++;
    if (at === near) at = bytes.indexOf(LINE_FEED, at);
    if (at < 0 || at >= to) return count;
    count++;
    at++;
  }
  return count;
}

/**
 * The line and the column of a byte, each from 1.
 *
 * @param columns characters that stand before `bytes` on the first line
 * @param inBytes whether the column counts bytes, because they are not all characters
 */
export function placeIn(
  bytes: Uint8Array,
  at: number,
  columns: number,
  inBytes = false,
): { line: number; column: number } {
  const start = at === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, at - 1) + 1;
  const column = inBytes ? at - start : charactersIn(bytes, start, at);
  return { line: linesIn(bytes, 0, start) + 1, column: column + 1 + (start === 0 ? columns : 0) };
}
