/** Runs a command line in this process, with its streams captured. */

import { Readable, Writable } from "node:stream";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import { rootUrl } from "./files.ts";

class Captured extends Writable {
  readonly isTTY: boolean;
  readonly columns?: number;
  #chunks: Buffer[] = [];

  constructor(isTTY: boolean, columns?: number) {
    super();
    this.isTTY = isTTY;
    if (columns !== undefined) this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(Buffer.from(chunk));
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly stdin?: string | Buffer;
  /** Whether standard error is a terminal. */
  readonly isTerminal?: boolean;
  /** The width of standard output, which is a terminal then. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
}

/** Runs `command` with captured streams around it. */
export async function captured(
  command: (io: Io) => Promise<number>,
  {
    stdin = "",
    isTerminal = false,
    columns,
    env = {},
    now = () => new Date("2026-01-02T03:04:05Z"),
  }: Around = {},
): Promise<Ran> {
  const stdout = new Captured(columns !== undefined, columns);
  const stderr = new Captured(isTerminal);
  const io: Io = { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, env, now };
  const status = await command(io);
  return { status, stdout: stdout.text, stderr: stderr.text };
}

export function duoUdm(argv: readonly string[], around?: Around): Promise<Ran> {
  return captured((io) => run(argv, io), around);
}

/** A built module, in this process: threads run built code. */
export const built = <Module>(path: string): Promise<Module> => import(rootUrl(`dist/${path}`).href);
