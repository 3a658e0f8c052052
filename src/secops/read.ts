/** The entities of a source, given to an import one by one. */

import type { Issue } from "../core/issue.ts";
import type { RecordsAt } from "../core/page.ts";
import type { Profile } from "../core/profile.ts";
import { readSingly } from "../io/documents.ts";
import type { ReadableSource } from "../io/pieces.ts";
import { candidatesOf } from "./candidates.ts";
import type { ImportRun } from "./run.ts";

export interface ReadOptions {
  /** The collection time of what has none. Default: when the source was last written. */
  readonly collectedAt?: string | undefined;
  /** Where the documents stand in the values of the source. Default: each value is one. */
  readonly recordsAt?: RecordsAt | undefined;
  /** Default: the vendor's. */
  readonly profile?: Profile | undefined;
  /** Told of every issue of reading and mapping. */
  readonly onIssue: (issue: Issue) => void;
  /** Called after each entity. */
  readonly onEntity?: () => void;
}

/**
 * Reads a source, maps its pages, and gives every entity to the run.
 *
 * @throws InputError when the source cannot be read, and what the run throws.
 */
export async function importSource(
  source: ReadableSource,
  run: ImportRun,
  { collectedAt, recordsAt, profile, onIssue, onEntity = () => {} }: ReadOptions,
): Promise<void> {
  const { name } = source;
  for await (const document of readSingly(source, recordsAt)) {
    if (document.kind === "invalid") {
      onIssue(document.issue);
      continue;
    }
    const { value, index, modified, at } = document;
    const time = collectedAt ?? modified;
    const place = { source: name, ...(index !== undefined && { document: index }) };
    const context = { ...place, collectedAt: time, ...(profile && { profile }) };
    const { candidates, issues } = candidatesOf(value, context, at);
    for (const found of issues) onIssue(found);
    for (const candidate of candidates) {
      await run.take(candidate, name, time);
      onEntity();
    }
  }
}
