/** `collect`: Duo's pages into S3 or a directory. */

import type { Command } from "commander";
import type { CollectEvent } from "../../collector/collect.ts";
import type { Overrides } from "../../collector/config.ts";
import { type Io, Status } from "../io.ts";
import { printable } from "../messages.ts";

function lineOf(event: CollectEvent): string | undefined {
  if (event.kind === "retry") {
    const { resource, waitMs, error } = event.retry;
    return `${resource}: trying again in ${(waitMs / 1_000).toFixed(1)} s; ${error.message}`;
  }
  if (event.kind === "page") return undefined;
  const { resource, counts, error } = event.report;
  return `${resource}: ${error?.message ?? `${counts.objects} records in ${counts.pages} page${counts.pages === 1 ? "" : "s"}`}`;
}

/**
 * Runs one collection. Standard output takes the manifest's key, standard error one line a resource, and each
 * retry and fault.
 */
export async function collect(options: Overrides, io: Io): Promise<Status> {
  const say = (line: string) => void io.stderr.write(`duo-udm: ${printable(line)}\n`);
  const { collect: run, loadConfig } = await import("../../collector/index.ts");
  const collection = await run(loadConfig(io.env, options), {
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== undefined) say(line);
    },
  });
  io.stdout.write(`${collection.manifestKey}\n`);
  return collection.ok ? Status.DONE : Status.UNFINISHED;
}

const HELP = `
Environment:
  DUO_IKEY, DUO_SKEY    the Admin API application's keys
  DUO_API_HOSTNAME      its API hostname
  DUO_SKEY_SECRET_ID    the secret key in AWS Secrets Manager, not in DUO_SKEY
  S3_BUCKET, S3_PREFIX  where to write, unless --to says so (duo/context/)
  RESOURCES, LIMIT      what to read, and records a page (all seven, 500)
  OUTPUT, UDM_PREFIX    raw, udm or both (raw); where entities go (duo/udm/)
  KEY_LAYOUT            day, or run for one folder a run (day)
  MANIFEST_PREFIX       where the account of the run goes (duo/manifests/)
  DUO_SIGNATURE         v5 or v2 (v5)
  S3_FORCE_PATH_STYLE   true for S3 servers that need it (false)
  DUO_API_URL           a simulator on this machine

Examples:
  $ duo-udm collect --to pages
  $ duo-udm collect --to s3://example-bucket/duo/context
  $ OUTPUT=both duo-udm collect --resource endpoints --resource phones

Status: 0 done, 2 the configuration is wrong, 3 a resource failed (the
manifest says which, and why).`;

/** Adds the command to the program. What it needs is loaded when it runs. */
export function register(program: Command, io: Io, finish: (status: Status) => void): void {
  program
    .command("collect")
    .summary("collect the pages of a Duo account into S3 or a directory")
    .description(
      "Reads every page of the configured resources from the Duo Admin API and stores it as it came, and a " +
        "manifest last. Prints the manifest's key.",
    )
    .option("--to <place>", "s3://bucket[/prefix] or a directory, instead of S3_BUCKET and S3_PREFIX")
    .option("--resource <name...>", "collect these only, instead of RESOURCES")
    .addHelpText("after", HELP)
    .action(async ({ to, resource }: { to?: string; resource?: string[] }) => {
      finish(await collect({ to, resources: resource }, io));
    });
}
