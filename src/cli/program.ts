/** The commands and their options. What a command needs is loaded when it runs. */

import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { CollectionError } from "../collector/errors.ts";
import { ClosedPipe, ConfigError, InputError, OutputError } from "../io/errors.ts";
import { closeS3 } from "../io/s3.ts";
import { register as registerCollect } from "./commands/collect.ts";
import { register as registerSimulate } from "./commands/simulate.ts";
import { type Io, Status } from "./io.ts";

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, from 0 on.");
  return Number(text);
}

function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, from 1 on.");
  return Number(text);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ duo-udm ${line}`).join("\n")}`;
}

const INPUT =
  "a file, a directory (*.json, *.ndjson, *.jsonl, plain or .gz), s3://bucket/prefix, or - for standard input";
const COLLECTED_AT =
  "collection time of records without a timestamp (default: when the file was last written)";

/** How many threads work on the inputs. */
function jobsOption(): Option {
  return new Option(
    "--jobs <n>",
    "threads that work, at most one an input (default: the cores, for 64 MB and more)",
  ).argParser(positiveNumber);
}

/** Refuses a collection time that cannot be read before anything else is done. */
async function checkTime(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const { timestamp } = await import("../core/time.ts");
  if (timestamp(text) !== undefined) return;
  throw new ConfigError(
    "--collected-at takes ISO 8601, or epoch seconds (10 digits) or milliseconds (13 digits)",
  );
}

