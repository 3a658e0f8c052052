/** The entities of a source, given to an import one by one. */

import type { Issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import type { ReadableSource } from "../io/pieces.ts";
import { candidatesOf } from "./candidates.ts";
import type { ImportRun } from "./run.ts";

export interface ReadOptions {
  /** The collection time of what has none. Default: when the source was last written. */
  readonly collectedAt?: string | undefined;
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
  { collectedAt, onIssue, onEntity = () => {} }: ReadOptions,
): Promise<void> {
  const { name } = source;
  for await (const document of readDocuments(source)) {
    if (document.kind === "invalid") {
      onIssue(document.issue);
      continue;
    }
    const { value, index, modified } = document;
    const time = collectedAt ?? modified;
    const place = { source: name, ...(index !== undefined && { document: index }) };
    const { candidates, issues } = candidatesOf(value, { collectedAt: time, ...place });
    for (const issue of issues) onIssue(issue);
    for (const candidate of candidates) {
      await run.take(candidate, name, time);
      onEntity();
    }
  }
}
