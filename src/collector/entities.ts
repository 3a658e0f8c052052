/** Pages as the entities they make: what is stored, and what is counted, by the collector and the mapping function. */

import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import type { Page } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { type EntityKeys, RunKeys } from "../preflight/keys.ts";
import { RecordChecks } from "../preflight/records.ts";
import { PROFILES, type ProfileName } from "../profiles/index.ts";
import { tally } from "./manifest.ts";

/** The content type of entities, and of records on lines. */
export const NDJSON = "application/x-ndjson";

/** Maps the records of a page, each once. Their entities are the lines that it returns; `see` is shown every record. */
export function mapToLines(
  page: Page,
  source: string,
  collectedAt: string,
  profile: ProfileName,
  see: (mapped: MappedRecord) => void,
): Uint8Array {
  const out = new ByteWriter();
  const run = startRun(collectedAt, page.timestamp, { source });
  const show = (mapped: MappedRecord) => {
    mapped.print(out);
    see(mapped);
  };
  mapEach(page, source, run, show, { profile: PROFILES[profile] });
  return out.take();
}

/** Counts what there is to say about the records of a run: the issues of their mapping, and of preflight. */
export class IssueCounter {
  readonly #keys = new RunKeys();
  readonly #checks: RecordChecks;
  #counts: Record<string, number> = {};

  constructor(profile: ProfileName) {
    const reader = {
      issue: ({ code }: Issue) => tally(this.#counts, code),
      keys: (keys: EntityKeys) => {
        for (const { code } of this.#keys.see(keys)) tally(this.#counts, code);
      },
    };
    this.#checks = new RecordChecks(reader, { profile: PROFILES[profile] });
  }

  /** From here on the issues of a page are counted in `counts`. */
  begin(page: Page, collectedAt: string, counts: Record<string, number>): void {
    this.#counts = counts;
    this.#checks.begin({ collectedAt, place: {}, pageTimestamp: page.timestamp });
  }

  see(mapped: MappedRecord): void {
    this.#checks.record(mapped);
  }
}
