/** One run: every resource, page by page, into the sink; then the manifest. */

import { randomUUID } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import type { Resource } from "../core/resource.ts";
import { ConfigError } from "../io/errors.ts";
import { REAL_WORLD, type World } from "../io/retry.ts";
import { within } from "../io/within.ts";
import { causeOf } from "./causes.ts";
import { type Config, refuseSecret } from "./config.ts";
import { DuoClient, type DuoPage, type DuoRetry } from "./duo.ts";
import { IssueCounter } from "./entities.ts";
import { CollectionError, DuoApiError } from "./errors.ts";
import { manifestKey, type RunIdentity } from "./keys.ts";
import { emptyReport, type Manifest, type ResourceReport, toManifestError } from "./manifest.ts";
import { PageReader } from "./reader.ts";
import { readSecret } from "./secret.ts";
import { openSink } from "./sinks.ts";
import { storePage } from "./store.ts";

/** What happens during a run, for logs and progress. */
export type CollectEvent =
  | { readonly kind: "retry"; readonly retry: DuoRetry }
  | { readonly kind: "page"; readonly report: ResourceReport; readonly key: string; readonly records: number }
  | { readonly kind: "resource"; readonly report: ResourceReport }
  /** All resources are done, and the manifest is about to be written. */
  | { readonly kind: "end"; readonly manifest: Manifest };

export interface CollectOptions extends Partial<World> {
  /** Epoch milliseconds; no request starts and no retry is waited for after it. Default: none. */
  readonly deadline?: number;
  /** Ends the run when it is aborted: the page in hand is stored whole or not at all, and the manifest is written. */
  readonly signal?: AbortSignal;
  /** Stands in keys and in the manifest. Default: a random UUID. */
  readonly runId?: string;
  /** Called with each event as it happens. */
  readonly onEvent?: (event: CollectEvent) => void;
}

export interface Collection {
  /** True when every resource was collected to its end. */
  readonly ok: boolean;
  readonly manifestKey: string;
  /** The manifest as a user names it: a path, or an `s3://` name. */
  readonly manifestName: string;
  readonly manifest: Manifest;
}

/** Time for writing the manifest, where the run's time is limited or the store has failed before. */
const MANIFEST_MS = 5_000;
/** Time for storing the pages in hand, once the run is interrupted or its time is up. */
const GRACE_MS = 3_000;

const NEVER = new AbortController().signal;

/**
 * Collects the configured resources one after another, and writes the manifest last, also when some failed. A
 * resource that fails stops no other, unless its cause is the account's or the network's, which would fail them all.
 * A host that never answered gets one request for another resource before the run ends.
 *
 * @throws ConfigError when the AWS SDK lacks a region, or the secret key stands where it would be shown; nothing has
 *   been requested from Duo then.
 * @throws CollectionError when the manifest could not be written.
 */
