/** Runs a command line in this process, with its streams captured. */

import { Readable, Writable } from "node:stream";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

class Captured extends Writable {
  readonly isTTY: boolean;
  #chunks: Buffer[] = [];

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
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

/** @param around standard input, whether standard error is a terminal, and the time it is */
export async function duoUdm(
  argv: readonly string[],
  around: { stdin?: string | Buffer; isTerminal?: boolean; now?: () => Date } = {},
): Promise<Ran> {
  const stdout = new Captured(false);
  const stderr = new Captured(around.isTerminal === true);
  const io: Io = {
    stdin: Readable.from([Buffer.from(around.stdin ?? "")]),
    stdout,
    stderr,
    env: {},
    now: around.now ?? (() => new Date("2026-01-02T03:04:05Z")),
  };
  const status = await run(argv, io);
  return { status, stdout: stdout.text, stderr: stderr.text };
}
