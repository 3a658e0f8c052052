/** What `check` finds in documents. */

import { type Issue, issue } from "../core/issue.ts";
import type { Profile } from "../core/profile.ts";
import { isUdm } from "../preflight/canonical.ts";
import type { EntityKeys, KeyPlace } from "../preflight/keys.ts";
import { checkDocument } from "../preflight/preflight.ts";
import { RecordChecks } from "../preflight/records.ts";
import { type CheckCounts, CheckSummary } from "../preflight/summary.ts";
import type { DocumentOrigin, Reader } from "./reader.ts";

/** The longest line of an object that a SecOps feed takes. */
const FEED_LINE_BYTES = 4_000_000;

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
  readonly #profile: Profile;
  readonly #checks: RecordChecks;
  readonly #summary = new CheckSummary();
  #issues: Issue[] = [];
  #keys: PlacedKeys[] = [];
  #origin: DocumentOrigin | undefined;
  #longLine: number | undefined;

  constructor(options: CheckReaderOptions, profile: Profile) {
    this.#options = options;
    this.#profile = profile;
    this.#checks = new RecordChecks(
      {
        issue: (found) => this.#issue(found),
        keys: (keys, place) =>
          this.#keys.push({
            keys,
            place: Object.assign({}, place, this.#lineOf(place.record)),
            before: this.#issues.length,
          }),
      },
      { showValues: options.showValues, profile: this.#profile, tally: this.#summary.tally },
    );
  }

  /** The line of a record, or of the document at hand. */
  #lineOf(record: number | undefined): { line?: number } {
    const lines = this.#origin?.lines;
    return lines === undefined ? {} : { line: record === undefined ? lines.first : lines.of(record) };
  }

  #issue(found: Issue): void {
    const complete = (): Issue => Object.assign(this.#lineOf(found.record), found);
    this.#summary.add(found, complete);
    if (this.#options.withIssues) this.#issues.push(complete());
  }

  document(value: unknown, origin: DocumentOrigin): void {
    const { source, document, modified, lines } = origin;
    this.#origin = origin;
    if (!isUdm(value)) this.#longLineAt(lines.longer(FEED_LINE_BYTES), source, document);
    const context = {
      collectedAt: this.#options.collectedAt ?? modified,
      source,
      document,
      profile: this.#profile,
    };
    checkDocument(value, context, this.#checks, (found) => this.#issue(found), origin.at);
    this.#summary.document();
  }

  /** Reports a line that is too long: once, although several documents may stand on it. */
  #longLineAt(line: number | undefined, source: string, document: number): void {
    if (line === undefined || line === this.#longLine) return;
    this.#longLine = line;
    this.#issue(issue("LINE_TOO_LONG", { source, document, line }));
  }

  invalid(found: Issue): void {
    this.#origin = undefined;
    this.#issue(found);
    this.#summary.document();
  }

  take(): CheckFound {
    const taken = { counts: this.#summary.take(), issues: this.#issues, keys: this.#keys };
    this.#issues = [];
    this.#keys = [];
    this.#longLine = undefined;
    return taken;
  }
}

export function checkReader(options: CheckReaderOptions, profile: Profile): Reader<CheckFound> {
  return new CheckReader(options, profile);
}
