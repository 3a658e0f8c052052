/** All commands with their options and help. What a command needs is loaded when it runs. */

import { Command, Option } from "commander";
import { printable } from "../text/escape.ts";
import { WIDTH } from "../text/layout.ts";
import { choiceOption, defineCommand, examplesText, numberOption } from "./command.ts";
import type { CheckCommandOptions } from "./commands/check.ts";
import type { CollectCommandOptions } from "./commands/collect.ts";
import type { CompareOptions } from "./commands/compare.ts";
import type { CoverageOptions } from "./commands/coverage.ts";
import type { DemoOptions } from "./commands/demo.ts";
import type { ExplainOptions } from "./commands/explain.ts";
import type { ImportCommandOptions } from "./commands/import.ts";
import type { MapOptions } from "./commands/map.ts";
import type { ReportOptions } from "./commands/report.ts";
import type { SimulateOptions } from "./commands/simulate.ts";
import type { SimulateSecopsOptions } from "./commands/simulate-secops.ts";
import type { TableOptions } from "./commands/table.ts";
import type { Io, Status } from "./io.ts";
import { packageVersion } from "./version.ts";

const INPUT =
  "a file, a directory (*.json, *.ndjson, *.jsonl, plain or .gz), s3://bucket/prefix, or - for standard input";
const INPUTS = [["<input...>", INPUT]] as const;

const COLLECTED_AT = new Option(
  "--collected-at <time>",
  "collection time of records that have no timestamp (default: when the file was last written)",
);
const JOBS = numberOption(
  "--jobs <n>",
  "threads to use (default: one per core for 64 MB of input or more, else one)",
  1,
  9_999_999,
);

const map = defineCommand({
  name: "map",
  summary: "turn Duo pages into UDM entities",
  description:
    "Maps every record of the inputs to its UDM entity and writes the entities as NDJSON. Standard error ends with " +
    "one line of counts. The status is 1 when a document or a record was rejected; all others are mapped.",
  inputs: INPUTS,
  options: [
    new Option(
      "--out <path>",
      "write to a file or an s3:// object, which appears whole or not at all. A directory (or a path that ends " +
        "with /) takes one file per input",
    ),
    choiceOption("--format <format>", "format of the entities", ["ndjson", "json"]),
    COLLECTED_AT,
    new Option("--issues <file>", "write every issue to a file, as NDJSON"),
    JOBS,
  ],
  examples: [
    "map duo-endpoints-00000.json | head -1",
    "map pages/ --out entities.ndjson --issues issues.ndjson",
    "map pages/ --out entities/",
    "map s3://bucket/duo/context --out s3://bucket/duo/udm/",
    "map - --collected-at 2026-01-31T00:00:00Z < page.json",
  ],
  run: async (inputs, options: MapOptions, io) =>
    (await import("./commands/map.ts")).map(inputs, options, io),
});

const explain = defineCommand({
  name: "explain",
  summary: "say what became of one record, and why",
  description:
    "Says whether a record makes an entity, what identifies it, who owns it, and what the record holds that no row " +
    "of the mapping table reads. Then lists the rows that wrote, and why the others did not. Without an option it " +
    "explains the first record. The values of the record are shown.",
  inputs: [["<input>", INPUT]],
  options: [
    numberOption(
      "--record <n>",
      "explain the record at this position, counted from 0 over all of the input",
    ).conflicts("id"),
    new Option(
      "--id <id>",
      "explain the record with this Duo key, e-mail address, username, host name, phone number or serial, in " +
        "upper or lower case",
    ),
    new Option("--all", "list every row in the table's order, and all that it wrote"),
    COLLECTED_AT,
    choiceOption("--format <format>", "format of the explanation", ["text", "json"]),
  ],
  examples: [
    "explain duo-endpoints-00000.json --record 3",
    "explain pages/ --id EPX9K2M4T7B1Q8W3L5ZD",
    "explain pages/ --id ada@example.com --all",
  ],
  run: async ([input = ""], options: ExplainOptions, io) =>
    (await import("./commands/explain.ts")).explain(input, options, io),
});

const table = defineCommand({
  name: "table",
  summary: "print the mapping table",
  description:
    "Prints the mapping table that the program runs: md with rules and decisions, tsv as the vendor publishes it, " +
    "json with everything.",
  options: [
    new Option(
      "--format <format>",
      "format of the table (default: a list that fits on a terminal, else md; with --check, the file's)",
    ).choices(["md", "tsv", "json"]),
    new Option("--check <file>", "print nothing; end with status 1 when the file does not hold this table"),
  ],
  examples: ["table", "table --format tsv", "table --check docs/mapping.md"],
  run: async (_, options: TableOptions, io) => (await import("./commands/table.ts")).table(options, io),
});

