/** What the formats for machines have in common: they print source after source, as the issues come. */

import type { Issue, IssueCode } from "../../core/issue.ts";
import type { SummaryJson } from "../summary.ts";

/** The codes that count for nothing, though their issues are listed. */
export type Ignored = ReadonlySet<IssueCode>;

/**
 * A list of issues on its way out. Each call gives the text that comes next; sources come one after the other, each
 * with its issues in order.
 */
export interface Listing {
  open(): string;
  /** Issues of the source at hand. */
  issues(issues: readonly Issue[]): string;
  /** The source is at its end; `unreadable` says why it could not be read. */
  endSource(source: string, unreadable?: string): string;
  /** @param verdict the verdict in words, with the counts */
  close(summary: SummaryJson, verdict: string): string;
}

/** A source as a path below the working directory, or as it is; undefined for one that is not a file. */
export function fileOf(source: string | undefined): string | undefined {
  if (source === undefined || source === "-" || source.startsWith("s3://")) return undefined;
  return source.replace(/^(?:\.\/+)+(?=.)/, "");
}

export type OpenListing = (ignored: Ignored) => Listing;
