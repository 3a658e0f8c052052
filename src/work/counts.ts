/** What a run counts, and the line of counts it closes with. */

import type { Tally } from "../text/tally.ts";

/** What is counted besides the records: plain data, which can be sent to another thread. */
export interface MapCounts {
  documents: number;
  /** Issues of severity error. */
  errors: number;
  /** Issues, by code. */
  issues: Record<string, number>;
}

export function emptyCounts(): MapCounts {
  return { documents: 0, errors: 0, issues: {} };
}

function addEach(to: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) to[key] = (to[key] ?? 0) + count;
}

export function addCounts(to: MapCounts, more: MapCounts): void {
  to.documents += more.documents;
  to.errors += more.errors;
  addEach(to.issues, more.issues);
}

function breakdown(name: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const parts = entries.map(([key, count]) => `${key} ${count}`).sort();
  return `${name} ${total}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}

/** `documents 2, records 12, entities 9, skipped 3 (NO_ASSET_IDENTITY 3), issues 4 (…)` */
export function countsLine({ documents, issues }: MapCounts, tally: Tally, passedOver = 0): string {
  const { records, entities } = tally;
  const skipped: Record<string, number> = {};
  for (const group of tally.byResource()) addEach(skipped, group.skipped);
  const head = `documents ${documents}, records ${records}, entities ${entities}`;
  const rest = passedOver > 0 ? `, passed over ${passedOver}` : "";
  return `${head}, ${breakdown("skipped", skipped)}, ${breakdown("issues", issues)}${rest}`;
}