const check = defineCommand({
  name: "check",
  summary: "find what ingestion would trip over",
  description:
    "Checks raw pages and the entities they make, or UDM entities as NDJSON; the content tells which. The status " +
    "is 1 when there is an error, and with --strict also when there is a warning.",
  inputs: INPUTS,
  options: [
    choiceOption("--format <format>", "format of the findings", ["text", "json"]),
    new Option("--strict", "let warnings fail the check too").default(false),
    COLLECTED_AT,
    new Option("--show-values", "show the raw values that issues are about").default(false),
    JOBS,
  ],
  examples: ["check pages/", "check entities.ndjson --strict", "check pages/ --format json"],
  run: async (inputs, options: CheckCommandOptions, io) =>
    (await import("./commands/check.ts")).check(inputs, options, io),
});

const coverage = defineCommand({
  name: "coverage",
  summary: "count what the table reads of the pages, and what it does not",
  description:
    "Counts for each resource how often every table row fired, and which raw fields no row reads. With a baseline, " +
    "the status is 1 when fields are new, have vanished, or have another type.",
  inputs: INPUTS,
  options: [
    choiceOption("--format <format>", "format of the coverage", ["text", "json"]),
    new Option("--baseline <file>", "compare with a baseline; any difference gives status 1"),
    new Option("--write-baseline <file>", "write today's fields and types, to compare with later"),
    JOBS,
  ],
  examples: [
    "coverage pages/",
    "coverage pages/ --write-baseline duo-fields.json",
    "coverage pages/ --baseline duo-fields.json",
  ],
  run: async (inputs, options: CoverageOptions, io) =>
    (await import("./commands/coverage.ts")).coverage(inputs, options, io),
});

const SIDE = "pages, UDM entities, an answer of runParser, a directory of such, s3://bucket/prefix, or -";

const compare = defineCommand({
  name: "compare",
  summary: "set two sets of entities side by side",
  description:
    "Compares two sets of entities, whoever made them: pages are mapped first. Prints a verdict, then by table row " +
    "what differs, how often and where. The status is 1 when the sides differ.",
  inputs: [
    ["<ours>", SIDE],
    ["<theirs>", "the same"],
  ],
  options: [
    choiceOption("--format <format>", "format of the comparison", ["text", "json"]),
    new Option("--timestamps", "compare collected_timestamp too").default(false),
    new Option("--show-values", "show the values that differ").default(false),
    COLLECTED_AT,
  ],
  examples: [
    "compare pages/ golden/    # after: map pages/ --out golden/",
    "compare pages/ run-parser-answer.json",
    "compare old.ndjson new.ndjson --show-values",
  ],
  run: async (inputs, options: CompareOptions, io) =>
    (await import("./commands/compare.ts")).compare(inputs, options, io),
});

const report = defineCommand({
  name: "report",
  summary: "write one HTML page about the pages",
  description:
    "Writes one self-contained HTML page: counts, charts, mapping coverage, issues and what to do about them, and " +
    "the fields that no row reads. The page holds nothing that identifies anyone.",
  inputs: INPUTS,
  options: [
    new Option(
      "--out <file>",
      "the HTML file or s3:// object, which appears whole or not at all",
    ).makeOptionMandatory(),
    COLLECTED_AT,
    JOBS,
  ],
  examples: ["report pages/ --out report.html"],
  run: async (inputs, options: ReportOptions, io) =>
    (await import("./commands/report.ts")).report(inputs, options, io),
});

const demo = defineCommand({
  name: "demo",
  summary: "try everything with an invented Duo account",
  description:
    "Starts a simulated Duo account on this machine, then collects, maps, checks and reports on it. It needs no " +
    "configuration and no network.",
  options: [
    new Option("--out <directory>", "a new directory for the results").default("duo-udm-demo"),
    numberOption("--users <n>", "number of users in the account", 1, 9_999_999).default(2000),
  ],
  examples: ["demo", "demo --users 500 --out /tmp/demo"],
  run: async (_, options: DemoOptions, io) => (await import("./commands/demo.ts")).demo(options, io),
});

