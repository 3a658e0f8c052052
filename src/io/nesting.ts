/** Follows brackets through a text that is too long to be kept. */

import { isBetween, isClosing, isOpening, LINE_FEED } from "./grammar.ts";

const QUOTE = 34;
const BACKSLASH = 92;

export class Nesting {
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Whether only a closing bracket and white space come before, and whether that white space has a line feed. */
  #hasClosed = false;
  #hasLineFeed = false;

  /**
   * Goes on in `bytes` from `from`.
   *
   * @returns where a document may end and another start; -1 where none does
   */
  next(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === LINE_FEED) {
        this.#isString = false;
        this.#hasLineFeed = true;
        if (this.#depth === 0) return at + 1;
      } else if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isString = false;
      } else if (isClosing(byte)) {
        this.#depth = Math.max(this.#depth - 1, 0);
        this.#hasClosed = true;
        this.#hasLineFeed = false;
        if (this.#depth === 0) return at + 1;
      } else if (!isBetween(byte)) {
        // Within a value a comma would stand between the two.
        const isBorder = this.#hasClosed && this.#hasLineFeed && isOpening(byte);
        this.#hasClosed = false;
        if (isBorder) {
          this.#depth = 0;
          return at;
        }
        if (isOpening(byte)) this.#depth++;
        else if (byte === QUOTE) {
          this.#isString = true;
          this.#isEscaped = false;
        }
      }
    }
    return -1;
  }
}
