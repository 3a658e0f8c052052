/** Runs one command line: what it prints, and the status it ends with. */

import { CommanderError } from "commander";
import { CollectionError } from "../collector/errors.ts";
import { ClosedPipe, ConfigError, InputError, OutputError } from "../io/errors.ts";
import { streamOutput } from "../io/output.ts";
import { closeS3 } from "../io/s3.ts";
import { type Io, Status } from "./io.ts";
import { Messages } from "./messages.ts";
import { program } from "./program.ts";

/** Runs the command that the words name, or prints the help or the version that they ask for. */
async function obey(argv: readonly string[], io: Io): Promise<Status> {
  let status: Status = Status.DONE;
  let help = "";
  const finish = (result: Status): void => {
    status = result;
  };
  const show = (text: string): void => {
    help += text;
  };
  try {
    await program(io, finish, show).parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return Status.USAGE;
  }
  if (help !== "") await streamOutput(io.stdout).write(help);
  return status;
}

/** The errors that say what happened and what to do. */
const KNOWN = [InputError, OutputError, CollectionError] as const;

/**
 * Runs one command line, the words behind the program's name.
 *
 * @returns the exit status: 0 done, 1 something was rejected or failed a check, 2 the call is wrong,
 *   3 it could not finish
 */
export async function run(argv: readonly string[], io: Io): Promise<Status> {
  try {
    return await obey(argv, io);
  } catch (error) {
    if (error instanceof ClosedPipe) return Status.DONE;
    const messages = new Messages(io);
    if (error instanceof ConfigError) {
      for (const fault of error.faults) messages.fail(fault);
      return Status.USAGE;
    }
    const message = error instanceof Error ? error.message : "unknown error";
    const isKnown = KNOWN.some((known) => error instanceof known);
    messages.fail(isKnown ? message : `${message}; this is a fault of duo-udm itself, please report it`);
    return Status.UNFINISHED;
  } finally {
    closeS3();
  }
}
