/** What a run counts, and the line of counts it closes with. */

export interface MapCounts {
  documents: number;
  records: number;
  entities: number;
  /** Issues of severity error. */
  errors: number;
  /** Skipped records, by reason. */
  skipped: Record<string, number>;
  /** Issues, by code. */
  issues: Record<string, number>;
}

export function emptyCounts(): MapCounts {
  return { documents: 0, records: 0, entities: 0, errors: 0, skipped: {}, issues: {} };
}

function addEach(to: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) to[key] = (to[key] ?? 0) + count;
}

export function addCounts(to: MapCounts, more: MapCounts): void {
  to.documents += more.documents;
  to.records += more.records;
  to.entities += more.entities;
  to.errors += more.errors;
  addEach(to.skipped, more.skipped);
  addEach(to.issues, more.issues);
}

function breakdown(name: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const parts = entries.map(([key, count]) => `${key} ${count}`).sort();
  return `${name} ${total}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}

/** `documents 2, records 12, entities 9, skipped 3 (NO_ASSET_IDENTITY 3), issues 4 (…)` */
export function countsLine({ documents, records, entities, skipped, issues }: MapCounts): string {
  const head = `documents ${documents}, records ${records}, entities ${entities}`;
  return `${head}, ${breakdown("skipped", skipped)}, ${breakdown("issues", issues)}`;
}
