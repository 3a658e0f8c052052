/** Entities as they are stored, by the collector and by the mapping function alike. */

import type { UdmEntity } from "../core/udm.ts";

/** The content type of stored entities. */
export const NDJSON = "application/x-ndjson";

/** One entity a line, each line ended. */
export function ndjson(entities: readonly UdmEntity[]): string {
  return entities.map((entity) => `${JSON.stringify(entity)}\n`).join("");
}

/** Counts names: skip reasons, issue codes. */
export function tally(counts: Record<string, number>, names: readonly string[]): void {
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
}
