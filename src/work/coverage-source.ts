/** The work of `coverage` on one source. */

import { CoverageCounter, type CoverageCounts } from "../coverage/coverage.ts";
import type { Source } from "../io/sources.ts";
import { type CountChunk, countSource } from "./count-source.ts";

export function coverSource(source: Source): AsyncGenerator<CountChunk<CoverageCounts>> {
  const counter = new CoverageCounter();
  return countSource(source, {
    page: (page) => counter.add(page),
    invalid: () => {},
    take: () => counter.take(),
  });
}
