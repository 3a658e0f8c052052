/** What a format for machines prints of a few issues. */

import { type IssueCode, issue, type Place } from "../../src/core/issue.ts";
import type { OpenListing } from "../../src/preflight/formats/format.ts";
import { CheckSummary } from "../../src/preflight/summary.ts";
import { verdictText } from "../../src/preflight/text.ts";
import { DEFAULT_GATE } from "../../src/preflight/verdict.ts";

export interface ListedSource {
  readonly name: string;
  readonly issues?: readonly (readonly [IssueCode, Place])[];
  readonly unreadable?: string;
}

export function printListing(
  open: OpenListing,
  sources: readonly ListedSource[],
  ...ignored: readonly IssueCode[]
): string {
  const summary = new CheckSummary();
  const listing = open(new Set(ignored));
  let text = listing.open();
  for (const { name, issues = [], unreadable } of sources) {
    const found = issues.map(([code, place]) => issue(code, { source: name, ...place }));
    for (const one of found) {
      summary.add(one);
      // Issues come in parts of any size.
      text += listing.issues([one]);
    }
    text += listing.endSource(name, unreadable);
  }
  const gate = { ...DEFAULT_GATE, ignore: new Set(ignored) };
  return text + listing.close(summary.counts(gate), verdictText(summary, gate));
}
