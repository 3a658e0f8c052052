/** Reads what was pasted or dropped in, as the command reads its inputs, and checks it as `check` does. */

import { Buffer } from "node:buffer";
import type { Issue } from "../src/core/issue.ts";
import { mapEach } from "../src/core/mapped.ts";
import { type RecordsAt, readPage } from "../src/core/page.ts";
import type { Profile, SkipReason } from "../src/core/profile.ts";
import { startRun } from "../src/core/reading.ts";
import type { Resource } from "../src/core/resource.ts";
import { piecesOf } from "../src/io/pieces.ts";
import { isUdm } from "../src/preflight/canonical.ts";
import { type EntityKeys, type KeyPlace, RunKeys } from "../src/preflight/keys.ts";
import { checkDocument } from "../src/preflight/preflight.ts";
import { keyIssues, RecordChecks } from "../src/preflight/records.ts";
import { CheckSummary } from "../src/preflight/summary.ts";
import { placed } from "../src/work/base.ts";
import { readPart } from "../src/work/blocks.ts";
import type { Reader } from "../src/work/reader.ts";
import { titleOf } from "./parts/title.ts";

/** A file, or the text of the input panel. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it was last written: the collection time of records that have none. */
  readonly modified: string;
}

/** A raw record, and what mapping it needs besides. */
export interface InputRecord {
  readonly source: string;
  /** Index of its document in the source, where that holds several. */
  readonly document?: number;
  /** Index in its document. */
  readonly record: number;
  readonly raw: unknown;
  readonly pageTimestamp: unknown;
  readonly modified: string;
  readonly resource: Resource | "unknown";
  readonly reason: SkipReason | undefined;
  /** What a person knows the record by, and where it is. */
  readonly title: string;
  readonly detail: string;
}

export interface Loaded {
  readonly records: readonly InputRecord[];
  readonly summary: CheckSummary;
}

interface LoadOptions {
  readonly recordsAt?: RecordsAt | undefined;
  readonly profile: Profile;
}

interface PartRead {
  readonly records: readonly InputRecord[];
  readonly issues: readonly Issue[];
  readonly keys: readonly { readonly keys: EntityKeys; readonly place: KeyPlace }[];
}

/** Lists the records of documents, and checks the documents as `check` does. */
class PlaygroundReader implements Reader<PartRead> {
  readonly #profile: Profile;
  readonly #summary: CheckSummary;
  readonly #checks: RecordChecks;
  #records: InputRecord[] = [];
  #issues: Issue[] = [];
  #keys: { keys: EntityKeys; place: KeyPlace }[] = [];
  #lineOf: (record: number | undefined) => number = () => 1;

  constructor(profile: Profile, summary: CheckSummary) {
    this.#profile = profile;
    this.#summary = summary;
    const { tally } = summary;
    this.#checks = new RecordChecks(
      {
        issue: (found) => this.#see(found),
        keys: (keys, place) =>
          this.#keys.push({ keys, place: { ...place, line: this.#lineOf(place.record) } }),
      },
      { profile, tally },
    );
  }

  #see(found: Issue): void {
    this.#issues.push({ line: this.#lineOf(found.record), ...found });
  }

  document(
    value: unknown,
    { source, document, modified, lines, at }: Parameters<Reader<PartRead>["document"]>[1],
  ): void {
    this.#summary.document();
    this.#lineOf = (record) => (record === undefined ? lines.first : lines.of(record));
    const place = { source, document };
    const see = (found: Issue): void => this.#see(found);
    if (isUdm(value)) {
      checkDocument(
        value,
        { ...place, collectedAt: modified, profile: this.#profile },
        this.#checks,
        see,
        at,
      );
      return;
    }
    const page = readPage(value, place, at);
    for (const found of page.issues) see(found);
    this.#checks.begin({ collectedAt: modified, place, pageTimestamp: page.timestamp });
    const run = startRun(modified, page.timestamp, place);
    mapEach(
      page,
      source,
      run,
      (mapped) => {
        this.#checks.record(mapped);
        const { record, raw, resource, reason } = mapped;
        const title = titleOf(raw, record);
        const where = { source, document, record, raw, pageTimestamp: page.timestamp, modified };
        this.#records.push({ ...where, resource, reason, title, detail: reason ?? resource });
      },
      { profile: this.#profile },
    );
  }

  invalid(found: Issue): void {
    this.#summary.document();
    this.#issues.push(found);
  }

  take(): PartRead {
    const taken = { records: this.#records, issues: this.#issues, keys: this.#keys };
    this.#records = [];
    this.#issues = [];
    this.#keys = [];
    return taken;
  }
}

/** Lets the browser show what is new, and take what the user does. */
const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * Reads all documents of the sources.
 *
 * @param isWanted asked between parts: nothing more is read when the answer has become useless
 */
export async function loadSources(
  sources: readonly Source[],
  { recordsAt, profile }: LoadOptions,
  isWanted: () => boolean = () => true,
): Promise<Loaded> {
  const summary = new CheckSummary();
  const reader = new PlaygroundReader(profile, summary);
  const run = new RunKeys();
  const records: InputRecord[] = [];
  for (const { name, bytes, modified } of sources) {
    let documents = 0;
    let lines = 0;
    const open = async () => ({ bytes: Buffer.from(bytes) });
    for await (const { modified: _, ...piece } of piecesOf({ name, modified, open })) {
      lines += piece.linesBefore;
      const part = readPart({ source: name, modified, piece }, reader, recordsAt);
      const base = { documents, lines, isOnly: documents === 0 && piece.isLast && part.documents === 1 };
      for (const record of part.found.records) records.push(placed(record, base));
      for (const found of part.found.issues) summary.add(placed(found, base));
      for (const { keys, place } of part.found.keys) {
        for (const found of keyIssues(run, keys, () => placed(place, base), false)) summary.add(found);
      }
      documents += part.documents;
      lines += part.lines;
      await breath();
      if (!isWanted()) return { records, summary };
    }
  }
  return { records, summary };
}
