/** Counts what became of the values of pairs, by the table row that writes them. */

import type { Resource } from "../core/resource.ts";
import { type Leaf, leafId } from "./canonical.ts";
import type { Difference, PlaceOutcome } from "./differences.ts";
import type { PlaceRow, Places } from "./places.ts";

export type RowCounts = { -readonly [O in PlaceOutcome]: number };

export interface RowResult extends RowCounts {
  /** The log field of the row; null for constants and for what no row writes. */
  readonly row: string | null;
  /** Our path, without indexes. */
  readonly path: string;
}

interface RowTally extends RowResult {
  readonly order: number;
  /** The pair that counts at the moment, and what became of the row in it. */
  pair: number;
  outcome: PlaceOutcome;
}

/** The rows of their profile that ours does not have stand after all of ours. */
const BEHIND = 1_000_000;

/** What names the rows of one pair: the tables that both sides were mapped by, as far as they are known. */
export class PairRows {
  readonly #ours: Places;
  readonly #theirs: Places;
  readonly #resource: Resource | "unknown" | undefined;
  /** The tallies by the place of a leaf. */
  readonly tallies = new Map<string, RowTally>();

  constructor(ours: Places, theirs: Places, resource: Resource | "unknown" | undefined) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#resource = resource;
  }

  /** The row of our table that writes at a place, else the one of theirs. */
  at(path: string, label: string | undefined): PlaceRow | undefined {
    const ours = this.#ours.rowAt(path, label, this.#resource);
    if (ours !== undefined || this.#ours === this.#theirs) return ours;
    const theirs = this.#theirs.rowAt(path, label, this.#resource);
    return theirs && { row: theirs.row, order: BEHIND + theirs.order };
  }

  /** The rows that wrote some leaves, in the order of the table. */
  of(leaves: readonly Leaf[]): string[] {
    const rows = leaves.flatMap(({ path, label }) => this.at(path, label) ?? []);
    return [...new Set(rows.sort((a, b) => a.order - b.order).map(({ row }) => row))];
  }
}

function joined(a: PlaceOutcome, b: PlaceOutcome): PlaceOutcome {
  if (a === b || b === "equal") return a;
  return a === "equal" ? b : "different";
}

function byTable(a: RowTally, b: RowTally): number {
  if (a.order !== b.order) return a.order - b.order;
  return a.path < b.path ? -1 : 1;
}

export class RowTallies {
  readonly #rows = new Map<string, RowTally>();
  #pairs = 0;

  /** Counts each row and path once per pair, although several labels may stand at one path. */
  count(differences: Iterable<Pick<Difference, "path" | "label" | "outcome">>, rows: PairRows): void {
    const pair = ++this.#pairs;
    const counted: RowTally[] = [];
    for (const { path, label, outcome } of differences) {
      const tally = this.#tallyAt(path, label, rows);
      if (tally.pair === pair) tally.outcome = joined(tally.outcome, outcome);
      else {
        tally.pair = pair;
        tally.outcome = outcome;
        counted.push(tally);
      }
    }
    for (const tally of counted) tally[tally.outcome]++;
  }

  /** In the order of the tables. */
  results(): RowResult[] {
    return [...this.#rows.values()].sort(byTable).map(({ order: _, pair: __, outcome: ___, ...row }) => row);
  }

  #tallyAt(path: string, label: string | undefined, rows: PairRows): RowTally {
    const id = leafId(path, label);
    const known = rows.tallies.get(id);
    if (known !== undefined) return known;
    const row = rows.at(path, label);
    const tally = this.#tally(`${row?.row ?? ""}\u0000${path}`, path, row);
    // Labels that no row writes may have any number of keys.
    if (row !== undefined || label === undefined) rows.tallies.set(id, tally);
    return tally;
  }

  #tally(id: string, path: string, row: PlaceRow | undefined): RowTally {
    let tally = this.#rows.get(id);
    if (tally === undefined) {
      const counts = { equal: 0, different: 0, moved: 0, only_ours: 0, only_theirs: 0 };
      const order = row?.order ?? Number.POSITIVE_INFINITY;
      tally = { row: row?.row ?? null, path, order, pair: 0, outcome: "equal", ...counts };
      this.#rows.set(id, tally);
    }
    return tally;
  }
}
