/** How lines for people go to standard output and standard error: in colour and to the width of a terminal. */

import { StringDecoder } from "node:string_decoder";
import { styleText } from "node:util";
import { type Output, streamOutput } from "../io/output.ts";
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

/** The columns that lines on a stream may take. A terminal of unknown size says 0. */
export function widthOf({ columns }: TextStream): number {
  return columns || WIDTH;
}

/** Prints lines to standard output. */
export async function printLines(io: Io, lines: readonly Line[]): Promise<void> {
  await streamOutput(io.stdout).write(textFor(io.stdout, io, lines));
}

/** Standard output for JSON that is written piece by piece; a terminal gets it in a harmless form. */
export function jsonOutput({ stdout }: Io): Output {
  const output = streamOutput(stdout);
  if (stdout.isTTY !== true) return output;
  const decoder = new StringDecoder("utf8");
  return {
    ...output,
    write: (data) =>
      output.write(printableJson(typeof data === "string" ? data : decoder.write(Buffer.from(data)))),
  };
}

/** Prints JSON to standard output. */
export async function printJson(io: Io, json: string): Promise<void> {
  await streamOutput(io.stdout).write(printableJson(json));
}
