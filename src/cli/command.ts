/** How a command is described, and how the command line is made of the descriptions. */

import type { Command, Option } from "commander";
import type { RecordsAt } from "../core/page.ts";
import { ConfigError } from "../io/errors.ts";
import type { ProfileChoice, ProfileName } from "../profiles/index.ts";
import type { Io, Status } from "./io.ts";

/** What one command is called with, what its help says, and what it runs. `O` are its options. */
export interface CommandDefinition<O> {
  readonly name: string;
  /** The line in the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** Each argument as Commander writes it (`<input...>`), and what it is. */
  readonly inputs?: readonly (readonly [name: string, text: string])[];
  readonly options: readonly Option[];
  /** More help, in lines of at most 80 columns. */
  readonly notes?: string;
  /** What follows `duo-udm` in examples that work; a line that starts with `$` is a whole command line. */
  readonly examples: readonly string[];
  /** Loads the command and runs it. */
  readonly run: (inputs: string[], options: O, io: Io) => Promise<Status>;
}

/** Adds a command to a program. When the command has run, its status goes to `finish`. */
export type AddCommand = (program: Command, io: () => Io, finish: (status: Status) => void) => void;

/** The examples of a help text. */
export function examplesText(lines: readonly string[]): string {
  const commands = lines.map((line) => (line.startsWith("$ ") ? line : `$ duo-udm ${line}`));
  return ["", "Examples:", ...commands.map((command) => `  ${command}`)].join("\n");
}

/** Refuses an unreadable collection time, before the command is loaded. */
async function checkTime(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const { timestamp } = await import("../core/time.ts");
  if (timestamp(text) !== undefined) return;
  throw new ConfigError(
    "--collected-at takes ISO 8601, or epoch seconds (10 digits) or milliseconds (13 digits)",
  );
}

/** Reads where the documents stand. */
async function recordsAtOf(path: string | undefined): Promise<RecordsAt | undefined> {
  if (path === undefined) return undefined;
  const { parseRecordsAt } = await import("../core/page.ts");
  const at = parseRecordsAt(path);
  if (at !== undefined) return at;
  throw new ConfigError("--records-at takes a path such as result, _source.duo or logs[].data");
}

/** What maps the records. `compare` may map its second side with another profile, to which `--owner` applies too. */
function choiceOf({
  profile,
  owner,
  theirProfile = profile,
}: ProfileChoice & { readonly theirProfile?: ProfileName }): ProfileChoice {
  if (owner !== undefined && profile !== "vendor" && theirProfile !== "vendor") {
    throw new ConfigError(
      "--owner goes with the vendor profile only: the enriched profile has every owner in a relation",
    );
  }
  return { profile, owner };
}

export function defineCommand<O>(definition: CommandDefinition<O>): AddCommand {
  const { name, summary, description, inputs = [], options, notes, examples, run } = definition;
  return (program, io, finish) => {
    const command = program.command(name).summary(summary).description(description);
    for (const [argument, text] of inputs) command.argument(argument, text);
    for (const option of options) command.addOption(option);
    if (notes !== undefined) command.addHelpText("after", `\n${notes}`);
    command.addHelpText("after", examplesText(examples));
    command.action(async (...values) => {
      const given = values[inputs.length];
      await checkTime(given.collectedAt);
      const named: string[] = values
        .slice(0, inputs.length)
        .flat()
        .filter((value) => value !== undefined);
      if (inputs.length > 0 && named.length === 0 && given.run === undefined) {
        throw new ConfigError(`${name} needs an input: ${inputs[0]?.[1]}`);
      }
      finish(
        await run(named, given, {
          ...io(),
          run: given.run,
          recordsAt: await recordsAtOf(given.recordsAt),
          choice: choiceOf(given),
        }),
      );
    });
  };
}
