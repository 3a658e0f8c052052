/** What `map` makes of documents: the bytes of their entities, counts and issues. */

import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import type { Profile } from "../core/profile.ts";
import { startRun } from "../core/reading.ts";
import { lease } from "../io/memory.ts";
import { Tally, type TallyCounts } from "../text/tally.ts";
import { ComplaintList, type Complaints } from "./complaints.ts";
import { emptyCounts, type MapCounts } from "./counts.ts";
import type { DocumentOrigin, Reader } from "./reader.ts";

export interface MapReaderOptions {
  readonly collectedAt?: string;
  /** Whether entities are elements of a JSON array: then each has a comma before it. */
  readonly asElements: boolean;
  /** Whether every issue is wanted. */
  readonly withIssues: boolean;
}

export interface MapFound {
  /** In memory that is given back once they are written. */
  readonly entities: Uint8Array;
  readonly issues: readonly Issue[];
  readonly complaints: Complaints;
  readonly counts: MapCounts;
  readonly tally: TallyCounts;
}

class MapReader implements Reader<MapFound> {
  readonly #options: MapReaderOptions;
  readonly #profile: Profile;
  readonly #out = new ByteWriter();
  readonly #complaints = new ComplaintList();
  #issues: Issue[] = [];
  #counts = emptyCounts();
  readonly #tally = new Tally();

  constructor(options: MapReaderOptions, profile: Profile) {
    this.#options = options;
    this.#profile = profile;
  }

  document(value: unknown, { source, document, modified, lines, at }: DocumentOrigin): void {
    this.#counts.documents++;
    const place = { source, document };
    const page = readPage(value, place, at);
    const run = startRun(this.#options.collectedAt ?? modified, page.timestamp, place);
    for (const issue of page.issues)
      this.#issue(this.#options.withIssues ? { ...issue, line: lines.first } : issue);
    mapEach(page, source, run, (mapped) => this.#record(mapped, lines), { profile: this.#profile });
  }

  #record(mapped: MappedRecord, lines: DocumentOrigin["lines"]): void {
    const { record, reason, issues } = mapped;
    this.#tally.add(mapped);
    if (reason === undefined) {
      if (this.#options.asElements) this.#out.text(",");
      mapped.print(this.#out);
    }
    for (const issue of issues)
      this.#issue(this.#options.withIssues ? { ...issue, line: lines.of(record) } : issue);
  }

  invalid(issue: Issue): void {
    this.#counts.documents++;
    this.#issue(issue);
  }

  #issue(issue: Issue): void {
    const { code, severity } = issue;
    this.#counts.issues[code] = (this.#counts.issues[code] ?? 0) + 1;
    if (severity === "error") this.#counts.errors++;
    this.#complaints.add(issue);
    if (this.#options.withIssues) this.#issues.push(issue);
  }

  take(): MapFound {
    const taken = {
      entities: this.#out.take(lease),
      issues: this.#issues,
      complaints: this.#complaints.take(),
      counts: this.#counts,
      tally: this.#tally.take(),
    };
    this.#issues = [];
    this.#counts = emptyCounts();
    return taken;
  }
}

export function mapReader(options: MapReaderOptions, profile: Profile): Reader<MapFound> {
  return new MapReader(options, profile);
}
