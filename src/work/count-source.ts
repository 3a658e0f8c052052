/** The works that count what the documents of one source hold. */

import { issueLine } from "../cli/messages.ts";
import type { Issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import type { Source } from "../io/sources.ts";

/** A document of a source. */
export interface SourcePage {
  readonly document: unknown;
  readonly source: string;
  /** When the source was last written. */
  readonly modified: string;
  /** The document's index in its source, where that holds several. */
  readonly index?: number;
}

/** What is counted, document by document. */
export interface Counter<C> {
  /** Counts a document and gives the issues of mapping it. */
  page(page: SourcePage): readonly Issue[];
  /** Counts what is no JSON. */
  invalid(issue: Issue): void;
  /** Gives out what was counted, and starts anew. */
  take(): C;
}

export interface CountChunk<C> {
  readonly counts: C;
  /** Messages about what was rejected, one for each error. */
  readonly complaints: readonly string[];
}

/** A chunk is given out when it has so many complaints. */
const CHUNK = 1000;

/** Counts the documents of a source in order, holding one document. */
export async function* countSource<C>(source: Source, counter: Counter<C>): AsyncGenerator<CountChunk<C>> {
  let complaints: string[] = [];
  const complain = (issue: Issue, hint?: string): void => {
    if (issue.severity === "error") complaints.push(issueLine(issue, hint));
  };
  const take = (): CountChunk<C> => {
    const taken = { counts: counter.take(), complaints };
    complaints = [];
    return taken;
  };
  try {
    for await (const document of readDocuments(source)) {
      if (document.kind === "invalid") {
        counter.invalid(document.issue);
        complain(document.issue, document.hint);
      } else {
        const { value, index, modified } = document;
        const page = {
          document: value,
          source: source.name,
          modified,
          ...(index !== undefined && { index }),
        };
        for (const issue of counter.page(page)) complain(issue);
      }
      if (complaints.length >= CHUNK) yield take();
    }
  } catch (error) {
    yield take();
    throw error;
  }
  yield take();
}
