/** What a run counts, and the line of counts it closes with. */

import type { Issue } from "../core/issue.ts";
import type { SkipReason } from "../core/record.ts";

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function breakdown(name: string, counts: ReadonlyMap<string, number>): string {
  const total = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
  const parts = Array.from(counts, ([key, count]) => `${key} ${count}`).sort();
  return `${name} ${total}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}

export class Tally {
  documents = 0;
  records = 0;
  entities = 0;
  readonly skipped = new Map<string, number>();
  readonly issues = new Map<string, number>();
  hasErrors = false;

  skip(reason: SkipReason): void {
    add(this.skipped, reason);
  }

  issue({ code, severity }: Issue): void {
    add(this.issues, code);
    if (severity === "error") this.hasErrors = true;
  }

  /** `documents 2, records 12, entities 9, skipped 3 (NO_ASSET_IDENTITY 3), issues 4 (…)` */
  line(): string {
    const counts = `documents ${this.documents}, records ${this.records}, entities ${this.entities}`;
    return `${counts}, ${breakdown("skipped", this.skipped)}, ${breakdown("issues", this.issues)}`;
  }
}
