/** The collector as an AWS Lambda function. It only wires. */

import { type CollectEvent, collect, incomplete } from "../collector/collect.ts";
import { loadConfig } from "../collector/config.ts";
import { ConfigError } from "../io/errors.ts";
import { importCollected, importTarget } from "./import.ts";
import { Logger, Metrics, MetricUnit } from "./powertools.ts";

/** The part of Lambda's context that is read. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
}

export interface LambdaResult {
  readonly ok: true;
  /** In the order of RESOURCES. */
  readonly results: readonly {
    readonly resource: string;
    readonly pages: number;
    readonly objects: number;
  }[];
}

/** Time kept back to store the last page and the manifest, in milliseconds. */
const RESERVE_MS = 10_000;

/**
 * The event's `resources`. An EventBridge rule's event also has a field of that name, which holds the rule's ARN. Such
 * an event has a `detail-type`, and asks for no resources.
 */
function resourcesOf(event: unknown): string[] | undefined {
  if (typeof event !== "object" || event === null || "detail-type" in event || !("resources" in event)) {
    return undefined;
  }
  const { resources } = event;
  if (Array.isArray(resources) && resources.every((entry) => typeof entry === "string")) return resources;
  throw new ConfigError("The event's resources must be a list of resource names.");
}

function tell(logger: Logger, event: CollectEvent): void {
  if (event.kind === "retry") {
    const { resource, offset, tries, waitMs, error } = event.retry;
    logger.warn("Duo request is tried again", {
      resource,
      offset,
      tries,
      wait_ms: Math.round(waitMs),
      reason: error.message,
    });
  } else if (event.kind === "page") {
    const { report, key, records } = event;
    logger.info("page stored", { resource: report.resource, key, records });
  } else if (event.kind === "resource") {
    const { resource, counts, error } = event.report;
    if (error === undefined) logger.info("resource collected", { resource, counts });
    else logger.error("resource failed", { resource, counts, failure: { ...error } });
  }
}

/**
 * Collects what the environment configures, and imports it where the environment says so, within the invocation's time
 * less 10 s. What was read for the import by then is sent in half of those.
 *
 * @throws ConfigError before any request, or CollectionError when a resource failed, after the manifest is written.
 *   SecopsError when the import failed: what was collected is stored then.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<LambdaResult> {
  const logger = new Logger({ serviceName: "duo-udm" });
  const metrics = new Metrics({ namespace: "DuoUdm", serviceName: "duo-udm" });
  if (context.awsRequestId !== undefined) logger.appendKeys({ request_id: context.awsRequestId });
  const start = Date.now();
  const deadline = start + context.getRemainingTimeInMillis() - RESERVE_MS;
  let failures = 1;
  try {
    const config = loadConfig(process.env, { resources: resourcesOf(event) });
    const target = importTarget(process.env);
    const collection = await collect(config, { deadline, onEvent: (happened) => tell(logger, happened) });
    const { resources, complete } = collection.manifest;
    failures = resources.filter(({ error }) => error !== undefined).length;
    const sum = (count: "pages" | "objects" | "retries") =>
      resources.reduce((total, { counts }) => total + counts[count], 0);
    metrics.addMetric("Pages", MetricUnit.Count, sum("pages"));
    metrics.addMetric("Objects", MetricUnit.Count, sum("objects"));
    metrics.addMetric("Retries", MetricUnit.Count, sum("retries"));
    logger.info("manifest written", { key: collection.manifestKey, complete });
    let importFailure: unknown;
    if (target !== undefined && sum("objects") > 0) {
      try {
        const counts = await importCollected(target, collection.manifestName, {
          env: process.env,
          deadline,
          profile: config.profile,
          logger,
        });
        metrics.addMetric("Imported", MetricUnit.Count, counts.accepted);
        metrics.addMetric("ImportRejected", MetricUnit.Count, counts.rejected);
      } catch (error) {
        importFailure = error;
        failures++;
        logger.error("import failed", { reason: error instanceof Error ? error.message : "unknown error" });
      }
    }
    if (!collection.ok) throw incomplete(collection);
    if (importFailure !== undefined) throw importFailure;
    return {
      ok: true,
      results: resources.map(({ resource, counts: { pages, objects } }) => ({ resource, pages, objects })),
    };
  } finally {
    metrics.addMetric("Seconds", MetricUnit.Seconds, (Date.now() - start) / 1_000);
    metrics.addMetric("Failures", MetricUnit.Count, failures);
    metrics.publishStoredMetrics();
  }
}
