/** The frame that the commands share: what each makes of the documents of its inputs, in whichever thread. */

import type { Issue } from "../core/issue.ts";
import type { Profile } from "../core/profile.ts";
import type { CoverageCounts } from "../coverage/coverage.ts";
import type { RecordLines } from "../io/lines.ts";
import type { CheckFound, CheckReaderOptions } from "./check-reader.ts";
import type { Complained } from "./complaints.ts";
import type { MapFound, MapReaderOptions } from "./map-reader.ts";
import type { ReportFound, ReportReaderOptions } from "./report-reader.ts";

/** Where a document comes from. Its index and its lines are counted from the start of the part that is read. */
export interface DocumentOrigin {
  /** The source's name. */
  readonly source: string;
  readonly document: number;
  /** When the source was last written. */
  readonly modified: string;
  readonly lines: Pick<RecordLines, "first" | "of" | "longer">;
}

/** Reads documents one by one. What it finds is plain data, which can be sent to another thread. */
export interface Reader<Found> {
  document(document: unknown, origin: DocumentOrigin): void;
  /** Takes the issue of a document that cannot be read. */
  invalid(issue: Issue): void;
  /** Returns what was found so far, and starts again with nothing. */
  take(): Found;
}

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
