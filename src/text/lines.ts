/** Lines for people, before it is known whether they go to a terminal, a pipe or a file. */

import { printable } from "./escape.ts";

/** What a piece of text means. A terminal shows it in colour. */
export type Tone = "error" | "warning" | "info" | "good" | "strong" | "faint";

export type LinePart = string | { readonly tone: Tone; readonly text: string };

/** One line without its line end. A line end within it comes from outside, and is escaped. */
export type Line = string | readonly LinePart[];

/** A whole line of one tone. */
export function toned(tone: Tone, text: string): Line {
  return [{ tone, text }];
}

/** The lines as text. `paint` colours the toned pieces; by default nothing is coloured. */
export function linesText(
  lines: readonly Line[],
  paint: (tone: Tone, text: string) => string = (_, text) => text,
): string {
  const piece = (part: LinePart): string =>
    typeof part === "string" ? printable(part) : paint(part.tone, printable(part.text));
  return lines
    .map((line) => `${typeof line === "string" ? printable(line) : line.map(piece).join("")}\n`)
    .join("");
}
