/** Seeded chance: the same seed, subject and index always give the same rolls. */

import { createHash } from "node:crypto";

export interface Dice {
  /** A whole number from 0 up to, not including, `sides`. */
  int(sides: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True once in `n` times, on average. */
  oneIn(n: number): boolean;
  /** Upper-case letters and digits. */
  text(length: number): string;
}

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Dice that roll the bytes of hashes of their name, block after block. */
export function dice(seed: number, subject: string, index: number): Dice {
  let block = 0;
  let bytes = Buffer.alloc(0);
  let next = 0;
  const int = (sides: number) => {
    if (next === bytes.length) {
      bytes = createHash("sha512").update(`${seed}/${subject}/${index}/${block++}`).digest();
      next = 0;
    }
    const roll = bytes.readUInt32BE(next) / 2 ** 32;
    next += 4;
    return Math.floor(roll * sides);
  };
  return {
    int,
    pick: (choices) => choices[int(choices.length)] ?? choices[0],
    oneIn: (n) => int(n) === 0,
    text: (length) => {
      let text = "";
      while (text.length < length) text += CHARACTERS[int(CHARACTERS.length)];
      return text;
    },
  };
}
