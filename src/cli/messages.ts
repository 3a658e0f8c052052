/** What goes to standard error: complaints, not too many of them, and progress on a terminal. */

import type { Issue } from "../core/issue.ts";
import { clip } from "../text/layout.ts";
import type { Line } from "../text/lines.ts";
import { number } from "../text/numbers.ts";
import type { Io } from "./io.ts";
import { textFor, widthOf } from "./terminal.ts";

/** The most complaints that are printed; the rest are only counted. */
const PRINTED = 20;

function whereOf({ source, document, record, line, column }: Issue): string {
  const at = column === undefined ? "" : `:${line}:${column}`;
  const parts = [
    `${source}${at}`,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
  ];
  return parts.join(", ");
}

/** Why a document could not be read, in words. */
const FAULTS: { readonly [fault: string]: string } = {
  encoding: "it is not UTF-8",
  gzip: "the gzip data is damaged or ends early",
  "too large": "it is over 512 MB; split it",
};

/** Where the complaints that were only counted are, for commands that do not write issues themselves. */
export const MAP_LISTS_ISSUES = "map --issues FILE lists them all";

/** An issue as one line: where, what, and what Duo said. */
export function issueLine(issue: Issue): string {
  const { code, message, duo_code, duo_message, fault, hint } = issue;
  const duo = [duo_code, duo_message].filter((part) => part !== undefined).join(" ");
  const cause = code === "JSON_INVALID" && fault !== undefined ? FAULTS[fault] : undefined;
  const more = [hint ?? cause, duo && `Duo says: ${duo}`].filter(Boolean).join("; ");
  return `${whereOf(issue)}: ${code}: ${message}${more === "" ? "" : ` (${more})`}`;
}

/** A wait before the next try, and why it is needed. */
export function retryText({ waitMs, error }: { readonly waitMs: number; readonly error: Error }): string {
  return `trying again in ${(waitMs / 1_000).toFixed(1)} s; ${error.message}`;
}

/** Work that takes less time than this shows no progress. */
const PATIENCE_MS = 1_000;
const EVERY_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

export class Messages {
  readonly #io: Io;
  readonly #start: number;
  readonly #showsProgress: boolean;
  #complaints = 0;
  #progressAt = 0;

  /** @param isStreaming whether standard output takes data while the work goes on */
  constructor(io: Io, isStreaming = false) {
    this.#io = io;
    this.#start = io.now().getTime();
    // What reads a pipe may write to the same terminal.
    const isApart = io.stdoutFile !== undefined || (io.stdout.isTTY === true && !isStreaming);
    this.#showsProgress = io.stderr.isTTY === true && isApart && io.isQuiet !== true;
  }

  /** One line about something that went wrong; after the first twenty they are only counted. */
  complain(line: string): void {
    this.#complaints++;
    if (this.#complaints <= PRINTED) this.fail(line);
  }

  /** Counts complaints whose text was not kept. */
  complainMore(count: number): void {
    this.#complaints += count;
  }

  /** One line about an error. */
  fail(line: string): void {
    this.#write([{ tone: "error", text: "duo-udm:" }, ` ${line}`]);
  }

  /** One line about anything else; `--quiet` leaves it out. */
  say(line: string): void {
    this.tell(`duo-udm: ${line}`);
  }

  /** Like {@link say}, but without the program's name. */
  tell(line: Line): void {
    if (this.#io.isQuiet !== true) this.#write(line);
  }

  /** Shows how far the work is, on a terminal only. Each call overwrites the line of the one before. */
  progress(text: () => string): void {
    if (!this.#showsProgress) return;
    const { now, stderr } = this.#io;
    const time = now().getTime();
    if (time - this.#start < PATIENCE_MS || time - this.#progressAt < EVERY_MS) return;
    this.#progressAt = time;
    stderr.write(CLEAR_LINE + clip(text(), widthOf(stderr) - 1));
  }

  /** Ends the messages. `advice` says where to find the complaints that were only counted. */
  close(advice: string): void {
    const more = this.#complaints - PRINTED;
    if (more > 0) this.fail(`and ${number(more)} more; ${advice}`);
    this.#clear();
  }

  #write(line: Line): void {
    this.#clear();
    this.#io.stderr.write(textFor(this.#io.stderr, this.#io, [line]));
  }

  #clear(): void {
    if (this.#progressAt > 0) this.#io.stderr.write(CLEAR_LINE);
    this.#progressAt = 0;
  }
}
