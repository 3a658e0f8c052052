/** `collect`: Duo's pages into S3 or a directory. */

import type { CollectEvent } from "../../collector/collect.ts";
import type { Overrides } from "../../collector/config.ts";
import { CollectionError } from "../../collector/errors.ts";
import type { Manifest, StoredObject } from "../../collector/manifest.ts";
import { count, number } from "../../text/numbers.ts";
import { type Io, Status } from "../io.ts";
import { Messages, retryText } from "../messages.ts";
import { printLines } from "../terminal.ts";

export interface CollectCommandOptions {
  readonly to?: string;
  readonly resource?: readonly string[];
  readonly doctor?: boolean;
}

/** One line about each retry, failed resource and finished resource; progress in between. */
function tell(event: CollectEvent, messages: Messages): void {
  if (event.kind === "retry") {
    messages.say(`${event.retry.resource}: ${retryText(event.retry)}`);
    return;
  }
  if (event.kind === "end") return;
  const { resource, counts, error } = event.report;
  const done = `${count(counts.objects, "record")} in ${count(counts.pages, "page")}`;
  if (event.kind === "page") messages.progress(() => `${resource}: ${done}`);
  else if (error === undefined) messages.say(`${resource}: ${done}`);
  else messages.fail(`${resource}: ${error.message}`);
}

/** The run as one line: what was stored, how long it took, and what failed. */
function closingLine({ start, end, resources }: Manifest): string {
  const pages = resources.flatMap((resource) => resource.pages);
  const objects = pages.flatMap(({ record_lines, udm, ...page }): StoredObject[] => [
    page,
    ...(record_lines === undefined ? [] : [record_lines]),
    ...(udm === undefined ? [] : [udm]),
  ]);
  const records = resources.reduce((sum, { counts }) => sum + counts.objects, 0);
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  const seconds = (Date.parse(end) - Date.parse(start)) / 1_000;
  const failed = resources.flatMap(({ resource, error }) =>
    error === undefined ? [] : [`${resource} (${error.code})`],
  );
  const unstarted = resources.flatMap(({ resource, not_started }) =>
    not_started === true ? [resource] : [],
  );
  return [
    `${count(resources.length, "resource")}, ${count(records, "record")}, ${count(objects.length, "object")}, ` +
      `${number(bytes)} bytes in ${seconds.toFixed(1)} s`,
    ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
    ...(unstarted.length > 0 ? [`not started: ${unstarted.join(", ")}`] : []),
  ].join("; ");
}

/** What is wrong with a store, without the name of the object that was to be written. */
function faultOf(message = ""): string {
  return message.slice(message.indexOf(" could not be written "));
}

/** Runs one collection. Standard output takes the manifest's name, which `--run` takes. */
async function runOnce(overrides: Overrides, io: Io): Promise<Status> {
  const signal = io.interruption?.();
  const messages = new Messages(io);
  const { collect: start, loadConfig } = await import("../../collector/index.ts");
  const config = loadConfig(io.env, overrides);
  const told = new Set<string>();
  let ended: Manifest | undefined;
  const collection = await start(config, {
    ...(signal !== undefined && { signal }),
    onEvent: (event) => {
      if (event.kind === "resource") told.add(faultOf(event.report.error?.message));
      if (event.kind === "end") ended = event.manifest;
      tell(event, messages);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof CollectionError)) throw error;
    const isTold = told.has(faultOf(error.message));
    messages.fail(isTold ? "the manifest could not be written either" : error.message);
  });
  if (ended !== undefined) messages.say(closingLine(ended));
  if (collection === undefined) return Status.UNFINISHED;
  await printLines(io, [collection.manifestName]);
  return collection.ok ? Status.DONE : Status.UNFINISHED;
}

/** Says of everything that a run needs whether it is right and, if not, what to do. */
async function runDoctor(overrides: Overrides, io: Io): Promise<Status> {
  const signal = io.interruption?.();
  const { examine } = await import("../../collector/doctor.ts");
  const { loadConfig } = await import("../../collector/config.ts");
  let isWell = true;
  for await (const { what, fault } of examine(
    loadConfig(io.env, overrides),
    signal === undefined ? {} : { signal },
  )) {
    isWell &&= fault === undefined;
    await printLines(io, [
      `${fault === undefined ? "right" : "wrong"}  ${what}${fault === undefined ? "" : `: ${fault}`}`,
    ]);
  }
  if (signal?.aborted === true) return Status.UNFINISHED;
  return isWell ? Status.DONE : Status.REJECTED;
}

export async function collect({ to, resource, doctor }: CollectCommandOptions, io: Io): Promise<Status> {
  const overrides: Overrides = { to, resources: resource };
  return doctor === true ? runDoctor(overrides, io) : runOnce(overrides, io);
}