const collect = defineCommand({
  name: "collect",
  summary: "collect the pages of a Duo account into S3 or a directory",
  description:
    "Reads every page of the configured resources from the Duo Admin API and stores each page as it came. Writes a " +
    "manifest last and prints its name, which --run takes.",
  options: [
    new Option("--to <place>", "s3://bucket[/prefix] or a directory, instead of S3_BUCKET and S3_PREFIX"),
    new Option("--resource <name...>", "collect only these resources, instead of RESOURCES"),
    new Option(
      "--doctor",
      "collect nothing: try the keys, each resource, the clock and the store, and say what is wrong",
    ),
  ],
  notes: `Environment (with defaults):
  DUO_IKEY, DUO_SKEY    keys of the Admin API application
  DUO_API_HOSTNAME      its API hostname
  DUO_SKEY_SECRET_ID    secret key in AWS Secrets Manager, instead of DUO_SKEY
  S3_BUCKET, S3_PREFIX  where to write, unless --to is given (duo/context/)
  RESOURCES, LIMIT      what to read, and records per page (all seven, 500)
  OUTPUT                some of raw, records, udm; both is raw,udm (raw)
  RECORDS_PREFIX        where records go, one per line (duo/records/)
  UDM_PREFIX            where entities go (duo/udm/)
  KEY_LAYOUT            day, or run for one folder per run (day)
  MANIFEST_PREFIX       where the manifests go (duo/manifests/)
  DUO_SIGNATURE         v5 or v2 (v5)
  S3_FORCE_PATH_STYLE   true for S3 servers that need it (false)
  HTTPS_PROXY, NO_PROXY the proxy for Duo and AWS, and hosts without it
  NODE_EXTRA_CA_CERTS   the CA certificate of a proxy that inspects TLS
  DUO_API_URL           a simulator on this machine

Status: 0 done, 2 the configuration is wrong, 3 a resource failed (the manifest
says which one, and why), 130 or 143 interrupted (the manifest says where).`,
  examples: [
    "collect --to pages",
    "collect --to pages --doctor",
    "collect --to s3://example-bucket/duo/context",
    "$ OUTPUT=both duo-udm collect --resource endpoints --resource phones",
  ],
  run: async (_, options: CollectCommandOptions, io) =>
    (await import("./commands/collect.ts")).collect(options, io),
});

const importCommand = defineCommand({
  name: "import",
  summary: "send entities to Google SecOps",
  description:
    "Sends UDM entities, or the entities that Duo pages make, to SecOps. Entities that preflight finds invalid are " +
    "not sent. SecOps refuses a request as a whole, so a refused request is halved until the refused entities are " +
    "found; all others are accepted. Without --instance nothing is sent: the run shows what would be.",
  inputs: INPUTS,
  options: [
    new Option("--instance <name>", "projects/PROJECT/locations/LOCATION/instances/INSTANCE"),
    new Option(
      "--log-type <type>",
      "log type of all entities (default: DUO_USER_CONTEXT for users and groups, else DUO_CONTEXT)",
    ),
    new Option("--dry-run", "do everything except sending"),
    new Option("--rejected <file>", "write every rejected entity to a file, as NDJSON, with its issues"),
    new Option("--state <file>", "keep the progress in a file, so that a run that was cut off can go on"),
    numberOption("--batch-bytes <n>", "most bytes per request", 1_000, 100_000_000).default(1_000_000),
    numberOption("--batch-entities <n>", "most entities per request", 1, 100_000).default(500),
    COLLECTED_AT,
    choiceOption("--format <format>", "format of the counts at the end", ["text", "json"]),
  ],
  notes: `Credentials are Google's Application Default Credentials. They need the
permission chronicle.entities.import. Every run sends all entities: SecOps keeps
an entity that it already has once, and forgets context after five days, so
import daily.

Environment (with defaults):
  GOOGLE_APPLICATION_CREDENTIALS  a credentials file
  SECOPS_API_HOST     the API's host ({location}-chronicle.googleapis.com)
  SECOPS_API_VERSION  the API's version (v1beta)
  SECOPS_API_URL      a simulator on this machine

Status: 0 done, 1 something was rejected, 2 the call is wrong, 3 it could not
finish (with --state, the same call goes on from there).`,
  examples: [
    "import pages/ --dry-run",
    "import pages/ --instance projects/P/locations/us/instances/I --rejected bad.ndjson",
    "import entities.ndjson --instance projects/P/locations/us/instances/I --state import.state",
  ],
  run: async (inputs, options: ImportCommandOptions, io) =>
    (await import("./commands/import.ts")).importInputs(inputs, options, io),
});

