/** The readers of the commands, by their names. */

import type { Profile } from "../core/profile.ts";
import type { CoverageCounts } from "../coverage/coverage.ts";
import type { CheckFound, CheckReaderOptions } from "./check-reader.ts";
import type { Complained } from "./complaints.ts";
import type { MapFound, MapReaderOptions } from "./map-reader.ts";
import type { Reader } from "./reader.ts";
import type { ReportFound, ReportReaderOptions } from "./report-reader.ts";

/** The options and the findings of each command's reader. */
export interface Readers {
  readonly map: { readonly options: MapReaderOptions; readonly found: MapFound };
  readonly check: { readonly options: CheckReaderOptions; readonly found: CheckFound };
  readonly coverage: { readonly options: object; readonly found: Complained<CoverageCounts> };
  readonly report: { readonly options: ReportReaderOptions; readonly found: Complained<ReportFound> };
}
export type ReaderName = keyof Readers;

type MakeReader<N extends ReaderName> = (
  options: Readers[N]["options"],
  profile: Profile,
) => Reader<Readers[N]["found"]>;

const LOAD: { readonly [N in ReaderName]: () => Promise<MakeReader<N>> } = {
  map: async () => (await import("./map-reader.ts")).mapReader,
  check: async () => (await import("./check-reader.ts")).checkReader,
  coverage: async () => (await import("./coverage-reader.ts")).coverageReader,
  report: async () => (await import("./report-reader.ts")).reportReader,
};

export function loadReader<N extends ReaderName>(name: N): Promise<MakeReader<N>> {
  return LOAD[name]();
}
