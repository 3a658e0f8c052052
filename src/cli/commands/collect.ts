/** `collect`: Duo's pages into S3 or a directory. */

import type { CollectEvent } from "../../collector/collect.ts";
import type { Overrides } from "../../collector/config.ts";
import { count } from "../../text/numbers.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { print } from "../terminal.ts";

/** One line about each retry, failed resource and finished resource. */
function report(event: CollectEvent, messages: Messages): void {
  if (event.kind === "page") return;
  if (event.kind === "retry") {
    const { resource, waitMs, error } = event.retry;
    messages.say(`${resource}: trying again in ${(waitMs / 1_000).toFixed(1)} s; ${error.message}`);
    return;
  }
  const { resource, counts, error } = event.report;
  if (error !== undefined) messages.fail(`${resource}: ${error.message}`);
  else messages.say(`${resource}: ${count(counts.objects, "record")} in ${count(counts.pages, "page")}`);
}

/** Runs one collection. Standard output takes the manifest's key. */
export async function collect(options: Overrides, io: Io): Promise<Status> {
  const messages = new Messages(io);
  const { collect: run, loadConfig } = await import("../../collector/index.ts");
  const collection = await run(loadConfig(io.env, options), { onEvent: (event) => report(event, messages) });
  await print(io, [collection.manifestKey]);
  return collection.ok ? Status.DONE : Status.UNFINISHED;
}
