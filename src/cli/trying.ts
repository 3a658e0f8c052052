/** The commands to try the tool with: an invented account, and a page that maps what is pasted into it. */

import { Option } from "commander";
import { ConfigError } from "../io/errors.ts";
import { defineCommand } from "./command.ts";
import type { DemoOptions } from "./commands/demo.ts";
import type { PlaygroundOptions } from "./commands/playground.ts";
import type { SimulateOptions } from "./commands/simulate.ts";
import type { SimulateSecopsOptions } from "./commands/simulate-secops.ts";
import { SIMULATE_NOTES } from "./notes.ts";
import { choiceOption, numberOption } from "./options.ts";

export const playgroundCommand = defineCommand({
  name: "playground",
  summary: "write a page that maps what you paste into it",
  description:
    "Writes or serves one HTML page that runs the mapping in the browser. Paste a Duo page or drop a file, and see " +
    "the entities, the table rows and the issues beside it. Pointing at a value shows where it came from. The page " +
    "can send nothing: what you paste stays in the browser. Give --out, --serve or both.",
  options: [
    new Option("--out <file>", "the HTML file or s3:// object, which appears whole or not at all"),
    new Option("--serve", "serve the page on 127.0.0.1 and print its address, until Ctrl-C"),
  ],
  examples: ["playground --out playground.html", "playground --serve"],
  run: async (_, options: PlaygroundOptions, io) =>
    (await import("./commands/playground.ts")).playground(options, io),
});

export const demoCommand = defineCommand({
  name: "demo",
  summary: "try everything with an invented Duo account",
  description:
    "Starts a simulated Duo account on this machine, then collects, maps, checks and reports on it. It needs no " +
    "configuration and no network.",
  options: [
    new Option(
      "--out <directory>",
      "directory for the results: a new one, or that of an earlier demo",
    ).default("duo-udm-demo"),
    numberOption("--users <n>", "number of users in the account", 1, 9_999_999).default(2000),
  ],
  examples: ["demo", "demo --users 500 --out /tmp/demo"],
  run: async (_, options: DemoOptions, io) => (await import("./commands/demo.ts")).demo(options, io),
});

export const simulateCommand = defineCommand({
  name: "simulate",
  summary: "serve an invented Duo account, or the SecOps API, on this machine",
  description:
    "Serves an invented Duo account with all seven resources on 127.0.0.1. It checks signatures and dates as Duo does, " +
    "and misbehaves on demand. Prints the environment variables that collect needs to find it. With --api secops it " +
    "serves the SecOps API instead, for import and compare --tenant.",
  options: [
    choiceOption("--api <api>", "which API to serve", ["duo", "secops"]),
    numberOption("--port <n>", "port to listen on; 0 takes any free port", 0, 65_535).default(0),
    numberOption("--users <n>", "number of users; all other resources grow with them", 0, 10_000_000).default(
      1_000,
    ),
    numberOption("--seed <n>", "the same seed gives the same account", 0, 999_999_999).default(1),
    new Option(
      "--fault <fault...>",
      "what goes wrong: a kind from the list below, then ,resource=R ,offset=N ,times=N ,every=N ,retry-after=N as needed",
    ),
    new Option(
      "--parser <differences>",
      "with --api secops: what its parser does differently, separated by commas: owner=noun, owner=both, " +
        "response=closed, first_user, case, default_type, default_status; and custom or none to set the active parser",
    ),
    new Option("--refuse <text...>", "with --api secops: refuse entities that hold one of these texts"),
  ],
  notes: SIMULATE_NOTES,
  examples: [
    "simulate --users 100000",
    "simulate --fault rate-limit,every=10 --fault dead,resource=tokens",
    "simulate --port 8443 > simulator.env    # then, in another shell:",
    "$ env $(cat simulator.env) duo-udm collect --to pages",
    "simulate --api secops --parser owner=noun,response=closed",
  ],
  run: async (_, { api, ...options }: SimulateOptions & SimulateSecopsOptions & { api?: string }, io) => {
    if (api === "secops") {
      return (await import("./commands/simulate-secops.ts")).simulateSecops(options, io);
    }
    if ((options.parser ?? options.refuse) !== undefined) {
      throw new ConfigError("--parser and --refuse need --api secops");
    }
    return (await import("./commands/simulate.ts")).simulate(options, io);
  },
});
