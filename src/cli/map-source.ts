/** The work of `map` on one source. */

import stableStringify from "fast-json-stable-stringify";
import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { readPage } from "../core/page.ts";
import { type Run, startRun } from "../core/reading.ts";
import { printInRun } from "../core/record.ts";
import { readDocuments, type SourceDocument } from "../io/documents.ts";
import type { Source } from "../io/sources.ts";
import { issueLine } from "./messages.ts";
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
  /** Good until the next chunk is asked for. */
  readonly entities: Uint8Array;
  readonly issues: string;
  /** Messages about what was rejected. */
  readonly complaints: readonly string[];
  readonly counts: MapCounts;
}

/** A chunk is given out when it holds so many bytes of entities or of issues. */
const CHUNK = 1 << 19;

/** Writers that no source has in use, with the memory that they made. */
const spare: ByteWriter[] = [];

class Collected {
  readonly #options: MapSourceOptions;
  readonly #out = spare.pop() ?? new ByteWriter(CHUNK);
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
    for (const [record, raw] of page.records.entries()) {
      run.record = record;
      this.#record(raw, run);
      if (this.#out.length >= CHUNK || this.#issues.length >= CHUNK) yield this.take();
    }
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
    const taken = {
      entities: this.#out.take(),
      issues: this.#issues,
      complaints: this.#complaints,
      counts: this.counts,
    };
    this.#issues = "";
    this.#complaints = [];
    this.counts = emptyCounts();
    return taken;
  }

  release(): void {
    spare.push(this.#out);
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
  } finally {
    collected.release();
  }
}
