/** The work of `check` on one source. */

import stableStringify from "fast-json-stable-stringify";
import { type Issue, issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import type { Source } from "../io/sources.ts";
import { ID_PATH, Preflight } from "../preflight/preflight.ts";
import { type CheckCounts, CheckSummary } from "../preflight/summary.ts";

export interface CheckWorkOptions {
  readonly collectedAt?: string;
  readonly showValues: boolean;
  /** Whether every issue is wanted as a line of JSON. */
  readonly withLines: boolean;
}

/** An entity that may have been there before: all sources together tell. As little as possible, for there are many. */
interface Candidate {
  readonly id: string;
  /** How many lines of the chunk come before it. */
  readonly line: number;
  readonly document?: number;
  readonly record?: number;
  readonly value?: unknown;
}

export interface CheckChunk {
  readonly counts: CheckCounts;
  readonly lines: readonly string[];
  readonly candidates: readonly Candidate[];
}

/** The issue of a candidate of a source that has been there before. */
export function repeated({ name }: Source, { id: _, line: __, ...place }: Candidate): Issue {
  return issue("DUPLICATE_ENTITY", { source: name, path: ID_PATH, ...place });
}

/** A chunk is given out when it has so many lines or candidates. */
const CHUNK = 1000;

/** Checks the documents of a source in order, holding one document and one chunk. */
export async function* checkSource(
  source: Source,
  { collectedAt, showValues, withLines }: CheckWorkOptions,
): AsyncGenerator<CheckChunk> {
  const summary = new CheckSummary();
  let lines: string[] = [];
  let candidates: Candidate[] = [];
  let id = "";
  const preflight = new Preflight({
    showValues,
    isRepeated: (one) => {
      id = one;
      return true;
    },
  });
  const add = (found: Issue, hint?: string): void => {
    if (found.code === "DUPLICATE_ENTITY") {
      const { document, record, value } = found;
      candidates.push({
        id,
        line: lines.length,
        ...(document !== undefined && { document }),
        ...(record !== undefined && { record }),
        ...(value !== undefined && { value }),
      });
      return;
    }
    summary.add(found, hint);
    if (withLines) lines.push(stableStringify(found));
  };
  const isFull = (): boolean => lines.length >= CHUNK || candidates.length >= CHUNK;
  const take = (): CheckChunk => {
    const taken = { counts: summary.take(), lines, candidates };
    lines = [];
    candidates = [];
    return taken;
  };
  try {
    for await (const document of readDocuments(source)) {
      const before = { records: preflight.records, entities: preflight.entities };
      if (document.kind === "invalid") add(document.issue, document.hint);
      else {
        const { value, index, modified } = document;
        const place = { source: source.name, ...(index !== undefined && { document: index }) };
        for (const found of preflight.document(value, { collectedAt: collectedAt ?? modified, ...place })) {
          add(found);
          if (isFull()) yield take();
        }
      }
      summary.saw({
        documents: 1,
        records: preflight.records - before.records,
        entities: preflight.entities - before.entities,
      });
      if (isFull()) yield take();
    }
  } catch (error) {
    yield take();
    throw error;
  }
  yield take();
}
