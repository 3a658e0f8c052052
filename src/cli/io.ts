/** What a command sees of the process: passed in, so that a command is a function and only `main` touches it. */

import type { Readable, Writable } from "node:stream";
import type { RecordsAt } from "../core/page.ts";
import type { Env } from "../io/env.ts";
import type { FileIdentity } from "../io/sources.ts";
import type { ProfileChoice } from "../profiles/index.ts";

/** Standard output or standard error. */
export type TextStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface Io {
  readonly stdin: Readable;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** The file that standard output is redirected to, if it is one. */
  readonly stdoutFile?: FileIdentity;
  readonly env: Env;
  readonly now: () => Date;
  /**
   * For a command that ends itself when it is interrupted: the signal that tells it. The process then waits for it;
   * otherwise an interruption ends the process at once.
   */
  readonly interruption?: () => AbortSignal;
  /** `--run`: which run of the collector to read. */
  readonly run?: string | undefined;
  /** `--records-at`: where the documents stand in each JSON value. */
  readonly recordsAt?: RecordsAt | undefined;
  /** `--profile` and `--owner`: what maps the records. */
  readonly choice?: ProfileChoice;
  /** `--quiet`: standard error takes errors only. */
  readonly isQuiet?: boolean;
  /** `--no-color`: no colour, on a terminal either. */
  readonly isPlain?: boolean;
}

/** Exit statuses: done; done with something rejected; the call is wrong; could not finish. */
export const Status = { DONE: 0, REJECTED: 1, USAGE: 2, UNFINISHED: 3 } as const;
export type Status = (typeof Status)[keyof typeof Status];
