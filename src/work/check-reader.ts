/** What `check` finds in documents. */

import type { Issue } from "../core/issue.ts";
import type { EntityKeys, KeyPlace } from "../preflight/keys.ts";
import { checkDocument } from "../preflight/preflight.ts";
import { RecordChecks } from "../preflight/records.ts";
import { type CheckCounts, CheckSummary } from "../preflight/summary.ts";
import type { DocumentOrigin, Reader } from "./reader.ts";

export interface CheckReaderOptions {
  readonly collectedAt?: string;
  readonly showValues: boolean;
  /** Whether every issue is wanted. */
  readonly withIssues: boolean;
}

/** The keys of an entity: what they mean, all sources together tell. */
export interface PlacedKeys {
  readonly keys: EntityKeys;
  readonly place: KeyPlace;
  /** How many issues of the part come before it. */
  readonly before: number;
}

export interface CheckFound {
  readonly counts: CheckCounts;
  readonly issues: readonly Issue[];
  readonly keys: readonly PlacedKeys[];
}

class CheckReader implements Reader<CheckFound> {
  readonly #options: CheckReaderOptions;
  readonly #checks: RecordChecks;
  readonly #summary = new CheckSummary();
  #issues: Issue[] = [];
  #keys: PlacedKeys[] = [];
  #origin: DocumentOrigin | undefined;

  constructor(options: CheckReaderOptions) {
    this.#options = options;
    this.#checks = new RecordChecks(
      {
        issue: (found) => this.#issue(found),
        keys: (keys, place) =>
          this.#keys.push({
            keys,
            place: { ...place, ...this.#lineOf(place.record) },
            before: this.#issues.length,
          }),
      },
      { showValues: options.showValues, tally: this.#summary.tally },
    );
  }

  #lineOf(record: number | undefined): { line?: number } {
    return record === undefined || this.#origin === undefined ? {} : { line: this.#origin.lines.of(record) };
  }

  #issue(found: Issue): void {
    const issue = { ...found, ...this.#lineOf(found.record) };
    this.#summary.add(issue);
    if (this.#options.withIssues) this.#issues.push(issue);
  }

  document(value: unknown, origin: DocumentOrigin): void {
    const { source, document, modified } = origin;
    this.#origin = origin;
    const context = { collectedAt: this.#options.collectedAt ?? modified, source, document };
    checkDocument(value, context, this.#checks, (issue) => this.#issue(issue));
    this.#summary.saw(1);
  }

  invalid(found: Issue): void {
    this.#issue(found);
    this.#summary.saw(1);
  }

  take(): CheckFound {
    const taken = { counts: this.#summary.take(), issues: this.#issues, keys: this.#keys };
    this.#issues = [];
    this.#keys = [];
    return taken;
  }
}

export function checkReader(options: CheckReaderOptions): Reader<CheckFound> {
  return new CheckReader(options);
}
