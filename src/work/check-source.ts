/** The work of `check` on one source. */

import stableStringify from "fast-json-stable-stringify";
import type { Issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import type { Source } from "../io/sources.ts";
import type { EntityKeys, KeyPlace } from "../preflight/keys.ts";
import { checkDocument } from "../preflight/preflight.ts";
import { RecordChecks } from "../preflight/records.ts";
import { type CheckCounts, CheckSummary } from "../preflight/summary.ts";

export interface CheckWorkOptions {
  readonly collectedAt?: string;
  readonly showValues: boolean;
  /** Whether every issue is wanted as a line of JSON. */
  readonly withLines: boolean;
}

/** The keys of an entity: what they mean, all sources together tell. */
interface PlacedKeys {
  readonly keys: EntityKeys;
  readonly place: KeyPlace;
  /** How many lines of the chunk come before it. */
  readonly before: number;
}

export interface CheckChunk {
  readonly counts: CheckCounts;
  readonly lines: readonly string[];
  readonly keys: readonly PlacedKeys[];
}

/** A chunk is given out when it has so many lines or keys. */
const CHUNK = 1000;

/** Checks the documents of a source in order, holding one document and one chunk. */
export async function* checkSource(
  source: Source,
  { collectedAt, showValues, withLines }: CheckWorkOptions,
): AsyncGenerator<CheckChunk> {
  const summary = new CheckSummary();
  let lines: string[] = [];
  let keys: PlacedKeys[] = [];
  const add = (found: Issue): void => {
    summary.add(found);
    if (withLines) lines.push(stableStringify(found));
  };
  const checks = new RecordChecks(
    { issue: add, keys: (one, place) => keys.push({ keys: one, place, before: lines.length }) },
    { showValues },
  );
  const take = (): CheckChunk => {
    const taken = { counts: summary.take(), lines, keys };
    lines = [];
    keys = [];
    return taken;
  };
  try {
    for await (const document of readDocuments(source)) {
      const before = { records: checks.records, entities: checks.entities };
      if (document.kind === "invalid") {
        const { issue, hint } = document;
        add(hint === undefined ? issue : { ...issue, hint });
      } else {
        const { value, index, modified } = document;
        const place = { source: source.name, ...(index !== undefined && { document: index }) };
        checkDocument(value, { collectedAt: collectedAt ?? modified, ...place }, checks, add);
      }
      summary.saw({
        documents: 1,
        records: checks.records - before.records,
        entities: checks.entities - before.entities,
      });
      if (lines.length >= CHUNK || keys.length >= CHUNK) yield take();
    }
  } catch (error) {
    yield take();
    throw error;
  }
  yield take();
}
