/** The entities that a document holds, or that its records make. */

import type { Issue } from "../core/issue.ts";
import type { PageContext } from "../core/map-page.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { entitiesOf } from "../preflight/canonical.ts";

/** An entity that may be sent. */
export interface Candidate {
  readonly entity: unknown;
  /** What it was made of: the record, or the entity itself. */
  readonly raw: unknown;
}

/** What a document gives: entities, and what was odd about it and its records. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly issues: readonly Issue[];
}

const asCandidate = (raw: unknown): Candidate => ({ entity: raw, raw });

/**
 * The entities of a document: UDM entities in any form that an import takes, or raw Duo data, which is mapped. A list
 * may hold both.
 *
 * @param at where the document stands in what was read, for hints
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function candidatesOf(
  document: unknown,
  { collectedAt, profile, ...place }: PageContext,
  at?: string,
): Candidates {
  const entities = entitiesOf(document);
  if (entities !== undefined) return { candidates: entities.map(asCandidate), issues: [] };
  const candidates: Candidate[] = [];
  const page = readPage(document, place, at);
  const issues: Issue[] = [...page.issues];
  const run = startRun(collectedAt, page.timestamp, place);
  const see = (mapped: MappedRecord): void => {
    const { raw } = mapped;
    const own = entitiesOf(raw);
    if (own !== undefined) {
      candidates.push(...own.map(asCandidate));
      return;
    }
    issues.push(...mapped.issues);
    const entity = mapped.entity();
    if (entity !== undefined) candidates.push({ entity, raw });
  };
  mapEach(page, place.source ?? "", run, see, { profile });
  return { candidates, issues };
}
