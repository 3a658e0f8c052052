/** One record as each profile maps it. */

import type { Explanation } from "../src/core/explain.ts";
import { recordMapper } from "../src/core/mapped.ts";
import { startRun } from "../src/core/reading.ts";
import { resultOf } from "../src/core/record.ts";
import { recordVerdict } from "../src/explanation/verdict.ts";
import { profileOf } from "../src/profiles/index.ts";
import type { Owner } from "../src/profiles/vendor.ts";
import type { InputRecord } from "./input.ts";
import { type Trace, traceOf } from "./parts/lighting.ts";

/** The profiles that stand side by side, with their titles. */
export const PROFILE_TITLES = { vendor: "Vendor", enriched: "Enriched" } as const;
type ShownProfile = keyof typeof PROFILE_TITLES;

export interface MappedView {
  readonly profile: ShownProfile;
  readonly explanation: Explanation;
  readonly trace: Trace;
  /** What became of the record, in words. */
  readonly sentences: readonly string[];
}

/** Maps a record with notes. */
export function viewOf(record: InputRecord, profile: ShownProfile, owner: Owner): MappedView {
  const { raw, pageTimestamp, modified, resource } = record;
  const chosen = profileOf(profile === "vendor" ? { profile, owner } : { profile });
  const run = startRun(modified, pageTimestamp, {});
  const mapped = recordMapper(chosen).map(raw, run, { withNotes: true, resource });
  const trace = traceOf(profile, mapped);
  const explanation = { ...resultOf(mapped), rows: trace.rows, issues: mapped.issues };
  const { sentences } = recordVerdict(explanation, raw, resource, chosen);
  return { profile, explanation, trace, sentences };
}