export async function collect(config: Config, options: CollectOptions = {}): Promise<Collection> {
  const {
    now = REAL_WORLD.now,
    sleep = REAL_WORLD.sleep,
    random = REAL_WORLD.random,
    transport = REAL_WORLD.transport,
    deadline = Number.POSITIVE_INFINITY,
    signal = NEVER,
    runId = randomUUID(),
    onEvent = () => {},
  } = options;
  const run: RunIdentity = { id: runId, start: new Date(now()) };
  const counter = new IssueCounter(config.profile);
  const sink = await openSink(config.destination, now());
  const hasDeadline = Number.isFinite(deadline);
  const timeLeft = () => deadline - now();
  const grace = new AbortController();
  const startGrace = () => void setTimeout(() => grace.abort(), GRACE_MS).unref();
  signal.addEventListener("abort", startGrace, { once: true });
  let skey: string | undefined;
  let hasRead = false;
  let hasAnswered = false;

  const watched: World["transport"] = async (...request) => {
    const answer = await transport(...request);
    hasAnswered ||= answer.isOfProxy !== true;
    return answer;
  };

  async function openClient(onRetry?: (retry: DuoRetry) => void, maxTries?: number): Promise<DuoClient> {
    if (skey === undefined) {
      skey = await readSecret(config.secret, timeLeft(), signal);
      refuseSecret(config, skey);
    }
    return new DuoClient({ ...config, skey }, { now, sleep, random, transport: watched }, onRetry, maxTries);
  }

  /** Whether Duo answers a request for another resource, where it has answered nothing yet. */
  async function answers(resource: Resource): Promise<boolean> {
    const client = await openClient(undefined, 1);
    await client.page({ resource, offset: 0, limit: 1 }, deadline, signal).catch(() => {});
    return hasAnswered;
  }

  /** Whether an error would come again with each resource after it, of which `next` is the first. */
  async function endsRun(error: unknown, next: Resource | undefined): Promise<boolean> {
    if (error instanceof CollectionError) return error.endsRun;
    if (!(error instanceof DuoApiError)) return false;
    const { scope } = causeOf(error.code, error.detail);
    if (scope === "network") return !hasRead;
    if (scope === "silence") {
      // Where the wait for an answer is interrupted, the next resource says so.
      return next !== undefined && !hasAnswered && !(await answers(next)) && !signal.aborted;
    }
    return scope === "account";
  }

  /**
   * Stores each page while the next one is fetched, so that two pages are held at most.
   *
   * @returns the error that ended it
   */
  async function collectResource(report: ResourceReport): Promise<unknown> {
    const abandon = new AbortController();
    const stop = () => abandon.abort();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const client = await openClient((retry) => {
        report.counts.retries++;
        onEvent({ kind: "retry", retry });
      });
      const reader = new PageReader(client, report, config, deadline, abandon.signal);
      let page: DuoPage | undefined = await reader.first();
      while (page !== undefined) {
        hasRead = true;
        const ahead = reader.after(page);
        ahead.catch(() => {});
        const whole = page;
        const key = await within(timeLeft() + GRACE_MS, [grace.signal], (limit) =>
          storePage({ config, run, report, sink, counter, signal: limit }, whole),
        );
        onEvent({ kind: "page", report, key, records: page.page.records.length });
        page = await ahead;
      }
      return undefined;
    } catch (error) {
      stop();
      if (error instanceof ConfigError) throw error;
      return error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  try {
    const reports = config.resources.map((resource) => emptyReport(resource, config.forms));
    let ending: unknown;
    for (const [index, report] of reports.entries()) {
      if (ending !== undefined) {
        report.not_started = true;
        continue;
      }
      let error = signal.aborted ? interrupted() : await collectResource(report);
      if (error !== undefined && signal.aborted) error = interrupted();
      if (error !== undefined) report.error = toManifestError(error);
      onEvent({ kind: "resource", report });
      if (signal.aborted || (await endsRun(error, reports[index + 1]?.resource))) ending = error;
    }
    const ok = reports.every(({ error }) => error === undefined);
    const manifest: Manifest = {
      run_id: run.id,
      start: run.start.toISOString(),
      end: new Date(now()).toISOString(),
      complete: ok,
      output: config.forms.join(","),
      resources: reports,
    };
    onEvent({ kind: "end", manifest });
    const key = manifestKey(config, run);
    const isHurried =
      hasDeadline || signal.aborted || (ending instanceof CollectionError && ending.code === "STORE_FAILED");
    const body = Buffer.from(`${stringify(manifest)}\n`);
    await within(isHurried ? MANIFEST_MS : Number.POSITIVE_INFINITY, [], (limit) =>
      sink.put(key, body, "application/json", limit),
    );
    return { ok, manifestKey: key, manifestName: sink.nameOf(key), manifest };
  } finally {
    signal.removeEventListener("abort", startGrace);
    sink.close();
  }
}

function interrupted(): CollectionError {
  return new CollectionError(
    "INTERRUPTED",
    "The run was interrupted: what it stored is whole, and the rest is missing. Run it again.",
    { endsRun: true },
  );
}

/** A failed run as one error, to be thrown once the manifest is written. */
export function incomplete({ manifest, manifestKey }: Collection): CollectionError {
  const { resources } = manifest;
  const failed = resources.flatMap(({ resource, error }) =>
    error === undefined ? [] : [`${resource}: ${error.message}`],
  );
  const unstarted = resources.filter(({ not_started }) => not_started === true).length;
  const rest =
    unstarted === 0
      ? ""
      : `, and ${unstarted} ${unstarted === 1 ? "was" : "were"} not started for the same reason`;
  return new CollectionError(
    "INCOMPLETE",
    `${failed.length} of ${resources.length} resources failed${rest}; the manifest is ${manifestKey}.\n${failed.join("\n")}`,
  );
}
