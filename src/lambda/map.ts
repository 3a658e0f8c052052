/** The mapping of pages that are in S3, as an AWS Lambda function. */

import { loadMapConfig, type MapConfig } from "../collector/config.ts";
import { ownField } from "../core/scalar.ts";
import { openS3 } from "../io/s3.ts";
import { unlessAborted, within } from "../io/within.ts";
import type { LambdaContext } from "./collect.ts";
import { type MapOutcome, mapObject } from "./map-object.ts";
import { Logger, Metrics, MetricUnit } from "./powertools.ts";

/** The answer to messages of a queue: those to deliver again. */
export interface MapBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The answer to all other events: objects by their outcome, and what the pages held. */
export interface MapResult {
  readonly mapped: number;
  readonly unchanged: number;
  readonly ignored: number;
  readonly gone: number;
  readonly records: number;
  readonly entities: number;
}

/** Pages could not be mapped for now, because of S3 or the invocation's time. Another try may succeed. */
export class PagesUnfinished extends Error {
  override readonly name = "PagesUnfinished";
}

/** Pages, or the event, hold something that cannot be mapped. Everything else is mapped. */
export class PagesRejected extends Error {
  override readonly name = "PagesRejected";
}

/** What an event asks for: an object of the bucket, or something that cannot be done. */
type Ask = { readonly key: string } | { readonly fault: string };

interface QueueMessage {
  readonly id: string;
  readonly asks: readonly Ask[];
}

type Order =
  | { readonly kind: "messages"; readonly messages: readonly QueueMessage[] }
  | { readonly kind: "asks"; readonly asks: readonly Ask[] };

/** With less time than this, in milliseconds, no object is begun. */
const RESERVE_MS = 10_000;
/** Time kept back to answer, in milliseconds. */
const ANSWER_MS = 2_000;
/** Most objects that are in memory at the same time. */
const WIDTH = 4;
/** Most objects that an error names. */
const MOST_NAMED = 5;

const NOT_A_NOTIFICATION: Ask = { fault: "NOT_A_NOTIFICATION" };

/** The text at a path of own fields; undefined where there is none. */
function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((inner, name) => ownField(inner, name), value);
  return typeof found === "string" ? found : undefined;
}

/** A key as events and inventories write it: URL-encoded, a space as a plus. */
function decoded(config: MapConfig, bucket: string | undefined, key: string): Ask {
  if (bucket !== config.bucket) return { fault: "OTHER_BUCKET" };
  try {
    return { key: decodeURIComponent(key.replaceAll("+", " ")) };
  } catch {
    return { fault: "KEY_UNREADABLE" };
  }
}

/** What a record of an S3 notification asks for. Source: S3, "Event message structure". */
function asksOfRecord(config: MapConfig, record: unknown): Ask[] {
  const event = textAt(record, "eventName");
  const key = textAt(record, "s3", "object", "key");
  if (textAt(record, "eventSource") !== "aws:s3" || event === undefined || key === undefined) {
    return [NOT_A_NOTIFICATION];
  }
  return event.startsWith("ObjectCreated:")
    ? [decoded(config, textAt(record, "s3", "bucket", "name"), key)]
    : [];
}

/** What an S3 notification asks for. The test event that S3 sends to a new queue asks for nothing. */
function asksOfNotification(config: MapConfig, notification: unknown): Ask[] {
  if (textAt(notification, "Event") === "s3:TestEvent") return [];
  const records = ownField(notification, "Records");
  if (!Array.isArray(records)) return [NOT_A_NOTIFICATION];
  return records.flatMap((record: unknown) => asksOfRecord(config, record));
}

function asksOfBody(config: MapConfig, body: string): Ask[] {
  let notification: unknown;
  try {
    notification = JSON.parse(body);
  } catch {
    return [NOT_A_NOTIFICATION];
  }
  return asksOfNotification(config, notification);
}

/**
 * An item of a Distributed Map. Those of a listing have their key as it is, and no bucket; those of an inventory
 * have both, and the key encoded. Source: Step Functions, "ItemReader (Map)".
 */
function askOfItem(config: MapConfig, item: unknown): Ask {
  const key = textAt(item, "Key");
  if (key === undefined) return { fault: "NOT_AN_ITEM" };
  const bucket = textAt(item, "Bucket");
  return bucket === undefined ? { key } : decoded(config, bucket, key);
}

/** @throws TypeError when the function does not take such an event. */
function orderOf(config: MapConfig, event: unknown): Order {
  const records = ownField(event, "Records");
  if (Array.isArray(records) && records.length > 0) {
    const messages = records.flatMap((record: unknown): QueueMessage[] => {
      const id = textAt(record, "messageId");
      const body = textAt(record, "body");
      const isMessage = textAt(record, "eventSource") === "aws:sqs" && id !== undefined && body !== undefined;
      return isMessage ? [{ id, asks: asksOfBody(config, body) }] : [];
    });
    if (messages.length === records.length) return { kind: "messages", messages };
    if (records.every((record: unknown) => textAt(record, "eventSource") === "aws:s3")) {
      return { kind: "asks", asks: asksOfNotification(config, event) };
    }
  }
  const items = ownField(event, "Items");
  if (Array.isArray(items)) {
    return { kind: "asks", asks: items.map((item: unknown) => askOfItem(config, item)) };
  }
  if (textAt(event, "Key") !== undefined) return { kind: "asks", asks: [askOfItem(config, event)] };
  throw new TypeError(
    "The event is none of those this function takes: SQS messages of S3 notifications, an S3 notification, a Step Functions batch ({Items}), or one item ({Key}).",
  );
}

