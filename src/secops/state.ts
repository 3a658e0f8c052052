/** How far an import has come, in a file: a run that was cut off goes on from there. */

import { createHash, type Hash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import stringify from "fast-json-stable-stringify";
import { isObject } from "../core/scalar.ts";
import { ConfigError, errorCode, OutputError, reason } from "../io/errors.ts";

/** What all runs under one state have done. */
export interface ImportCounts {
  /** Entities that SecOps took. */
  accepted: number;
  /** Entities that preflight found invalid, or that SecOps refused. */
  rejected: number;
  /** Requests to SecOps, retries among them. */
  requests: number;
  /** How long the runs took. */
  seconds: number;
  /** Entities that were sent: those that SecOps took, and those that it refused. */
  sent: number;
}

export const noCounts = (): ImportCounts => ({ accepted: 0, rejected: 0, requests: 0, seconds: 0, sent: 0 });

/** What makes two calls the same import. */
export interface Purpose {
  /** Instance, log type, and whatever else changes what is sent. */
  readonly options: unknown;
  /** The sizes of the sources, as far as they are known. */
  readonly sources: readonly (number | null)[];
}

interface Stored {
  readonly counts: ImportCounts;
  readonly purpose: string;
  /** The length of the file of rejected entities. */
  readonly rejectedBytes: number;
  /** By log type: how many entities are settled, and what they were. */
  readonly settled: ReadonlyMap<string, { readonly entities: number; readonly sha256: string }>;
}

const COUNTS = ["accepted", "rejected", "requests", "seconds", "sent"] as const;

function countsOf(value: unknown): ImportCounts | undefined {
  if (!isObject(value)) return undefined;
  const counts = noCounts();
  for (const name of COUNTS) {
    const count = value[name];
    if (typeof count !== "number") return undefined;
    counts[name] = count;
  }
  return counts;
}

function parse(text: string): Stored | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !isObject(value["settled"])) return undefined;
  const { purpose, rejected_bytes: rejectedBytes } = value;
  const counts = countsOf(value["counts"]);
  const settled = new Map<string, { entities: number; sha256: string }>();
  for (const [logType, one] of Object.entries(value["settled"])) {
    if (!isObject(one)) return undefined;
    const { entities, sha256 } = one;
    if (typeof entities !== "number" || typeof sha256 !== "string") return undefined;
    settled.set(logType, { entities, sha256 });
  }
  if (counts === undefined || typeof purpose !== "string" || typeof rejectedBytes !== "number") {
    return undefined;
  }
  return { counts, purpose, rejectedBytes, settled };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The entities of one log type, as they come by. */
interface Progress {
  /** How many have come by. */
  seen: number;
  /** The hash of those that are settled. */
  readonly hash: Hash;
  /** The hashes of those that are not settled yet, in their order. */
  readonly waiting: string[];
  settled: number;
}

function otherInputs(path: string): ConfigError {
  return new ConfigError(
    `${path}: is the state of an import with other inputs or options; repeat that call, or remove the file to send everything`,
  );
}

/** The state of one import. Without a path it is kept in memory only. */
export class ImportState {
  readonly counts: ImportCounts;
  /** The length of the file of rejected entities, to be kept up to date by whoever writes it. */
  rejectedBytes: number;
  readonly #path: string | undefined;
  readonly #purpose: string;
  readonly #before: Stored["settled"];
  readonly #progress = new Map<string, Progress>();
  readonly #isReadOnly: boolean;

  private constructor(
    path: string | undefined,
    purpose: string,
    stored: Stored | undefined,
    isReadOnly: boolean,
  ) {
    this.#path = path;
    this.#isReadOnly = isReadOnly;
    this.#purpose = purpose;
    this.counts = stored?.counts ?? noCounts();
    this.rejectedBytes = stored?.rejectedBytes ?? 0;
    this.#before = stored?.settled ?? new Map();
  }

  /**
   * Reads the state at `path`, or starts one.
   *
   * @param isReadOnly the file is never written
   * @throws ConfigError when it is not a state, or is that of another import.
   */
  static async open(path: string | undefined, purpose: Purpose, isReadOnly = false): Promise<ImportState> {
    const fingerprint = sha256(stringify(purpose));
    if (path === undefined) return new ImportState(path, fingerprint, undefined, isReadOnly);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw new ConfigError(`${path}: cannot be read: ${reason(error)}`, { cause: error });
    });
    if (text === undefined) return new ImportState(path, fingerprint, undefined, isReadOnly);
    const stored = parse(text);
    if (stored === undefined) {
      throw new ConfigError(`${path}: is not the state of an import; name another file`);
    }
    if (stored.purpose !== fingerprint) throw otherInputs(path);
    return new ImportState(path, fingerprint, stored, isReadOnly);
  }

  /** Whether runs before this one have settled anything. */
  get isResumed(): boolean {
    return this.#before.size > 0;
  }

  /**
   * Takes the next entity of a log type, and tells whether it is settled already.
   *
   * @param textOf what the entity is, the same in each run
   * @throws ConfigError when the settled ones were others.
   */
  isSettled(logType: string, textOf: () => string): boolean {
    if (this.#path === undefined) return false;
    let progress = this.#progress.get(logType);
    if (progress === undefined) {
      progress = { seen: 0, hash: createHash("sha256"), waiting: [], settled: 0 };
      this.#progress.set(logType, progress);
    }
    const before = this.#before.get(logType);
    const hash = sha256(textOf());
    if (progress.seen >= (before?.entities ?? 0)) {
      progress.seen++;
      progress.waiting.push(hash);
      return false;
    }
    progress.hash.update(hash);
    progress.seen++;
    progress.settled++;
    if (progress.seen === before?.entities && progress.hash.copy().digest("hex") !== before.sha256) {
      throw otherInputs(this.#path);
    }
    return true;
  }

  /** Says that all inputs were read. @throws ConfigError when they hold less than was settled. */
  end(): void {
    for (const [logType, { entities }] of this.#before) {
      if ((this.#progress.get(logType)?.seen ?? 0) < entities) throw otherInputs(this.#path ?? "");
    }
  }

  /**
   * Settles the next entities of a log type, and saves the state.
   *
   * @throws OutputError when it cannot be written.
   */
  async settle(logType: string, entities: number): Promise<void> {
    const progress = this.#progress.get(logType);
    if (this.#path === undefined || progress === undefined) return;
    for (const hash of progress.waiting.splice(0, entities)) progress.hash.update(hash);
    progress.settled += entities;
    await this.save();
  }

  /** @throws OutputError */
  async save(): Promise<void> {
    if (this.#path === undefined || this.#isReadOnly) return;
    const settled = new Map<string, { entities: number; sha256: string }>(this.#before);
    for (const [logType, progress] of this.#progress) {
      // While those of the run before still come by, they count as then.
      if (progress.settled < (this.#before.get(logType)?.entities ?? 0)) continue;
      settled.set(logType, {
        entities: progress.settled,
        sha256: progress.hash.copy().digest("hex"),
      });
    }
    const text = stringify({
      counts: this.counts,
      purpose: this.#purpose,
      rejected_bytes: this.rejectedBytes,
      settled: Object.fromEntries(settled),
    });
    // One name, so that a process that is killed leaves no more than one behind.
    const temporary = `${this.#path}.tmp`;
    try {
      // What stands at that name is never written through: it may be a link.
      await rm(temporary, { force: true });
      await writeFile(temporary, `${text}\n`, { flag: "wx" });
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw new OutputError(`${this.#path}: cannot be written: ${reason(error)}`, { cause: error });
    }
  }
}
