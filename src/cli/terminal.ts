/** How lines for people go to standard output and standard error: in colour and to the width of a terminal. */

import { styleText } from "node:util";
import { streamOutput } from "../io/output.ts";
import { printableJson } from "../text/escape.ts";
import { WIDTH } from "../text/layout.ts";
import { type Line, linesText, type Tone } from "../text/lines.ts";
import type { Io, TextStream } from "./io.ts";

const STYLES = {
  error: "red",
  warning: "yellow",
  info: "cyan",
  good: "green",
  strong: "bold",
  faint: "dim",
} as const satisfies { readonly [T in Tone]: string };

function hasColour({ isTTY = false }: TextStream, { env, isPlain = false }: Io): boolean {
  return isTTY && !isPlain && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Lines as text for one of the two streams. */
export function textFor(stream: TextStream, io: Io, lines: readonly Line[]): string {
  if (!hasColour(stream, io)) return linesText(lines);
  return linesText(lines, (tone, text) => styleText(STYLES[tone], text, { validateStream: false }));
}

/** The columns that lines on standard output may take. */
export function widthOf({ stdout }: Io): number {
  return stdout.columns ?? WIDTH;
}

/** Prints lines to standard output. */
export async function printLines(io: Io, lines: readonly Line[]): Promise<void> {
  await streamOutput(io.stdout).write(textFor(io.stdout, io, lines));
}

/** Prints JSON to standard output. */
export async function printJson(io: Io, json: string): Promise<void> {
  await streamOutput(io.stdout).write(printableJson(json));
}
