/** `import`: entities into SecOps. */

import stableStringify from "fast-json-stable-stringify";
import type { Issue } from "../../core/issue.ts";
import { ConfigError, InputError } from "../../io/errors.ts";
import { realPlaceOf, streamOutput } from "../../io/output.ts";
import { isS3 } from "../../io/s3.ts";
import { openAhead, type Source } from "../../io/sources.ts";
import { profileOf } from "../../profiles/index.ts";
import { googleCredentials } from "../../secops/auth.ts";
import { SecopsClient } from "../../secops/client.ts";
import { SecopsError } from "../../secops/errors.ts";
import { BATCH_BYTES, BATCH_ENTITIES, type ImportItem } from "../../secops/import.ts";
import { targetOf } from "../../secops/instance.ts";
import { importSource, type ReadOptions } from "../../secops/read.ts";
import { RejectedFile } from "../../secops/rejected.ts";
import { ImportRun } from "../../secops/run.ts";
import { type ImportCounts, ImportState } from "../../secops/state.ts";
import { count, number } from "../../text/numbers.ts";
import { sourcesOf } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { issueLine, Messages, retryText } from "../messages.ts";

export interface ImportCommandOptions {
  /** Without one it is a dry run. */
  readonly instance?: string;
  readonly logType?: string;
  readonly dryRun?: boolean;
  readonly batchBytes?: number;
  readonly batchEntities?: number;
  readonly rejected?: string;
  readonly state?: string;
  readonly collectedAt?: string;
  readonly format?: "text" | "json";
}

const LOG_TYPE = /^[A-Z][A-Z0-9_]{0,99}$/;

/** @throws ConfigError */
async function checkOptions({ logType, rejected, state }: ImportCommandOptions): Promise<void> {
  if (logType !== undefined && !LOG_TYPE.test(logType)) {
    throw new ConfigError("--log-type takes a log type such as DUO_CONTEXT");
  }
  for (const [name, path] of Object.entries({ rejected, state })) {
    if (path !== undefined && isS3(path)) throw new ConfigError(`--${name} takes a file on this machine`);
  }
  if (state === undefined || rejected === undefined) return;
  const place = await realPlaceOf(state);
  if (place !== undefined && place === (await realPlaceOf(rejected))) {
    throw new ConfigError("--state and --rejected must be two files");
  }
}

function rejectedLine({ source, index, issues, json }: ImportItem): string {
  const place = `${source}, entity ${index}`;
  const error = issues.find(({ severity }) => severity === "error");
  if (json !== undefined || error === undefined) return `${place}: SecOps refused it`;
  const { code, message, path, hint } = error;
  const more = [path, hint].filter((part) => part !== undefined).join("; ");
  return `${place}: not sent, ${code}: ${message}${more === "" ? "" : ` (${more})`}`;
}

function countsLine({ sent, accepted, rejected, requests, seconds }: ImportCounts): string {
  const counts = Object.entries({ sent, accepted, rejected, requests });
  return `${counts.map(([name, value]) => `${name} ${number(value)}`).join(", ")}, seconds ${seconds.toFixed(1)}`;
}

function resumedLine(requests: number, state: string): string {
  return requests === 0
    ? `everything was sent before; remove ${state} to send it again`
    : "the counts are those of all runs under this state";
}

function dryLine({ sendable, batches }: ImportRun, hasInstance: boolean): string {
  const requests = count(batches, "request");
  const line = `dry run: nothing was sent; ${count(sendable, "entity", "entities")} would go in ${requests}`;
  return hasInstance ? line : `${line}; give --instance to send them`;
}

function staleLine({ stale, oldest }: ImportRun): string {
  const time = `${new Date(oldest).toISOString().slice(0, 19)}Z`;
  return `${count(stale, "entity", "entities")} collected more than a day ago, the oldest at ${time}: SecOps forgets context after five days, so collect and import daily`;
}

/** Gives every entity of the sources to the run, and reports what could not be read. */
class SourceReader {
  /** How many inputs could not be read. */
  unreadable = 0;
  /** How many documents and records were rejected. */
  errors = 0;
  readonly #run: ImportRun;
  readonly #messages: Messages;
  readonly #options: Pick<ReadOptions, "collectedAt" | "profile" | "recordsAt">;

