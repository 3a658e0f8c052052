/** The records that a report to explore holds: each once, and what is known of it without mapping it again. */

import { type IssueCode, SEVERITIES, type Severity } from "../core/issue.ts";
import type { SkipReason } from "../core/profile.ts";
import type { Resource } from "../core/resource.ts";
import type { ProfileChoice } from "../profiles/index.ts";

/** The most records that one file holds, and the most characters of their JSON. Records after these are counted. */
export const MOST_RECORDS = 20_000;
export const MOST_CHARACTERS = 32_000_000;

export interface ExploredRecord {
  readonly source: string;
  /** Index of its document in the source, where that holds several. */
  readonly document?: number;
  /** Index in its document. */
  readonly record: number;
  /** Line of the source on which it starts. */
  readonly line?: number;
  /** The record as JSON, on one line. */
  readonly json: string;
  readonly resource: Resource | "unknown";
  /** Why it makes no entity. */
  readonly reason?: SkipReason;
  /** Whether its entity names an owner, or needs none. */
  readonly hasOwner: boolean;
  /** Whether SecOps may drop its entity, or the owner. */
  readonly mayBeDropped: boolean;
  readonly codes: readonly IssueCode[];
  /** The codes with the table rows that they are about: `FIELD_TYPE email`. */
  readonly rows: readonly string[];
  /** The severity of the gravest issue. */
  readonly gravest?: Severity;
  /** What the collection time comes from where the record has none. */
  readonly modified: string;
  readonly pageTimestamp?: unknown;
}

/** A record before it is taken. It has no JSON where it is nested too deep to be written. */
export type RecordToExplore = Omit<ExploredRecord, "json"> & { readonly json: string | undefined };

/** Records and what the page says about them. */
export interface Explored {
  readonly records: readonly ExploredRecord[];
  /** Records that the file does not hold. */
  readonly left: number;
  readonly choice: ProfileChoice;
}

/** The gravest of some severities. */
export function gravestOf(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return SEVERITIES.find((severity) => severities.includes(severity));
}

/** Takes records until there are too many for one file. */
export class ExploredRecords {
  readonly #records: ExploredRecord[] = [];
  #size = 0;
  #isFull = false;
  #left = 0;

  add(record: RecordToExplore): void {
    const { json } = record;
    if (json !== undefined) {
      this.#size += json.length;
      this.#isFull ||= this.#records.length === MOST_RECORDS || this.#size > MOST_CHARACTERS;
    }
    if (json === undefined || this.#isFull) this.#left++;
    else this.#records.push({ ...record, json });
  }

  explored(choice: ProfileChoice): Explored {
    return { records: this.#records, left: this.#left, choice };
  }
}

/** A record by its columns; texts stand in the list of words. */
type PackedRecord = readonly [
  source: number,
  document: number | null,
  record: number,
  line: number | null,
  resource: number,
  reason: number | null,
  flags: number,
  codes: readonly number[],
  rows: readonly number[],
  gravest: number | null,
  modified: number,
  pageTimestamp: number | null,
];

interface Head {
  readonly choice: ProfileChoice;
  readonly left: number;
  readonly words: readonly unknown[];
  readonly records: readonly PackedRecord[];
}

const OWNED = 1;
const DROPPED = 2;

/** Numbers equal values by their JSON. */
class Words {
  readonly all: unknown[] = [];
  readonly #places = new Map<string, number>();

  of(value: unknown): number {
    const key = JSON.stringify(value) ?? "null";
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.all.push(value) - 1;
      this.#places.set(key, place);
    }
    return place;
  }
}

/** The records as lines of JSON: the first is about all of them, and then there is one for each. */
export function packed({ records, left, choice }: Explored): string {
  const words = new Words();
  const columns = records.map((one): PackedRecord => {
    const {
      source,
      document,
      record,
      line,
      resource,
      reason,
      codes,
      rows,
      gravest,
      modified,
      pageTimestamp,
    } = one;
    return [
      words.of(source),
      document ?? null,
      record,
      line ?? null,
      words.of(resource),
      reason === undefined ? null : words.of(reason),
      (one.hasOwner ? OWNED : 0) | (one.mayBeDropped ? DROPPED : 0),
      codes.map((code) => words.of(code)),
      rows.map((row) => words.of(row)),
      gravest === undefined ? null : words.of(gravest),
      words.of(modified),
      pageTimestamp === undefined ? null : words.of(pageTimestamp),
    ];
  });
  const head: Head = { choice, left, words: words.all, records: columns };
  return [JSON.stringify(head), ...records.map(({ json }) => json)].join("\n");
}

/** The records of {@link packed}. The page is made by the same version, so that nothing is checked again. */
export function unpacked(text: string): Explored {
  const [first = "", ...lines] = text.split("\n");
  const { choice, left, words, records }: Head = JSON.parse(first);
  const wordOf = <T>(place: number): T => words[place] as T;
  return {
    choice,
    left,
    records: records.map((columns, at) => {
      const [source, document, record, line, resource, reason, flags, codes, rows, gravest, modified, stamp] =
        columns;
      return {
        source: wordOf(source),
        ...(document !== null && { document }),
        record,
        ...(line !== null && { line }),
        json: lines[at] ?? "null",
        resource: wordOf(resource),
        ...(reason !== null && { reason: wordOf(reason) }),
        hasOwner: (flags & OWNED) !== 0,
        mayBeDropped: (flags & DROPPED) !== 0,
        codes: codes.map((code) => wordOf<IssueCode>(code)),
        rows: rows.map((row) => wordOf<string>(row)),
        ...(gravest !== null && { gravest: wordOf<Severity>(gravest) }),
        modified: wordOf(modified),
        ...(stamp !== null && { pageTimestamp: words[stamp] }),
      };
    }),
  };
}
