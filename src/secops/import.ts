/** Entities into SecOps: in batches, and those that it refuses found one by one. */

import type { Issue } from "../core/issue.ts";
import { ownField } from "../core/scalar.ts";
import { canonicalEntity } from "../preflight/canonical.ts";
import type { ImportVerdict } from "./client.ts";
import { findRefused } from "./halving.ts";

/** The defaults of {@link BatchLimits}. */
export const BATCH_BYTES = 1_000_000;
export const BATCH_ENTITIES = 500;

/** An entity on its way. */
export interface ImportItem {
  readonly entity: unknown;
  /** Where it comes from, and which of that source's entities it is, from 0. */
  readonly source: string;
  readonly index: number;
  readonly logType: string;
  readonly issues: readonly Issue[];
  /** The entity as it is sent; `undefined` when preflight found it invalid, so that it is not. */
  readonly json: string | undefined;
}

export interface BatchLimits {
  /** Most bytes of a request's body. */
  readonly batchBytes: number;
  /** Most entities of a request. */
  readonly batchEntities: number;
}

/** Entities of one log type whose fate is known. */
export interface Settled {
  readonly logType: string;
  /** All of them, in their order. */
  readonly items: readonly ImportItem[];
  /** Those that were not sent, or that SecOps refused. */
  readonly rejected: readonly ImportItem[];
}

export interface ImporterOptions extends BatchLimits {
  /** Sends a request's body; without it nothing is sent, and nothing is refused. */
  readonly send: ((body: Uint8Array) => Promise<ImportVerdict>) | undefined;
  /** Called batch after batch; the next request waits for it. */
  readonly onSettled: (settled: Settled) => void | Promise<void>;
}

/** What an entity's metadata tells of its way into SecOps. */
interface Metadata {
  /** Duo's users and groups have a log type of their own. */
  readonly logType: string;
  /** Epoch milliseconds; not a number where there is none. */
  readonly collectedAt: number;
}

export function metadataOf(entity: unknown): Metadata {
  const canonical = canonicalEntity({ metadata: ownField(entity, "metadata") });
  const metadata = ownField(canonical, "metadata");
  const type = ownField(metadata, "entity_type");
  const time = ownField(metadata, "collected_timestamp");
  return {
    logType: type === "USER" || type === "GROUP" ? "DUO_USER_CONTEXT" : "DUO_CONTEXT",
    collectedAt: typeof time === "string" ? Date.parse(time) : Number.NaN,
  };
}

const HEAD = '{"inline_source":{"entities":[';

function bodyOf(items: readonly ImportItem[], logType: string): Buffer {
  const entities = items.map(({ json }) => json).join(",");
  return Buffer.from(`${HEAD}${entities}],"log_type":${JSON.stringify(logType)}}}`);
}

/** The bytes of a body around its entities and their commas. */
function frameBytes(logType: string): number {
  return bodyOf([], logType).length;
}

/** Whether a request can hold an entity at all. */
export function fits(
  json: string,
  logType: string,
  { batchBytes }: Pick<BatchLimits, "batchBytes">,
): boolean {
  return Buffer.byteLength(json) + frameBytes(logType) <= batchBytes;
}

interface Batch {
  readonly items: ImportItem[];
  /** Of the body, were it sent now. */
  bytes: number;
  /** How many of the items are sent. */
  entities: number;
}

/** Gathers entities into batches, one open for each log type, and sends each while the next is gathered. */
export class Importer {
  readonly #options: ImporterOptions;
  readonly #open = new Map<string, Batch>();
  /** Smaller than the limit once SecOps has found a request too large. */
  #batchBytes: number;
  #inHand: Promise<void> = Promise.resolve();

  constructor(options: ImporterOptions) {
    this.#options = options;
    this.#batchBytes = options.batchBytes;
  }

  /**
   * Takes an entity that fits into a request. Waits as long as a full batch waits for the one before it.
   *
   * @throws what sending an earlier batch has thrown
   */
  async add(item: ImportItem): Promise<void> {
    const { logType, json } = item;
    const { batchEntities } = this.#options;
    // A comma comes with each.
    const bytes = json === undefined ? 0 : Buffer.byteLength(json) + 1;
    let batch = this.#open.get(logType);
    if (batch !== undefined && batch.entities > 0 && batch.bytes + bytes > this.#batchBytes) {
      await this.#close(logType, batch);
      batch = undefined;
    }
    if (batch === undefined) {
      batch = { items: [], bytes: frameBytes(logType) - 1, entities: 0 };
      this.#open.set(logType, batch);
    }
    batch.items.push(item);
    batch.bytes += bytes;
    if (json !== undefined) batch.entities++;
    // What is not sent takes memory all the same.
    if (batch.entities >= batchEntities || batch.items.length >= 2 * batchEntities) {
      await this.#close(logType, batch);
    }
  }

  /**
   * Sends what is left.
   *
   * @throws what sending has thrown
   */
  async finish(): Promise<void> {
    for (const [logType, batch] of this.#open) await this.#close(logType, batch);
    await this.#inHand;
  }

  async #close(logType: string, { items }: Batch): Promise<void> {
    this.#open.delete(logType);
    await this.#inHand;
    this.#inHand = this.#settle(logType, items);
    // Its error is thrown where it is awaited: by the next batch, or at the end.
    this.#inHand.catch(() => {});
  }

  async #settle(logType: string, items: readonly ImportItem[]): Promise<void> {
    const { send, onSettled } = this.#options;
    const sent = items.filter(({ json }) => json !== undefined);
    const refused = new Set(
      send === undefined
        ? []
        : await findRefused(sent, async (group) => {
            const body = bodyOf(group, logType);
            const verdict = await send(body);
            if (verdict === "too large" && group.length > 1) {
              this.#batchBytes = Math.min(this.#batchBytes, Math.floor(body.length / 2));
            }
            return verdict;
          }),
    );
    const rejected = items.filter((item) => item.json === undefined || refused.has(item));
    await onSettled({ logType, items, rejected });
  }
}