const simulate = defineCommand({
  name: "simulate",
  summary: "serve the Duo Admin API of an invented account on this machine",
  description:
    "Serves all seven resources on 127.0.0.1, checks signatures and dates as Duo does, and misbehaves on demand. " +
    "Prints the environment variables that collect needs to find it. With --api secops it serves the SecOps API " +
    "instead, for import and compare --tenant.",
  options: [
    choiceOption("--api <api>", "which API to serve", ["duo", "secops"]),
    numberOption("--port <n>", "port to listen on; 0 takes any free port", 0, 65_535).default(0),
    numberOption("--users <n>", "number of users; all other resources grow with them", 0, 10_000_000).default(
      1_000,
    ),
    numberOption("--seed <n>", "the same seed gives the same account", 0, 999_999_999).default(1),
    new Option(
      "--fault <fault...>",
      "what to do wrong: a kind (see below), then ,resource=R ,offset=N ,times=N ,every=N ,retry-after=N as needed",
    ),
    new Option(
      "--parser <differences>",
      "secops: what its parser does differently: owner=noun, owner=both, response=closed, first_user, case, " +
        "default_type, default_status, with commas between them; custom or none for the active parser",
    ),
    new Option("--refuse <text...>", "secops: refuse entities that hold one of these texts"),
  ],
  notes: `Faults of the Duo API that pass (once, unless times or every says otherwise):
  rate-limit      429, with Retry-After where retry-after is given
  server-error    500
  html, html-ok   an HTML page with status 502, with status 200
  drop            the connection closes without an answer
  truncate, cut   half of a page, and the connection breaks or does not
  not-utf8        a byte that is not UTF-8

Faults that stay:
  dead, fail      500; 200 with stat FAIL
  forbidden       403: the application lacks the permission
  stuck-offset    next_offset does not grow
  runaway-offset  next_offset lies far beyond total_objects
  empty-pages     pages without records that name a next one
  repeated-pages  the first page again and again
  short           fewer records than total_objects says
  null-response   response is null
  odd-elements    elements of response that are no objects
  long-lines      records of 60,000 characters
  endless, huge   a body without end; a page of 70 MB
  redirect        302 to a sign-in page
  portal          200 with a sign-in page
  proxy-login     407
  echo            400 with a message that repeats the request's headers

With --api secops: rate-limit, server-error, html, html-ok, drop, truncate,
unavailable, lost, too-large, expired-token, unauthorized, forbidden, not-found
and dead, for R one of import, parsers, run.`,
  examples: [
    "simulate --users 100000",
    "simulate --fault rate-limit,every=10 --fault dead,resource=tokens",
    "simulate --port 8443 > simulator.env    # then, in another shell:",
    "$ env $(cat simulator.env) duo-udm collect --to pages",
    "simulate --api secops --parser owner=noun,response=closed",
  ],
  run: async (_, { api, ...options }: SimulateOptions & SimulateSecopsOptions & { api?: string }, io) =>
    api === "secops"
      ? (await import("./commands/simulate-secops.ts")).simulateSecops(options, io)
      : (await import("./commands/simulate.ts")).simulate(options, io),
});

/** In the order of the help. */
const COMMANDS = [
  map,
  check,
  explain,
  coverage,
  compare,
  report,
  table,
  collect,
  importCommand,
  simulate,
  demo,
];

/** A complaint about the call as it may be shown. Commander's own line end stands before its suggestion. */
function complaint(text: string): string {
  const lines = text.trimEnd().split(/\n(?=\(Did you mean )/);
  return `${lines.map(printable).join("\n")}\n`;
}

/** The program with all its commands. Each hands its status to `finish`; help and version go to `show`. */
export function program(
  io: Io,
  finish: (status: Status) => void,
  show: (text: string) => void = (text) => void io.stdout.write(text),
): Command {
  const command = new Command("duo-udm")
    .description(
      "Turns Duo Admin API pages into Google SecOps UDM entities, by the mapping table of DUO_CONTEXT.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .option("--quiet", "print nothing but the results and errors")
    .option("--no-color", "print without colour, on a terminal too (as NO_COLOR does)")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: show,
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(complaint(text)),
      getOutHelpWidth: () => io.stdout.columns ?? WIDTH,
      getErrHelpWidth: () => io.stderr.columns ?? WIDTH,
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
