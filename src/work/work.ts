/** What the commands do with each source, in whichever thread. */

import type { CoverageCounts } from "../coverage/coverage.ts";
import { InputError } from "../io/errors.ts";
import type { Source } from "../io/sources.ts";
import type { CheckChunk, CheckWorkOptions } from "./check-source.ts";
import type { CountChunk } from "./count-source.ts";
import type { MapChunk, MapSourceOptions } from "./map-source.ts";
import type { ReportCounts, ReportWorkOptions } from "./report-source.ts";

/** The options that a work takes and the chunks that it gives, all of which can be sent to another thread. */
export interface Works {
  readonly map: { readonly options: MapSourceOptions; readonly chunk: MapChunk };
  readonly check: { readonly options: CheckWorkOptions; readonly chunk: CheckChunk };
  readonly coverage: { readonly options: object; readonly chunk: CountChunk<CoverageCounts> };
  readonly report: { readonly options: ReportWorkOptions; readonly chunk: CountChunk<ReportCounts> };
}
export type WorkName = keyof Works;

/**
 * The work on one source: part after part of what its documents give. The same source gives the same chunks
 * every time, and at least one.
 *
 * @throws InputError when the source cannot be read; what was read before has been given out.
 */
export type Work<N extends WorkName> = (
  source: Source,
  options: Works[N]["options"],
) => AsyncGenerator<Works[N]["chunk"]>;

const LOAD: { readonly [N in WorkName]: () => Promise<Work<N>> } = {
  map: async () => (await import("./map-source.ts")).mapSource,
  check: async () => (await import("./check-source.ts")).checkSource,
  coverage: async () => (await import("./coverage-source.ts")).coverSource,
  report: async () => (await import("./report-source.ts")).reportSource,
};

export function loadWork<N extends WorkName>(name: N): Promise<Work<N>> {
  return LOAD[name]();
}

/** What the work on several sources gives: of each its chunks and then its end, which says what could not be read. */
export type Part<N extends WorkName> =
  | { readonly kind: "chunk"; readonly chunk: Works[N]["chunk"] }
  | { readonly kind: "end"; readonly unreadable?: string };

/** The parts of sources, one after the other, from the chunks that the work on each gives. */
export async function* partsOf<N extends WorkName>(
  sources: Iterable<Source>,
  work: (source: Source) => AsyncIterable<Works[N]["chunk"]>,
): AsyncGenerator<Part<N>> {
  for (const source of sources) {
    let unreadable: string | undefined;
    try {
      for await (const chunk of work(source)) yield { kind: "chunk", chunk };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unreadable = error.message;
    }
    yield { kind: "end", ...(unreadable !== undefined && { unreadable }) };
  }
}