type Result = MapOutcome | { readonly kind: "refused"; readonly code: string };
type Results = ReadonlyMap<string, MapOutcome>;

const LATE: MapOutcome = { kind: "failed", code: "DEADLINE" };

/** The outcome of work, or `LATE` after `ms` milliseconds. The work may still end well: it can be done any number of times. */
function unlessLate(ms: number, work: Promise<MapOutcome>): Promise<MapOutcome> {
  return within(ms, [], (limit) => unlessAborted(limit, work, () => LATE));
}

function resultOf(results: Results, ask: Ask): Result {
  return "fault" in ask ? { kind: "refused", code: ask.fault } : (results.get(ask.key) ?? LATE);
}

function tell(logger: Logger, key: string, outcome: MapOutcome): void {
  const { kind, ...details } = outcome;
  const said = { key, outcome: kind, ...details };
  if (kind === "rejected" || kind === "failed") logger.error("object not mapped in full", said);
  else logger.info("object done", said);
}

function countsOf(outcomes: readonly MapOutcome[]): MapResult {
  const having = (kind: MapOutcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const sum = (name: "records" | "entities") =>
    outcomes.reduce((total, outcome) => total + ("counts" in outcome ? outcome.counts[name] : 0), 0);
  return {
    mapped: having("mapped"),
    unchanged: having("unchanged"),
    ignored: having("ignored"),
    gone: having("gone"),
    records: sum("records"),
    entities: sum("entities"),
  };
}

/** The objects that were not mapped in full, by key and code, as one error; none when there are none. */
function failureOf(results: Results, asks: readonly Ask[]): Error | undefined {
  const failed = new Map<string, string>();
  let isUnfinished = false;
  for (const [index, ask] of asks.entries()) {
    const result = resultOf(results, ask);
    if (!("code" in result)) continue;
    failed.set("key" in ask ? ask.key : `item ${index}`, result.code);
    if (result.kind === "failed") isUnfinished = true;
  }
  if (failed.size === 0) return undefined;
  const named = Array.from(failed, ([name, code]) => `${name}: ${code}`).slice(0, MOST_NAMED);
  const rest = failed.size - named.length;
  const lines = [
    `${failed.size} of ${asks.length} objects were not mapped in full.`,
    ...named,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
  const message = lines.join("\n");
  return isUnfinished ? new PagesUnfinished(message) : new PagesRejected(message);
}

/**
 * Maps the pages that an event names. A key that is named twice is mapped once. The event may be
 * - SQS messages whose bodies are S3 notifications, and answers with the messages that failed;
 * - an S3 notification itself;
 * - a batch of a Step Functions Distributed Map over a listing or an inventory, `{Items: [...]}`, or a single item.
 *
 * @throws ConfigError before any request, TypeError for any other event. Except for messages, and after all other
 *   pages are mapped: PagesUnfinished when another try may succeed, else PagesRejected.
 */
export async function mapHandler(
  event: unknown,
  context: LambdaContext,
): Promise<MapBatchResponse | MapResult> {
  const logger = new Logger({ serviceName: "duo-udm-map" });
  const metrics = new Metrics({ namespace: "DuoUdm", serviceName: "duo-udm-map" });
  if (context.awsRequestId !== undefined) logger.appendKeys({ request_id: context.awsRequestId });
  const start = Date.now();
  let failures = 1;
  try {
    const config = loadMapConfig(process.env);
    const order = orderOf(config, event);
    await openS3(config);
    const asks = order.kind === "asks" ? order.asks : order.messages.flatMap((message) => message.asks);
    const keys = new Set(asks.flatMap((ask) => ("key" in ask ? [ask.key] : [])));
    const results = new Map<string, MapOutcome>();
    const mapOne = async (key: string) => {
      const isLate = context.getRemainingTimeInMillis() < RESERVE_MS;
      const ms = context.getRemainingTimeInMillis() - ANSWER_MS;
      const outcome = isLate ? LATE : await unlessLate(ms, mapObject(config, key));
      tell(logger, key, outcome);
      results.set(key, outcome);
    };
    const queue = keys.values();
    const worker = async () => {
      for (const key of queue) await mapOne(key);
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));

    const counts = countsOf([...results.values()]);
    failures = asks.filter((ask) => "code" in resultOf(results, ask)).length;
    metrics.addMetric("Pages", MetricUnit.Count, counts.mapped);
    metrics.addMetric("Unchanged", MetricUnit.Count, counts.unchanged);
    metrics.addMetric("Records", MetricUnit.Count, counts.records);
    metrics.addMetric("Entities", MetricUnit.Count, counts.entities);
    if (order.kind === "messages") {
      const failed = order.messages.filter((message) =>
        message.asks.some((ask) => "code" in resultOf(results, ask)),
      );
      for (const { id, asks: refused } of failed) {
        const codes = [...new Set(refused.flatMap((ask) => ("fault" in ask ? [ask.fault] : [])))];
        logger.error("message failed", { message_id: id, codes });
      }
      return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
    }
    const failure = failureOf(results, asks);
    if (failure !== undefined) throw failure;
    return counts;
  } finally {
    metrics.addMetric("Seconds", MetricUnit.Seconds, (Date.now() - start) / 1_000);
    metrics.addMetric("Failures", MetricUnit.Count, failures);
    metrics.publishStoredMetrics();
  }
}