/** The program with all its commands. Each hands its status to `finish`. */
export function program(io: Io, finish: (status: Status) => void): Command {
  const command = new Command("duo-udm")
    .description("Duo Admin API pages to Google SecOps UDM entities, by the mapping table of DUO_CONTEXT.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => 80,
    })
    .showHelpAfterError("(see duo-udm --help, or --help behind a command)")
    .addHelpText("after", examples("map pages/ > entities.ndjson", "explain page.json --record 3", "table"));

  command
    .command("map")
    .summary("map pages to UDM entities, as NDJSON")
    .description(
      "Maps every record of the inputs to its UDM entity. Standard error closes with one line of counts. " +
        "Status 1 when a document or record was rejected; all others are mapped.",
    )
    .argument("<input...>", INPUT)
    .option(
      "--out <path>",
      "write to a file or s3:// object, which appears whole or not at all; with / behind it, one an input",
    )
    .addOption(
      new Option("--format <format>", "of the entities").choices(["ndjson", "json"]).default("ndjson"),
    )
    .option("--collected-at <time>", COLLECTED_AT)
    .option("--issues <file>", "write every issue to a file, as NDJSON")
    .addOption(jobsOption())
    .addHelpText(
      "after",
      examples(
        "map duo-endpoints-00000.json | head -1",
        "map pages/ --out entities.ndjson --issues issues.ndjson",
        "map pages/ --out entities/",
        "map s3://bucket/duo/context --out s3://bucket/duo/udm/",
        "map - --collected-at 2026-01-31T00:00:00Z < page.json",
      ),
    )
    .action(async (inputs: string[], options) => {
      await checkTime(options.collectedAt);
      const { map } = await import("./commands/map.ts");
      finish(await map(inputs, options, io));
    });

  command
    .command("explain")
    .summary("say for one record what every table row did, and why")
    .description(
      "Says of one record, for every row of the mapping table, what it read, what it wrote, or why it wrote " +
        "nothing. Without an option it is the first record. The values of the record are shown.",
    )
    .argument("<input>", INPUT)
    .addOption(
      new Option("--record <n>", "the record at this index over all of the input, from 0")
        .argParser(wholeNumber)
        .conflicts("id"),
    )
    .option(
      "--id <id>",
      "the first record with this epkey, phone_id, user_id, hardware_uuid, device_name, ...",
    )
    .option("--collected-at <time>", COLLECTED_AT)
    .addOption(
      new Option("--format <format>", "of the explanation").choices(["text", "json"]).default("text"),
    )
    .addHelpText(
      "after",
      examples("explain duo-endpoints-00000.json --record 3", "explain pages/ --id EPX9K2M4T7B1Q8W3L5ZD"),
    )
    .action(async (input: string, options) => {
      await checkTime(options.collectedAt);
      const { explain } = await import("./commands/explain.ts");
      finish(await explain(input, options, io));
    });

  command
    .command("table")
    .summary("print the mapping table")
    .description(
      "Prints the mapping table that the program runs: md with rules and decisions, tsv as the vendor " +
        "publishes it, json with all of it.",
    )
    .addOption(
      new Option("--format <format>", "of the table (default: md, with --check the file's)").choices([
        "md",
        "tsv",
        "json",
      ]),
    )
    .option("--check <file>", "do not print; status 1 when the file does not hold the table as it is")
    .addHelpText("after", examples("table", "table --format tsv", "table --check README.md"))
    .action(async (options) => {
      const { table } = await import("./commands/table.ts");
      finish(await table(options, io));
    });

  command
    .command("check")
    .summary("preflight: find what ingestion would trip over")
    .description(
      "Checks raw pages and the entities they make, or UDM entities as NDJSON, told apart by content. Status 1 " +
        "when there is an error, with --strict also a warning.",
    )
    .argument("<input...>", INPUT)
    .addOption(new Option("--format <format>", "of the findings").choices(["text", "json"]).default("text"))
    .option("--strict", "let warnings fail the check too", false)
    .option("--collected-at <time>", COLLECTED_AT)
    .option("--show-values", "show the raw values that issues are about", false)
    .addOption(jobsOption())
    .addHelpText(
      "after",
      examples("check pages/", "check entities.ndjson --strict", "check pages/ --format json"),
    )
    .action(async (inputs: string[], options) => {
      await checkTime(options.collectedAt);
      const { check } = await import("./commands/check.ts");
      finish(await check(inputs, options, io));
    });

  command
    .command("coverage")
    .summary("count what the rows use of the pages, and what no row reads")
    .description(
      "Says for each resource how often every row fired and which raw fields no row reads. Against a baseline: " +
        "status 1 when fields are new, vanished or of another type.",
    )
    .argument("<input...>", INPUT)
    .addOption(new Option("--format <format>", "of the coverage").choices(["text", "json"]).default("text"))
    .option("--baseline <file>", "compare with a baseline; status 1 on any difference")
    .option("--write-baseline <file>", "write today's fields and types, to compare with later")
    .addOption(jobsOption())
    .addHelpText(
      "after",
      examples(
        "coverage pages/",
        "coverage pages/ --write-baseline duo-fields.json",
        "coverage pages/ --baseline duo-fields.json",
      ),
    )
    .action(async (inputs: string[], options) => {
      const { coverage } = await import("./commands/coverage.ts");
      finish(await coverage(inputs, options, io));
    });

  command
    .command("report")
    .summary("write one HTML page about the pages")
    .description(
      "Writes one self-contained HTML page: counts, charts, mapping coverage, issues and what to do about them, " +
        "unmapped fields. It holds nothing that identifies people.",
    )
    .argument("<input...>", INPUT)
    .requiredOption("--out <file>", "the HTML file or s3:// object, which appears whole or not at all")
    .option("--collected-at <time>", COLLECTED_AT)
    .addOption(jobsOption())
    .addHelpText("after", examples("report pages/ --out report.html"))
    .action(async (inputs: string[], options) => {
      await checkTime(options.collectedAt);
      const { report } = await import("./commands/report.ts");
      finish(await report(inputs, options, io));
    });

  command
    .command("demo")
    .summary("take an invented Duo account the whole way, on this machine")
    .description("Simulator, collector, mapping, preflight and report in one run. Needs no configuration.")
    .option("--out <directory>", "a new directory for what is made", "duo-udm-demo")
    .addOption(new Option("--users <n>", "users of the account").argParser(positiveNumber).default(2000))
    .addHelpText("after", examples("demo", "demo --users 500 --out /tmp/demo"))
    .action(async (options) => {
      const { demo } = await import("./commands/demo.ts");
      finish(await demo(options, io));
    });

  registerCollect(command, io, finish);
  registerSimulate(command, io, finish);

  return command;
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
  let status: Status = Status.DONE;
  const finish = (result: Status): void => {
    status = result;
  };
  try {
    await program(io, finish).parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof ClosedPipe) return Status.DONE;
    if (error instanceof CommanderError) return error.exitCode === 0 ? Status.DONE : Status.USAGE;
    const { printable } = await import("./messages.ts");
    const say = (line: string) => void io.stderr.write(`duo-udm: ${printable(line)}\n`);
    if (error instanceof ConfigError) {
      error.faults.forEach(say);
      return Status.USAGE;
    }
    const message = error instanceof Error ? error.message : "unknown error";
    const isKnown = KNOWN.some((known) => error instanceof known);
    say(isKnown ? message : `${message}; this is a fault of duo-udm itself, please report it`);
    return Status.UNFINISHED;
  } finally {
    closeS3();
  }
}
