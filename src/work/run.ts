/** Takes the sources of a command in order, with one job or several. */

import { availableParallelism } from "node:os";
import { giveBack } from "../io/memory.ts";
import { isMissing } from "../io/optional.ts";
import { openAhead, type Source, type Sources } from "../io/sources.ts";
import type { Base } from "./base.ts";
import { blocksOf } from "./blocks.ts";
import type { ReaderName, Readers } from "./readers.ts";
import { inThisThread, partsOf, type Work } from "./work.ts";

/** Below this number of bytes of input, starting threads costs more than they save. */
const WORTH_THREADS = 64 << 20;

/** A part of a source, or what says that the source cannot be read, or not to its end. */
export type Turn<N extends ReaderName> = {
  readonly source: Source;
  /** Whether nothing of the source came before. */
  readonly isFirst: boolean;
} & (
  | {
      readonly kind: "part";
      readonly found: Readers[N]["found"];
      readonly base: Base;
      readonly isLast: boolean;
    }
  | { readonly kind: "unreadable"; readonly message: string }
);

/** How many jobs: what the user says, else one for each core where the input is worth it. */
function jobsFor(jobs: number | undefined, { first, isAll }: Sources): number {
  const bytes = first.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
  return jobs ?? (isAll && bytes < WORTH_THREADS ? 1 : availableParallelism());
}

/** The pool; without the package that it needs, all work is one job. */
async function loadPool(say: (line: string) => void): Promise<typeof import("./pool.ts") | undefined> {
  try {
    return await import("./pool.ts");
  } catch (error) {
    if (!isMissing(error)) throw error;
    say("continues with one job: more than one needs piscina, which is not installed: npm install piscina");
    return undefined;
  }
}

/** Reads all sources; what was found comes in their order. */
export async function* turnsOf<N extends ReaderName>(
  sources: Sources,
  work: Work<N>,
  jobs: number | undefined,
  say: (line: string) => void,
): AsyncGenerator<Turn<N>> {
  const threads = jobsFor(jobs, sources);
  const blocks = blocksOf(openAhead(sources));
  const pool = threads > 1 ? await loadPool(say) : undefined;
  const all = pool?.inPool(blocks, work, threads, say) ?? inThisThread(blocks, work);
  let isFirst = true;
  let documents = 0;
  let lines = 0;
  for await (const { block, found } of all) {
    let next = 0;
    for (const entry of block) {
      const { source } = entry;
      if ("unreadable" in entry) {
        yield { kind: "unreadable", source, isFirst, message: entry.unreadable };
      } else {
        const part = found[next++];
        if (part === undefined) throw new Error("a part was not read");
        const { isLast, linesBefore } = entry.part.piece;
        lines += linesBefore;
        const isOnly = isFirst && isLast && part.documents === 1;
        yield {
          kind: "part",
          source,
          isFirst,
          isLast,
          found: part.found,
          base: { documents, lines, isOnly },
        };
        documents += part.documents;
        lines += part.lines;
        isFirst = false;
        if (!isLast) continue;
      }
      isFirst = true;
      documents = 0;
      lines = 0;
    }
    for (const { piece } of partsOf(block)) giveBack(piece.bytes);
  }
}
