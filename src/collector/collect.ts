/** One run: every resource, page by page, into the sink; then the manifest. */

import { randomUUID } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import type { Issue } from "../core/issue.ts";
import { type MappedPage, mapPage } from "../core/page.ts";
import type { Resource } from "../core/resource.ts";
import { REAL_WORLD, type World } from "../io/retry.ts";
import { Preflight } from "../preflight/preflight.ts";
import type { Config } from "./config.ts";
import { DuoClient, type DuoPage, nextOffset, type Retry } from "./duo.ts";
import { NDJSON, ndjson, tally } from "./entities.ts";
import { CollectionError, DuoApiError } from "./errors.ts";
import { manifestKey, type Run, rawKey, udmKey } from "./keys.ts";
import {
  type Counts,
  describe,
  emptyReport,
  type Manifest,
  type ResourceReport,
  type StoredObject,
  toManifestError,
} from "./manifest.ts";
import { readSecret } from "./secret.ts";
import { openSink } from "./sinks.ts";

/** What happens during a run, for whoever tells it. */
export type CollectEvent =
  | { readonly kind: "retry"; readonly retry: Retry }
  | { readonly kind: "page"; readonly resource: Resource; readonly key: string; readonly records: number }
  | { readonly kind: "resource"; readonly report: ResourceReport };

export interface CollectOptions extends Partial<World> {
  /** Epoch milliseconds; no request starts and no retry is waited for after it. Default: none. */
  readonly deadline?: number;
  readonly runId?: string;
  readonly onEvent?: (event: CollectEvent) => void;
}

export interface Collection {
  /** True when every resource was collected to its end. */
  readonly ok: boolean;
  readonly manifestKey: string;
  readonly manifest: Manifest;
}

function countMapped(counts: Counts, { entities, skipped }: MappedPage, issues: Iterable<Issue>): void {
  counts.entities = (counts.entities ?? 0) + entities.length;
  const reasons = skipped.map(({ reason }) => reason);
  const codes = Array.from(issues, ({ code }) => code);
  if (counts.skipped !== undefined) tally(counts.skipped, reasons);
  if (counts.issues !== undefined) tally(counts.issues, codes);
}

/**
 * Collects the configured resources one after another, and writes the manifest last, also when some failed: a
 * resource that fails stops no other, and its error stands in the manifest.
 *
 * @throws ConfigError when the AWS SDK lacks a region; nothing has been requested then.
 * @throws CollectionError when the manifest could not be written.
 */
export async function collect(config: Config, options: CollectOptions = {}): Promise<Collection> {
  const {
    now = REAL_WORLD.now,
    sleep = REAL_WORLD.sleep,
    random = REAL_WORLD.random,
    transport = REAL_WORLD.transport,
    deadline = Number.POSITIVE_INFINITY,
    runId = randomUUID(),
    onEvent = () => {},
  } = options;
  const run: Run = { id: runId, start: new Date(now()) };
  const preflight = new Preflight();
  const sink = await openSink(config.target);
  let skey: Promise<string> | undefined;

  async function openClient(counts: Counts): Promise<DuoClient> {
    skey ??= readSecret(config.secret);
    return new DuoClient({ ...config, skey: await skey }, { now, sleep, random, transport }, (retry) => {
      counts.retries++;
      onEvent({ kind: "retry", retry });
    });
  }

  async function store(report: ResourceReport, page: DuoPage): Promise<void> {
    const { resource, pages, counts, total_objects } = report;
    const { offset, records, totalObjects } = page;
    const objects: StoredObject[] = [];
    const put = async (key: string, body: Uint8Array, contentType: string) => {
      await sink.put(key, body, contentType);
      objects.push(describe(key, body));
    };
    const source = rawKey(config, run, resource, pages.length);
    if (config.output !== "udm") await put(source, page.body, "application/json");
    if (config.output !== "raw") {
      const context = { collectedAt: run.start.toISOString(), source };
      const mapped = mapPage(page.document, context);
      const key = udmKey(config, run, resource, pages.length);
      await put(key, Buffer.from(ndjson(mapped.entities)), NDJSON);
      countMapped(counts, mapped, preflight.document(page.document, context));
    }
    const [first, udm] = objects;
    if (first === undefined) return;
    pages.push({ ...first, offset, records, ...(udm && { udm }) });
    counts.pages++;
    counts.objects += records;
    if (totalObjects !== undefined) {
      total_objects.first ??= totalObjects;
      total_objects.last = totalObjects;
    }
    onEvent({ kind: "page", resource, key: first.key, records });
  }

  /** Stores each page while the next one is fetched, so that two pages are held at most. */
  async function collectResource(report: ResourceReport): Promise<void> {
    const abandon = new AbortController();
    try {
      const client = await openClient(report.counts);
      const fetch = (offset: number) => client.page(report.resource, offset, deadline, abandon.signal);
      let page: DuoPage | undefined = await fetch(0);
      while (page !== undefined) {
        const ahead = fetchNext(page, report, fetch);
        ahead.catch(() => {});
        await store(report, page);
        page = await ahead;
      }
    } catch (error) {
      abandon.abort();
      report.error = toManifestError(error);
    }
  }

  try {
    const resources: ResourceReport[] = [];
    for (const resource of config.resources) {
      const report = emptyReport(resource, config.output);
      resources.push(report);
      await collectResource(report);
      onEvent({ kind: "resource", report });
    }
    const ok = resources.every(({ error }) => error === undefined);
    const manifest: Manifest = {
      run_id: run.id,
      start: run.start.toISOString(),
      end: new Date(now()).toISOString(),
      complete: ok,
      output: config.output,
      resources,
    };
    const key = manifestKey(config, run);
    await sink.put(key, Buffer.from(`${stringify(manifest)}\n`), "application/json");
    return { ok, manifestKey: key, manifest };
  } finally {
    sink.close();
  }
}

async function fetchNext(
  { document, offset }: DuoPage,
  { resource }: ResourceReport,
  fetch: (offset: number) => Promise<DuoPage>,
): Promise<DuoPage | undefined> {
  let next: number | undefined;
  try {
    next = nextOffset(document, offset);
  } catch (cause) {
    throw new DuoApiError("DUO_PAGING", { path: `/admin/v1/${resource}?offset=${offset}` }, { cause });
  }
  return next === undefined ? undefined : fetch(next);
}

/** A run that failed as one error: what to throw once the manifest is written. */
export function incomplete({ manifest, manifestKey }: Collection): CollectionError {
  const failed = manifest.resources.flatMap(({ resource, error }) =>
    error === undefined ? [] : [`${resource}: ${error.message}`],
  );
  return new CollectionError(
    "INCOMPLETE",
    `${failed.length} of ${manifest.resources.length} resources failed; the manifest is ${manifestKey}.\n${failed.join("\n")}`,
  );
}
