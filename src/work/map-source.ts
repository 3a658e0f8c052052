/** The work of `map` on one source. */

import stableStringify from "fast-json-stable-stringify";
import { issueLine } from "../cli/messages.ts";
import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { readPage } from "../core/page.ts";
import { type Run, startRun } from "../core/reading.ts";
import { printInRun } from "../core/record.ts";
import { readDocuments, type SourceDocument } from "../io/documents.ts";
import type { Source } from "../io/sources.ts";
import { chunkMemory, takeBack } from "./handover.ts";
import { emptyCounts, type MapCounts } from "./tally.ts";

export interface MapSourceOptions {
  readonly collectedAt?: string;
  /** Whether entities are elements of a JSON array: then each has a comma before it. */
  readonly asElements: boolean;
  /** Whether every issue is wanted as a line of NDJSON. */
  readonly withIssues: boolean;
}

/** Part of what a source's documents give, ready to be written. */
export interface MapChunk {
  /** In memory that is used again when nobody needs the chunk any more. */
  readonly entities: Uint8Array;
  readonly issues: string;
  /** Messages about what was rejected. */
  readonly complaints: readonly string[];
  readonly counts: MapCounts;
}

/** A chunk is given out when it holds so many bytes of entities or of issues. */
const CHUNK = 1 << 19;

class Collected {
  readonly #options: MapSourceOptions;
  /** What the chunk is written into, unless a record outgrows it. */
  #memory: Uint8Array<SharedArrayBuffer> | undefined;
  readonly #out = new ByteWriter(() => {
    this.#memory = chunkMemory();
    return this.#memory;
  });
  #issues = "";
  #complaints: string[] = [];
  counts = emptyCounts();

  constructor(options: MapSourceOptions) {
    this.#options = options;
  }

  #record(raw: unknown, run: Run): void {
    const start = this.#out.length;
    if (this.#options.asElements) this.#out.text(",");
    const skipped = printInRun(raw, run, this.#out);
    this.counts.records++;
    if (skipped === undefined) {
      this.counts.entities++;
    } else {
      this.#out.rewind(start);
      this.counts.skipped[skipped] = (this.counts.skipped[skipped] ?? 0) + 1;
    }
    for (const issue of run.issues.splice(0)) this.issue(issue);
  }

  *document(document: SourceDocument, source: Source): Generator<MapChunk> {
    this.counts.documents++;
    if (document.kind === "invalid") {
      this.issue(document.issue, document.hint);
      return;
    }
    const { value, index, modified } = document;
    const place = { source: source.name, ...(index !== undefined && { document: index }) };
    const page = readPage(value, place);
    const run = startRun(this.#options.collectedAt ?? modified, page.timestamp, place);
    for (const issue of page.issues) this.issue(issue);
    for (let next = 0; next < page.records.length; ) {
      next = this.#records(page.records, next, run);
      if (this.#isFull()) yield this.take();
    }
  }

  /**
   * The records from `first` on, as many as there is room for. A loop of its own, since V8 takes long to compile one
   * within a generator.
   *
   * @returns the first record that is left
   */
  #records(records: readonly unknown[], first: number, run: Run): number {
    let next = first;
    do {
      run.record = next;
      this.#record(records[next++], run);
    } while (next < records.length && !this.#isFull());
    return next;
  }

  #isFull(): boolean {
    return this.#out.length >= CHUNK || this.#issues.length >= CHUNK;
  }

  issue(issue: Issue, hint?: string): void {
    const { code, severity } = issue;
    this.counts.issues[code] = (this.counts.issues[code] ?? 0) + 1;
    if (severity === "error") {
      this.counts.errors++;
      this.#complaints.push(issueLine(issue, hint));
    }
    if (this.#options.withIssues) this.#issues += `${stableStringify(issue)}\n`;
  }

  take(): MapChunk {
    const entities = this.#out.take();
    if (this.#memory !== undefined && entities.buffer !== this.#memory.buffer)
      takeBack([this.#memory.buffer]);
    this.#memory = undefined;
    const taken = {
      entities,
      issues: this.#issues,
      complaints: this.#complaints,
      counts: this.counts,
    };
    this.#issues = "";
    this.#complaints = [];
    this.counts = emptyCounts();
    return taken;
  }
}

/** Maps the documents of a source in order, holding one document and one chunk. */
export async function* mapSource(source: Source, options: MapSourceOptions): AsyncGenerator<MapChunk> {
  const collected = new Collected(options);
  try {
    for await (const document of readDocuments(source)) yield* collected.document(document, source);
    yield collected.take();
  } catch (error) {
    yield collected.take();
    throw error;
  }
}
