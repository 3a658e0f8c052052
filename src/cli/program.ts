/**
 * All commands with their options and help; those to try the tool with are in `trying.ts`. What a command needs is
 * loaded when it runs.
 */

import { Option } from "commander";
import { RESOURCES } from "../core/resource.ts";
import { defineCommand } from "./command.ts";
import type { CheckCommandOptions } from "./commands/check.ts";
import type { CollectCommandOptions } from "./commands/collect.ts";
import type { CompareOptions } from "./commands/compare.ts";
import type { CompareTenantOptions } from "./commands/compare-tenant.ts";
import type { CoverageOptions } from "./commands/coverage.ts";
import type { ExplainOptions } from "./commands/explain.ts";
import type { ImportCommandOptions } from "./commands/import.ts";
import type { MapCommandOptions } from "./commands/map.ts";
import type { ReportOptions } from "./commands/report.ts";
import type { ScrubCommandOptions } from "./commands/scrub.ts";
import type { TableOptions } from "./commands/table.ts";
import { GATE_OPTIONS } from "./gate.ts";
import { COLLECT_NOTES, IMPORT_NOTES } from "./notes.ts";
import {
  COLLECTED_AT,
  choiceOption,
  INPUT,
  INPUTS,
  JOBS,
  MAPPING_OPTIONS,
  numberOption,
  PROFILE,
  PROFILE_CHOICES,
  RECORDS_AT,
  RUN,
} from "./options.ts";
import { demoCommand, playgroundCommand, simulateCommand } from "./trying.ts";

