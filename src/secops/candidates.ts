/** The entities that a document holds, or that its records make. */

import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { type PageContext, readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { importedEntities, isEntity } from "../preflight/canonical.ts";

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

/** The elements of a document that holds entities; `undefined` of raw Duo data. */
function entitiesOf(document: unknown): readonly unknown[] | undefined {
  if (isEntity(document)) return [document];
  const imported = importedEntities(document);
  if (imported !== undefined) return imported;
  return Array.isArray(document) && document.some(isEntity) ? document : undefined;
}

/**
 * The entities of a document: UDM entities in any form that an import takes, or raw Duo data, which is mapped.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function candidatesOf(document: unknown, { collectedAt, profile, ...place }: PageContext): Candidates {
  const entities = entitiesOf(document);
  if (entities !== undefined) {
    return { candidates: entities.map((raw) => ({ entity: raw, raw })), issues: [] };
  }
  const candidates: Candidate[] = [];
  const page = readPage(document, place);
  const issues: Issue[] = [...page.issues];
  const run = startRun(collectedAt, page.timestamp, place);
  const see = (mapped: MappedRecord): void => {
    issues.push(...mapped.issues);
    const entity = mapped.entity();
    if (entity !== undefined) candidates.push({ entity, raw: mapped.raw });
  };
  mapEach(page, place.source ?? "", run, see, { profile });
  return { candidates, issues };
}
