/** What goes to standard error: complaints, not too many of them, and progress on a terminal. */

import type { Issue } from "../core/issue.ts";
import type { Io } from "./io.ts";

/** So many complaints are printed; the rest are counted. */
const PRINTED = 20;

function placeOf({ source, document, record, line, column }: Issue): string {
  const at = line === undefined ? "" : `:${line}:${column}`;
  const parts = [
    `${source}${at}`,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
  ];
  return parts.join(", ");
}

/** An issue as one line: where, what, and what Duo said. */
export function issueLine(issue: Issue, hint?: string): string {
  const { code, message, duo_code, duo_message } = issue;
  const duo = [duo_code, duo_message].filter((part) => part !== undefined).join(" ");
  const more = [hint, duo && `Duo says: ${duo}`].filter(Boolean).join("; ");
  return `${placeOf(issue)}: ${code}: ${message}${more === "" ? "" : ` (${more})`}`;
}

const EVERY_MILLISECONDS = 100;
const CLEAR_LINE = "\r\u001b[K";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text from outside as it may go to a terminal: control characters as escapes. */
export function printable(text: string): string {
  return text.replace(CONTROL, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

export class Messages {
  readonly #io: Io;
  #complaints = 0;
  #progressAt = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  /** One line about something that went wrong; after the first twenty they are only counted. */
  complain(line: string): void {
    this.#complaints++;
    if (this.#complaints <= PRINTED) this.say(line);
  }

  say(line: string): void {
    this.#clear();
    this.#io.stderr.write(`duo-udm: ${printable(line)}\n`);
  }

  /** Progress on a terminal, written over; nothing anywhere else. */
  progress(text: () => string): void {
    if (this.#io.stderr.isTTY !== true) return;
    const now = this.#io.now().getTime();
    if (now - this.#progressAt < EVERY_MILLISECONDS) return;
    this.#progressAt = now;
    this.#io.stderr.write(CLEAR_LINE + printable(text()));
  }

  /** `advice` tells where to find the complaints that were only counted. */
  close(advice: string): void {
    const more = this.#complaints - PRINTED;
    if (more > 0) this.say(`and ${more} more; ${advice}`);
    this.#clear();
  }

  #clear(): void {
    if (this.#progressAt > 0) this.#io.stderr.write(CLEAR_LINE);
    this.#progressAt = 0;
  }
}
