/** One import: entities are checked, sent in batches, and settled in the state. */

import { type Issue, issue } from "../core/issue.ts";
import { RecordChecks } from "../preflight/records.ts";
import { jsonOf } from "../text/json.ts";
import type { Candidate } from "./candidates.ts";
import type { SecopsClient } from "./client.ts";
import { type BatchLimits, fits, Importer, type ImportItem, metadataOf } from "./import.ts";
import type { ImportCounts, ImportState } from "./state.ts";

export interface ImportRunOptions extends BatchLimits {
  /** Without it nothing is sent. */
  readonly client: SecopsClient | undefined;
  readonly state: ImportState;
  /** The log type of all entities. Default: that of Duo's users for users and groups, else that of its assets. */
  readonly logType: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes what was rejected, batch after batch and in order, before the state is saved. */
  readonly onRejected: (items: readonly ImportItem[]) => void | Promise<void>;
}

const DAY_MS = 86_400_000;

/** Runs one import. Give it each source's entities in order, and finish. */
export class ImportRun {
  /** Entities that were collected more than a day before now, and the time of the oldest. */
  stale = 0;
  oldest = Number.POSITIVE_INFINITY;
  /** Entities that preflight lets pass, and the batches that they are settled in. */
  sendable = 0;
  batches = 0;
  readonly #options: ImportRunOptions;
  readonly #checks: RecordChecks;
  #issues: Issue[] = [];
  readonly #importer: Importer;
  readonly #start: number;
  readonly #before: Readonly<ImportCounts>;
  /** The source of the last entity, and which of its entities that was. */
  #last = { source: "", index: -1 };

  constructor(options: ImportRunOptions) {
    const { client, state, onRejected, now, ...limits } = options;
    this.#options = options;
    this.#start = now();
    this.#before = { ...state.counts };
    this.#checks = new RecordChecks({ issue: (found) => this.#issues.push(found), keys: () => {} });
    this.#importer = new Importer({
      ...limits,
      send: client === undefined ? undefined : (body) => client.import(body),
      onSettled: async ({ logType, items, rejected }) => {
        const { counts } = state;
        const sendable = items.filter(({ json }) => json !== undefined).length;
        this.sendable += sendable;
        if (sendable > 0) this.batches++;
        const sent = client === undefined ? 0 : sendable;
        const refused = rejected.filter(({ json }) => json !== undefined).length;
        counts.sent += sent;
        counts.accepted += sent - refused;
        counts.rejected += rejected.length;
        this.#measure();
        if (rejected.length > 0) await onRejected(rejected);
        await state.settle(logType, items.length);
      },
    });
  }

  /** Brings what time and the client tell into the counts. */
  #measure(): void {
    const { client, now, state } = this.#options;
    state.counts.requests = this.#before.requests + (client?.requests ?? 0);
    state.counts.seconds = this.#before.seconds + (now() - this.#start) / 1_000;
  }

  /**
   * Takes the next entity of a source.
   *
   * @param time when it was collected, as far as its source knows
   * @throws SecopsError, OutputError, ConfigError
   */
  async take({ entity, raw }: Candidate, source: string, time: string): Promise<void> {
    const { state } = this.#options;
    const index = this.#last.source === source ? this.#last.index + 1 : 0;
    this.#last = { source, index };
    const metadata = metadataOf(entity);
    const logType = this.#options.logType ?? metadata.logType;
    if (state.isSettled(logType, () => jsonOf(raw) ?? "")) return;
    this.#issues = [];
    this.#checks.begin({ collectedAt: time, place: source === "" ? {} : { source } });
    this.#checks.entity(entity);
    const issues = this.#issues;
    const json = this.#sendable(entity, logType, issues, source);
    const age = this.#start - metadata.collectedAt;
    if (age > DAY_MS) {
      this.stale++;
      this.oldest = Math.min(this.oldest, this.#start - age);
    }
    await this.#importer.add({ entity, source, index, logType, issues, json });
  }

  /** The entity as it is sent; `undefined` when it is not, and then an issue says why. */
  #sendable(entity: unknown, logType: string, issues: Issue[], source: string): string | undefined {
    if (issues.some(({ severity }) => severity === "error")) return undefined;
    const json = jsonOf(entity);
    if (json !== undefined && fits(json, logType, this.#options)) return json;
    issues.push({
      ...issue("ENTITY_TOO_LARGE", source === "" ? {} : { source }),
      hint: "it does not fit into a request",
    });
    return undefined;
  }

  /**
   * Sends what is left.
   *
   * @throws SecopsError, OutputError, ConfigError
   */
  async finish(): Promise<void> {
    await this.#importer.finish();
    this.#measure();
  }

  /** What was done so far, by this run and those before it. */
  get counts(): Readonly<ImportCounts> {
    this.#measure();
    return this.#options.state.counts;
  }
}