  constructor(
    run: ImportRun,
    messages: Messages,
    options: Pick<ReadOptions, "collectedAt" | "profile" | "recordsAt">,
  ) {
    this.#run = run;
    this.#messages = messages;
    this.#options = options;
  }

  #note(issue: Issue): void {
    if (issue.severity !== "error") return;
    this.errors++;
    this.#messages.complain(issueLine(issue));
  }

  #read(source: Source): Promise<void> {
    return importSource(source, this.#run, {
      ...this.#options,
      onIssue: (issue) => this.#note(issue),
      onEntity: () => this.#messages.progress(() => countsLine(this.#run.counts)),
    });
  }

  /** @param isResumable whether a later run goes on where this one ends, so that no source may be left out */
  async read(sources: AsyncIterable<Source>, isResumable: boolean): Promise<void> {
    for await (const source of sources) {
      try {
        await this.#read(source);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.unreadable++;
        this.#messages.complain(error.message);
        if (isResumable) return;
      }
    }
  }
}

/**
 * Imports the entities of the inputs. Status 1 when a document, record or entity was rejected, 3 when an input could
 * not be read or SecOps could not be asked to the end.
 */
export async function importInputs(
  inputs: readonly string[],
  options: ImportCommandOptions,
  io: Io,
): Promise<Status> {
  await checkOptions(options);
  const { instance, logType, collectedAt, format = "text" } = options;
  const { batchBytes = BATCH_BYTES, batchEntities = BATCH_ENTITIES } = options;
  const target = instance === undefined ? undefined : targetOf(instance, io.env);
  const isDry = target === undefined || options.dryRun === true;
  const outputs = [options.state, options.rejected].filter((path) => path !== undefined);
  const sources = await sourcesOf(inputs, outputs, io);
  const state = await ImportState.open(
    target === undefined ? undefined : options.state,
    {
      options: { instance, logType, ...io.choice, recordsAt: io.recordsAt },
      sources: sources.first.map(({ bytes }) => bytes ?? null),
    },
    isDry,
  );
  const messages = new Messages(io);
  const client = isDry
    ? undefined
    : new SecopsClient(target, await googleCredentials(target.project), {
        onRetry: (retry) => messages.say(retryText(retry)),
      });
  let rejected: RejectedFile | undefined;
  const run = new ImportRun({
    client,
    state,
    logType,
    batchBytes,
    batchEntities,
    now: () => io.now().getTime(),
    onRejected: (items) => {
      for (const item of items) messages.complain(rejectedLine(item));
      if (rejected !== undefined) state.rejectedBytes = rejected.add(items);
    },
  });
  const reader = new SourceReader(run, messages, {
    collectedAt,
    recordsAt: io.recordsAt,
    profile: profileOf(io.choice ?? {}),
  });
  let failure: SecopsError | undefined;
  try {
    await client?.authorize();
    if (options.rejected !== undefined) {
      rejected = await RejectedFile.open(options.rejected, state.rejectedBytes);
      if (state.rejectedBytes === 0 && state.counts.rejected > 0) {
        const before = count(state.counts.rejected, "entity", "entities");
        messages.fail(`${options.rejected} will lack ${before} of earlier runs without --rejected`);
      }
    }
    await reader.read(openAhead(sources), options.state !== undefined);
    if (reader.unreadable === 0) state.end();
    await run.finish();
  } catch (error) {
    if (!(error instanceof SecopsError)) throw error;
    failure = error;
  } finally {
    rejected?.close();
  }
  const { counts } = run;
  messages.close("--rejected FILE keeps every rejected entity");
  if (failure !== undefined) messages.fail(failure.message);
  if (run.stale > 0) messages.say(staleLine(run));
  if (isDry) messages.say(dryLine(run, target !== undefined));
  else if (state.isResumed) messages.say(resumedLine(client?.requests ?? 0, options.state ?? ""));
  const passedOver = sources.passedOver ?? 0;
  messages.say(`${countsLine(counts)}${passedOver > 0 ? `, passed over ${passedOver}` : ""}`);
  if (format === "json") {
    const seconds = Number(counts.seconds.toFixed(3));
    await streamOutput(io.stdout).write(`${stableStringify({ ...counts, seconds })}\n`);
  }
  if (failure !== undefined || reader.unreadable > 0) return Status.UNFINISHED;
  return counts.rejected > 0 || reader.errors > 0 ? Status.REJECTED : Status.DONE;
}
