/** What became of the records of a run, by resource: the summary that every command shares. */

import { RESOURCES, type Resource } from "../core/resource.ts";
import { number } from "./numbers.ts";

/** A Duo resource, records whose resource nothing tells, or UDM entities, which are not Duo records. */
export type TallyGroup = Resource | "unknown" | "udm";

const GROUPS: readonly TallyGroup[] = [...RESOURCES, "unknown", "udm"];

/** As much of a mapped record as the tally needs. */
export interface TalliedRecord {
  readonly resource: TallyGroup;
  /** Why the record makes no entity; undefined when it makes one. */
  readonly reason: string | undefined;
  /** Whether the entity names an owner, or needs none. */
  hasOwner(): boolean;
}

interface GroupCounts {
  records: number;
  entities: number;
  withoutOwner: number;
  readonly skipped: Map<string, number>;
}

/** What was counted so far: plain data, which can be sent to another thread. */
export type TallyCounts = Map<TallyGroup, GroupCounts>;

/** The counts of one resource, as JSON has them. */
export interface ResourceTally {
  readonly resource: TallyGroup;
  readonly records: number;
  readonly entities: number;
  /** Records that make no entity, by reason. */
  readonly skipped: { readonly [reason: string]: number };
  readonly without_owner: number;
}

export class Tally {
  #counts: TallyCounts = new Map();

  #of(group: TallyGroup): GroupCounts {
    let counts = this.#counts.get(group);
    if (counts === undefined) {
      counts = { records: 0, entities: 0, withoutOwner: 0, skipped: new Map() };
      this.#counts.set(group, counts);
    }
    return counts;
  }

  add(record: TalliedRecord): void {
    const counts = this.#of(record.resource);
    counts.records++;
    if (record.reason !== undefined) {
      counts.skipped.set(record.reason, (counts.skipped.get(record.reason) ?? 0) + 1);
      return;
    }
    counts.entities++;
    if (!record.hasOwner()) counts.withoutOwner++;
  }

  /** Returns the counts so far, and starts again from zero. */
  take(): TallyCounts {
    const taken = this.#counts;
    this.#counts = new Map();
    return taken;
  }

  /** Adds what another tally took. */
  merge(more: TallyCounts): void {
    for (const [group, { records, entities, withoutOwner, skipped }] of more) {
      const counts = this.#of(group);
      counts.records += records;
      counts.entities += entities;
      counts.withoutOwner += withoutOwner;
      for (const [reason, many] of skipped) {
        counts.skipped.set(reason, (counts.skipped.get(reason) ?? 0) + many);
      }
    }
  }

  get records(): number {
    return this.#sum(({ records }) => records);
  }

  get entities(): number {
    return this.#sum(({ entities }) => entities);
  }

  get withoutOwner(): number {
    return this.#sum(({ withoutOwner }) => withoutOwner);
  }

  #sum(of: (counts: GroupCounts) => number): number {
    let sum = 0;
    for (const counts of this.#counts.values()) sum += of(counts);
    return sum;
  }

  /** The resources that occur, in Duo's order. */
  byResource(): ResourceTally[] {
    return GROUPS.flatMap((resource) => {
      const counts = this.#counts.get(resource);
      if (counts === undefined) return [];
      const { records, entities, skipped, withoutOwner } = counts;
      const reasons = [...skipped].sort(([a], [b]) => (a < b ? -1 : 1));
      return [
        { resource, records, entities, skipped: Object.fromEntries(reasons), without_owner: withoutOwner },
      ];
    });
  }
}

/** Reasons that groups and credentials give in every account, so that they are not worth naming. */
const EXPECTED: ReadonlySet<string> = new Set(["NO_ASSET_IDENTITY", "COVERED_BY_OWNER"]);

function skippedText({ resource, records, entities, skipped }: ResourceTally): string {
  const reasons = Object.entries(skipped)
    .filter(([reason]) => !EXPECTED.has(reason))
    .map(([reason, many]) => `${reason} ${number(many)}`);
  const name = resource === "unknown" ? "of unknown resource" : resource;
  return `${name} ${number(records - entities)}${reasons.length === 0 ? "" : ` (${reasons.join(", ")})`}`;
}

/**
 * One sentence: `7,900 of 8,313 records make entities; 413 do not: groups 13, webauthncredentials 400; 726 have no
 * owner.`
 */
export function tallyText(tally: Tally): string {
  const { records, entities, withoutOwner } = tally;
  if (records === 0) return "No records.";
  const skipped = tally.byResource().filter((one) => one.entities < one.records);
  const noun = records === 1 ? "record makes an entity" : "records make entities";
  const left = records - entities;
  const parts = [
    entities === records
      ? `${records === 1 ? "1" : `All ${number(records)}`} ${noun}`
      : `${number(entities)} of ${number(records)} ${noun}`,
    ...(left === 0
      ? []
      : [`${number(left)} ${left === 1 ? "does" : "do"} not: ${skipped.map(skippedText).join(", ")}`]),
    ...(withoutOwner === 0
      ? []
      : [`${number(withoutOwner)} ${withoutOwner === 1 ? "has" : "have"} no owner`]),
  ];
  return `${parts.join("; ")}.`;
}
