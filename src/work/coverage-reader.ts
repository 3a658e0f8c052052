/** What `coverage` counts in documents. */

import type { Profile } from "../core/profile.ts";
import { CoverageCounter, type CoverageCounts } from "../coverage/coverage.ts";
import { type Complained, ComplaintList } from "./complaints.ts";
import type { Reader } from "./reader.ts";

export function coverageReader(_: object, profile: Profile): Reader<Complained<CoverageCounts>> {
  const counter = new CoverageCounter(profile);
  const complaints = new ComplaintList();
  return {
    document: (value, { source, document, at }) => {
      const issues = counter.add({ document: value, source, index: document, at });
      for (const issue of issues) complaints.add(issue);
    },
    invalid: (issue) => complaints.add(issue),
    take: () => ({ counts: counter.take(), complaints: complaints.take() }),
  };
}
