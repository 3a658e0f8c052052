/** Runs one command line: what it prints, and the status it ends with. */

import { Command, CommanderError, Help, type Option } from "commander";
import { CollectionError } from "../collector/errors.ts";
import { ClosedPipe, ConfigError, InputError, OutputError } from "../io/errors.ts";
import { streamOutput } from "../io/output.ts";
import { closeS3 } from "../io/s3.ts";
import { printable } from "../text/escape.ts";
import { examplesText } from "./command.ts";
import { type Io, Status } from "./io.ts";
import { Messages } from "./messages.ts";
import { COMMANDS } from "./program.ts";
import { widthOf } from "./terminal.ts";
import { packageVersion } from "./version.ts";

/** Commander's complaint about the call, made printable. Only the line end before its suggestion stays. */
function complaint(text: string): string {
  const lines = text.trimEnd().split(/\n(?=\(Did you mean )/);
  return `${lines.map(printable).join("\n")}\n`;
}

/** An option in the help. That a switch is off until it is given goes without saying. */
function optionDescription(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option);
}

/** The program with all its commands. Each hands its status to `finish`; help and version go to `show`. */
export function program(io: Io, finish: (status: Status) => void, show: (text: string) => void): Command {
  const command = new Command("duo-udm")
    .description(
      "Turns Duo Admin API pages into Google SecOps UDM entities, by the mapping table of DUO_CONTEXT.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .option("--quiet", "print only results and errors; check prints only errors")
    .option("--no-color", "print without colour, even on a terminal (as NO_COLOR does)")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: true, optionDescription })
    .configureOutput({
      writeOut: show,
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(complaint(text)),
      getOutHelpWidth: () => widthOf(io.stdout),
      getErrHelpWidth: () => widthOf(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError("(duo-udm --help lists the commands; duo-udm COMMAND --help explains one)")
    .addHelpText(
      "after",
      examplesText(["map pages/ > entities.ndjson", "explain page.json --record 3", "demo"]),
    );
  const ioNow = (): Io => {
    const { quiet = false, color } = command.opts();
    return { ...io, isQuiet: quiet, isPlain: !color };
  };
  for (const add of COMMANDS) add(command, ioNow, finish);
  return command;
}

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
 * Runs one command line, given as the words after the program's name.
 *
 * @returns the exit status: 0 done, 1 something was rejected or failed a check, 2 the call is wrong,
 *   3 it could not finish
 */
export async function run(argv: readonly string[], io: Io): Promise<Status> {
  try {
    return await obey(argv, io);
  } catch (error) {
    if (error instanceof ClosedPipe) return Status.DONE;
    const messages = new Messages({ ...io, isPlain: argv.includes("--no-color") });
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