const mapCommand = defineCommand({
  name: "map",
  summary: "turn Duo pages into UDM entities",
  description:
    "Maps every record of the inputs to its UDM entity and writes the entities as NDJSON. Standard error ends with " +
    "one line of counts. The status is 1 when a document or a record was rejected; all others are still mapped.",
  inputs: INPUTS,
  options: [
    new Option(
      "--out <path>",
      "write to a file or an s3:// object, which appears whole or not at all. A directory (or a path that ends " +
        "with /) takes one file per input",
    ),
    choiceOption("--format <format>", "format of the entities", ["ndjson", "json"]),
    RUN,
    RECORDS_AT,
    ...MAPPING_OPTIONS,
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
  run: async (inputs, options: MapCommandOptions, io) =>
    (await import("./commands/map.ts")).map(inputs, options, io),
});

const explainCommand = defineCommand({
  name: "explain",
  summary: "say what became of one record, and why",
  description:
    "Says whether a record makes an entity, what identifies it, who owns it, and what the record holds that no row " +
    "of the mapping table reads. Then lists the rows that wrote, and why the others did not. Without an option it " +
    "explains the first record. The output shows the record's values.",
  inputs: [["[input]", INPUT]],
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
    RUN,
    RECORDS_AT,
    ...MAPPING_OPTIONS,
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

const tableCommand = defineCommand({
  name: "table",
  summary: "print the mapping table",
  description:
    "Prints the mapping table that the program runs. The format md adds rules and decisions, tsv has what the vendor " +
    "publishes, and json has everything.",
  options: [
    new Option(
      "--format <format>",
      "format of the table (default: a list that fits on a terminal, else md; with --check, the file's)",
    ).choices(["md", "tsv", "json"]),
    PROFILE,
    new Option("--check <file>", "print nothing; end with status 1 when the file does not hold this table"),
  ],
  examples: ["table", "table --format tsv", "table --check docs/mapping.md"],
  run: async (_, options: TableOptions, io) => (await import("./commands/table.ts")).table(options, io),
});

const checkCommand = defineCommand({
  name: "check",
  summary: "find what ingestion would trip over",
  description:
    "Checks raw pages and the entities they make, or UDM entities, also within an import request. The content tells " +
    "which. The verdict is READY or NOT READY; NOT READY gives status 1. Any error makes it NOT READY, and so does " +
    "what the options below name.",
  inputs: INPUTS,
  options: [
    choiceOption("--format <format>", "format of the findings", ["text", "json", "github", "junit", "sarif"]),
    ...GATE_OPTIONS,
    RUN,
    RECORDS_AT,
    ...MAPPING_OPTIONS,
    COLLECTED_AT,
    new Option("--show-values", "show the raw values that issues are about").default(false),
    JOBS,
  ],
  examples: [
    "check pages/",
    "check entities.ndjson --strict --ignore HOSTNAME_FORMAT",
    "check pages/ --min-entities 90% --format sarif > duo-udm.sarif",
  ],
  run: async (inputs, options: CheckCommandOptions, io) =>
    (await import("./commands/check.ts")).check(inputs, options, io),
});

const coverageCommand = defineCommand({
  name: "coverage",
  summary: "count what the table reads of the pages, and what it does not",
  description:
    "Counts for each resource how often every table row fired, and which raw fields no row reads. With a baseline, " +
    "the status is 1 when fields are new, have vanished, or have another type.",
  inputs: INPUTS,
  options: [
    choiceOption("--format <format>", "format of the coverage", ["text", "json"]),
    new Option("--resource <name>", "show one resource only").choices([...RESOURCES, "unknown"]),
    new Option("--unmapped", "show only the fields that no row reads").default(false),
    new Option("--baseline <file>", "compare with a baseline; any difference gives status 1"),
    new Option("--write-baseline <file>", "write today's fields and types, to compare with later"),
    new Option("--update-baseline <file>", "add new fields and types to a baseline").conflicts(
      "writeBaseline",
    ),
    RUN,
    RECORDS_AT,
    ...MAPPING_OPTIONS,
    JOBS,
  ],
  examples: [
    "coverage pages/",
    "coverage pages/ --resource endpoints --unmapped",
    "coverage pages/ --write-baseline duo-fields.json",
    "coverage pages/ --baseline duo-fields.json",
  ],
  run: async (inputs, options: CoverageOptions, io) =>
    (await import("./commands/coverage.ts")).coverage(inputs, options, io),
});

const SIDE = "pages, UDM entities, a runParser answer, a directory of these, s3://bucket/prefix, or -";

const compareCommand = defineCommand({
  name: "compare",
  summary: "show how two sets of entities differ",
  description:
    "Compares two sets of entities, whoever made them. Pages are mapped first. Prints a verdict, then by table row " +
    "what differs, how often and where. The status is 1 when the sides differ. With --tenant, the other side is what " +
    "the active DUO_CONTEXT parser of a SecOps instance makes of the pages: once page by page, and once record by " +
    "record. The verdict says which OUTPUT and --owner fit that tenant. Nothing is changed there.",
  inputs: [
    ["<ours>", SIDE],
    ["[theirs...]", "the same; with --tenant, more pages"],
  ],
  options: [
    choiceOption("--format <format>", "format of the comparison", ["text", "json"]),
    new Option("--timestamps", "compare collected_timestamp too").default(false),
    new Option("--show-values", "show the values that differ").default(false),
    RECORDS_AT,
    ...MAPPING_OPTIONS,
    new Option("--their-profile <name>", "which table maps the second side (default: that of --profile)")
      .choices(PROFILE_CHOICES)
      .conflicts("tenant"),
    COLLECTED_AT,
    new Option("--tenant <name>", "projects/PROJECT/locations/LOCATION/instances/INSTANCE"),
    numberOption("--sample <n>", "with --tenant: records to try (at most 1,000)", 1).default(200),
  ],
  examples: [
    "compare pages/ golden/    # after: map pages/ --out golden/",
    "compare pages/ run-parser-answer.json",
    "compare old.ndjson new.ndjson --show-values",
    "compare pages/ pages/ --their-profile enriched",
    "compare pages/ --tenant projects/P/locations/us/instances/I",
  ],
  run: async (inputs, { tenant, ...options }: CompareOptions & Partial<CompareTenantOptions>, io) =>
    tenant === undefined
      ? (await import("./commands/compare.ts")).compare(inputs, options, io)
      : (await import("./commands/compare-tenant.ts")).compareTenant(inputs, { ...options, tenant }, io),
});

const scrubCommand = defineCommand({
  name: "scrub",
  summary: "replace the people and devices in pages with invented ones",
  description:
    "Writes a copy of the pages in which every name, address, number, identifier, host and free text is replaced. " +
    "The same value gets the same replacement throughout, and every table row treats every record as before. Prints " +
    "what was replaced and what was left, by field.",
  inputs: INPUTS,
  options: [
    RUN,
    RECORDS_AT,
    new Option("--out <directory>", "the directory or s3:// prefix for the pages").makeOptionMandatory(),
    new Option("--key <secret>", "the same key gives the same replacements again (default: a random one)"),
    new Option("--keep <field>", "leave a field as it is, by its name or path; repeatable").argParser(
      (name: string, before: readonly string[] = []) => [...before, name],
    ),
  ],
  examples: ["scrub pages/ --out shared/", "scrub pages/ --out fixtures/ --key for-our-tests --keep site"],
  run: async (inputs, options: ScrubCommandOptions, io) =>
    (await import("./commands/scrub.ts")).scrub(inputs, options, io),
});

const reportCommand = defineCommand({
  name: "report",
  summary: "write one HTML page about the pages",
  description:
    "Writes one self-contained HTML page: the verdict, what to do first, charts by resource, mapping coverage, issues, and " +
    "the fields that no row reads. The page holds nothing that identifies anyone. With --explore it holds the records as " +
    "well: each number leads to its records, and each record to its explanation.",
  inputs: INPUTS,
  options: [
    new Option(
      "--out <file>",
      "the HTML file or s3:// object, which appears whole or not at all",
    ).makeOptionMandatory(),
    new Option(
      "--explore",
      "put the records into the page, to filter, sort and explain them there. The file then holds personal data",
    ),
    RUN,
    RECORDS_AT,
    ...MAPPING_OPTIONS,
    COLLECTED_AT,
    JOBS,
  ],
  examples: ["report pages/ --out report.html", "report pages/ --explore --out confidential.html"],
  run: async (inputs, options: ReportOptions, io) =>
    (await import("./commands/report.ts")).report(inputs, options, io),
});

const collectCommand = defineCommand({
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
  notes: COLLECT_NOTES,
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
    "Sends UDM entities, or the entities that Duo pages make, to SecOps. Entities that check finds invalid are " +
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
    new Option(
      "--state <file>",
      "keep the progress in a file, so that the same call goes on where it was cut off",
    ),
    numberOption("--batch-bytes <n>", "most bytes per request", 1, 100_000_000).default(1_000_000),
    numberOption("--batch-entities <n>", "most entities per request", 1, 100_000).default(500),
    RUN,
    RECORDS_AT,
    COLLECTED_AT,
    ...MAPPING_OPTIONS,
    choiceOption("--format <format>", "format of the counts at the end", ["text", "json"]),
  ],
  notes: IMPORT_NOTES,
  examples: [
    "import pages/ --dry-run",
    "$ INSTANCE=projects/PROJECT/locations/us/instances/CUSTOMER",
    'import pages/ --instance "$INSTANCE" --rejected bad.ndjson',
    'import entities.ndjson --instance "$INSTANCE" --state import.state',
  ],
  run: async (inputs, options: ImportCommandOptions, io) =>
    (await import("./commands/import.ts")).importInputs(inputs, options, io),
});

/** In the order of the help. */
export const COMMANDS = [
  mapCommand,
  checkCommand,
  explainCommand,
  coverageCommand,
  reportCommand,
  playgroundCommand,
  compareCommand,
  scrubCommand,
  collectCommand,
  importCommand,
  simulateCommand,
  demoCommand,
  tableCommand,
];
