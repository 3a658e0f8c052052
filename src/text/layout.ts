/** Text in lines of a given width. What comes from outside is made printable before it is measured. */

import { printable } from "./escape.ts";

/** The width of most terminals, and of text that goes to a file or a pipe. */
export const WIDTH = 80;

const DOTS = "...";

/** The text on one line of at most `width` characters. Dots stand for what is cut off. */
export function clip(text: string, width: number): string {
  const characters = [...printable(text)];
  return characters.length <= width
    ? characters.join("")
    : characters.slice(0, Math.max(width - DOTS.length, 0)).join("") + DOTS;
}

/** Like {@link clip}, but keeps the end. */
export function clipStart(text: string, width: number): string {
  const characters = [...printable(text)];
  return characters.length <= width
    ? characters.join("")
    : DOTS + characters.slice(characters.length - Math.max(width - DOTS.length, 0)).join("");
}

export interface Indents {
  /** Stands before the first line. */
  readonly first?: string;
  /** Stands before all other lines. Default: spaces, as wide as `first`. */
  readonly rest?: string;
}

/** Breaks text at its spaces into lines of at most `width`. Of a word that is longer, the end is kept. */
export function wrap(text: string, width: number, { first = "", rest }: Indents = {}): string[] {
  const indent = rest ?? " ".repeat(first.length);
  const room = Math.max(width - Math.max(first.length, indent.length), 1 + DOTS.length);
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const whole of text.split(" ")) {
    const word = clipStart(whole, room);
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((one) => one.trimEnd());
}

const NO_BREAK = "\u00a0";

/** A heading followed by a list of items with commas between them. An item stays on one line. */
export function wrapList(heading: string, items: readonly string[], width: number, indent = ""): string[] {
  if (items.length === 0) return [];
  const joined = items.map((item) => item.replaceAll(" ", NO_BREAK)).join(", ");
  const lines = wrap(`${heading}: ${joined}`, width, { first: indent, rest: `${indent}  ` });
  return lines.map((line) => line.replaceAll(NO_BREAK, " "));
}
