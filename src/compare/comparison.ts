/** The comparison of two sides: what differs, how often, and the decisions that account for all of it. */

import type { Resource } from "../core/resource.ts";
import type { Scalar } from "../core/scalar.ts";
import { ENRICHED } from "../profiles/enriched.ts";
import { jsonOf } from "../text/json.ts";
import { type Flat, flatten, isSameAsWritten, type Leaf } from "./canonical.ts";
import {
  DECISIONS,
  type Decision,
  type Difference,
  differencesOf,
  isGiven,
  type PlaceOutcome,
} from "./differences.ts";
import { isEnriched, typeOf } from "./identity.ts";
import { OTHER_SIDE, type Paired, Pairing, type Side } from "./pairing.ts";
import { type Places, placesOf } from "./places.ts";
import { PairRows, type RowResult, RowTallies } from "./rows.ts";

/** Where an entity came from. */
export interface Origin {
  readonly source: string;
  /** Index of the document in its source, where that holds several. */
  readonly document?: number;
  /** Index of the record, the entity or the log in its document. */
  readonly record?: number;
}

/** An entity of one side. */
export interface SideEntity extends Paired {
  readonly origin: Origin;
  readonly entity: () => unknown;
  /** The resource of the record that made it; undefined where no record is known. */
  readonly resource?: Resource | "unknown";
  /** The entities that the record would make if another of its users were the first; none where no record is known. */
  readonly otherUsers?: () => readonly unknown[];
}

/** What a side gives as it is read: entities, and after them the page or the log that held them. */
export type SideEvent =
  | { readonly kind: "entity"; readonly item: SideEntity }
  /** An envelope around the records of our own mapping, and how many entities they made. */
  | { readonly kind: "page"; readonly entities: number }
  /** A log that another parser was given; `keys` are those of the entities that we make of it. */
  | {
      readonly kind: "log";
      readonly isEnvelope: boolean;
      readonly keys: readonly string[];
      readonly entities: number;
      readonly isFailed: boolean;
    };

export interface ComparisonSummary {
  ours: number;
  theirs: number;
  equal: number;
  different: number;
  only_ours: number;
  only_theirs: number;
}

type ShownValue = Scalar | readonly Scalar[];

export interface DifferenceReport {
  readonly row: string | null;
  readonly path: string;
  readonly outcome: PlaceOutcome;
  /** Where a value that moved stands on our side and on theirs, with indexes. */
  readonly from?: string;
  readonly to?: string;
  /** The values, where they are asked for. */
  readonly ours?: ShownValue;
  readonly theirs?: ShownValue;
}

/** A pair that is not equal, or an entity without a counterpart. */
export interface PairReport {
  readonly outcome: Exclude<PlaceOutcome, "equal" | "moved">;
  readonly ours: Origin | null;
  readonly theirs: Origin | null;
  /** The entity's type: of a pair, where both sides have another, of both. */
  readonly entity_type?: string | { readonly ours: string; readonly theirs: string };
  /** The rows that wrote an entity without a counterpart. */
  readonly rows?: readonly string[];
  /** The identifying value, where values are asked for. */
  readonly id?: string;
  readonly differences: readonly DifferenceReport[];
}

export interface Comparison {
  readonly summary: ComparisonSummary;
  readonly rows: readonly RowResult[];
  readonly explained_by: readonly Decision[];
}

export interface ComparisonOptions {
  /** What mapped our side. */
  readonly places: Places;
  /** What mapped their side. Default: the enriched profile for entities that show its marks, else what mapped ours. */
  readonly theirPlaces?: Places | undefined;
  /** Whether `collected_timestamp` counts. */
  readonly withTimestamps?: boolean;
  readonly showValues?: boolean;
  /** Told of everything that is not equal, as it is found. */
  readonly onPair?: (pair: PairReport) => void;
}

/** Logs of one side that another parser may have left closed. */
interface Logs {
  envelopes: number;
  others: number;
  /** An envelope of several records made several entities: its `response` was opened. */
  isOpened: boolean;
  /** The keys of what we make of envelopes that made one entity at most. */
  readonly closed: Set<string>;
}

interface SideCounts {
  /** Pages that made entities. */
  pages: number;
  entitiesOfPages: number;
  readonly logs: Logs;
  failedLogs: number;
  /** Entities without a counterpart: all, those that say nothing, and those that no closed log accounts for. */
  only: number;
  bare: number;
  unaccounted: number;
}

function emptySide(): SideCounts {
  const logs = { envelopes: 0, others: 0, isOpened: false, closed: new Set<string>() };
  return { pages: 0, entitiesOfPages: 0, logs, failedLogs: 0, only: 0, bare: 0, unaccounted: 0 };
}

function shown({ values }: Leaf): ShownValue {
  const [first, ...more] = values;
  return more.length > 0 || first === undefined ? values : first;
}

/** True of an entity that no value of a record stands in: what a parser makes of a page that it does not open. */
function isBare(leaves: readonly Leaf[], places: Places): boolean {
  return leaves.every((leaf) => leaf.path.startsWith("metadata.") || isGiven(leaf, places));
}

/** Keeps an entity that waits as text, which takes a fraction of the memory. */
function hold(item: SideEntity): SideEntity {
  const text = jsonOf(item.entity());
  return text === undefined ? item : { ...item, entity: () => JSON.parse(text) };
}

export class Comparing {
  readonly #options: ComparisonOptions;
  readonly #pairing: Pairing<SideEntity>;
  readonly #summary: ComparisonSummary = {
    ours: 0,
    theirs: 0,
    equal: 0,
    different: 0,
    only_ours: 0,
    only_theirs: 0,
  };
  readonly #sides = { ours: emptySide(), theirs: emptySide() };
  readonly #rows = new RowTallies();
  /** What names the rows, by the tables of both sides. */
  readonly #pairRows = new Map<Places, Map<string, PairRows>>();
  readonly #enriched = placesOf(ENRICHED);
  readonly #profiles = { ours: new Set<string>(), theirs: new Set<string>() };
  readonly #decisions = new Set<Decision>();
  #isUnexplained = false;

  constructor(options: ComparisonOptions) {
    this.#options = options;
    this.#pairing = new Pairing<SideEntity>({
      hold,
      pair: (ours, theirs) => this.#pair(ours, theirs),
      only: (side, item) => this.#only(side, item),
    });
  }

  /** How many entities wait for their counterparts. */
  get held(): number {
    return this.#pairing.held;
  }

  /** How many logs their parser (or ours) failed on. */
  get failedLogs(): number {
    return this.#sides.ours.failedLogs + this.#sides.theirs.failedLogs;
  }

  /** The profiles that made the entities of the sides, where they were not made by the same. */
  get profiles(): readonly string[] | undefined {
    const { ours, theirs } = this.#profiles;
    const isSame = [...theirs].every((name) => ours.has(name)) || [...ours].every((name) => theirs.has(name));
    return isSame ? undefined : [[...ours].join(" and "), [...theirs].join(" and ")];
  }

  add(side: Side, event: SideEvent): void {
    const counts = this.#sides[side];
    if (event.kind === "entity") {
      this.#summary[side]++;
      this.#pairing.add(side, event.item);
    } else if (event.kind === "page") {
      if (event.entities > 0) counts.pages++;
      counts.entitiesOfPages += event.entities;
    } else {
      const { logs } = counts;
      if (event.isFailed) counts.failedLogs++;
      if (!event.isEnvelope) logs.others++;
      else {
        logs.envelopes++;
        if (event.entities > 1) logs.isOpened = true;
        else for (const key of event.keys) logs.closed.add(key);
      }
    }
  }

  /** No more comes on this side. */
  end(side: Side): void {
    this.#pairing.end(side);
  }

  /** The result, once both sides have ended. */
  result(): Comparison {
    const explained = new Set(this.#decisions);
    const { only_ours, only_theirs } = this.#summary;
    let isExplained = !this.#isUnexplained;
    if (only_ours + only_theirs > 0) {
      if (this.#isUnopened("theirs") || this.#isUnopened("ours")) explained.add("response");
      else isExplained = false;
    }
    return {
      summary: { ...this.#summary },
      rows: this.#rows.results(),
      explained_by: isExplained ? DECISIONS.filter((decision) => explained.has(decision)) : [],
    };
  }

  #pair(ours: SideEntity, theirs: SideEntity): void {
    const { withTimestamps = false, onPair } = this.#options;
    const flat = (entity: unknown): Flat => flatten(entity, withTimestamps);
    const [ourEntity, theirEntity] = [ours.entity(), theirs.entity()];
    const places = this.#placesOf("ours", ourEntity);
    const theirPlaces = this.#placesOf("theirs", theirEntity);
    const types = { ours: typeOf(ourEntity) ?? "", theirs: typeOf(theirEntity) ?? "" };
    const resource = ours.resource ?? theirs.resource ?? theirPlaces.resourceOf(types.theirs);
    const rows = this.#rowsOf(places, theirPlaces, resource);
    if (isSameAsWritten(ourEntity, theirEntity, withTimestamps)) {
      const leaves = [...flat(ourEntity).values()];
      this.#rows.count(
        leaves.map(({ path, label }) => ({ path, label, outcome: "equal" })),
        rows,
      );
      this.#summary.equal++;
      return;
    }
    const others = (item: SideEntity) => (): Flat[] => (item.otherUsers?.() ?? []).map(flat);
    const otherUsers = { ours: others(ours), theirs: others(theirs) };
    const isOneType = types.ours === types.theirs;
    const differences = differencesOf(flat(ourEntity), flat(theirEntity), places, otherUsers, isOneType);
    this.#rows.count(differences, rows);
    const unequal = differences.filter(({ outcome }) => outcome !== "equal");
    this.#summary[unequal.length === 0 ? "equal" : "different"]++;
    if (unequal.length === 0) return;
    for (const { decisions } of unequal) {
      if (decisions.length === 0) this.#isUnexplained = true;
      for (const decision of decisions) this.#decisions.add(decision);
    }
    onPair?.({
      outcome: "different",
      ours: ours.origin,
      theirs: theirs.origin,
      ...(!isOneType && { entity_type: types }),
      ...this.#id(ours),
      differences: unequal.map((one) => this.#report(one, rows)),
    });
  }

  #only(side: Side, item: SideEntity): void {
    const counts = this.#sides[side];
    const entity = item.entity();
    const places = this.#placesOf(side, entity);
    const leaves = [...flatten(entity, false).values()];
    counts.only++;
    if (isBare(leaves, places)) counts.bare++;
    if (!item.keys.some((key) => this.#sides[OTHER_SIDE[side]].logs.closed.has(key))) counts.unaccounted++;
    this.#summary[`only_${side}`]++;
    const type = typeOf(entity);
    const rows = this.#rowsOf(places, places, item.resource ?? places.resourceOf(type));
    this.#options.onPair?.({
      outcome: `only_${side}`,
      ours: side === "ours" ? item.origin : null,
      theirs: side === "theirs" ? item.origin : null,
      ...(type !== undefined && { entity_type: type }),
      rows: rows.of(leaves),
      ...this.#id(item),
      differences: [],
    });
  }

  /** What mapped an entity of a side. */
  #placesOf(side: Side, entity: unknown): Places {
    const { places, theirPlaces } = this.#options;
    const given = (side === "theirs" && theirPlaces) || places;
    const isOther = given === places && places.profile !== ENRICHED && isEnriched(entity);
    const found = isOther ? this.#enriched : given;
    this.#profiles[side].add(found.profile.name);
    return found;
  }

  #rowsOf(ours: Places, theirs: Places, resource: SideEntity["resource"]): PairRows {
    const id = `${theirs.profile.name} ${resource ?? ""}`;
    const known = this.#pairRows.get(ours) ?? new Map<string, PairRows>();
    this.#pairRows.set(ours, known);
    const rows = known.get(id) ?? new PairRows(ours, theirs, resource);
    known.set(id, rows);
    return rows;
  }

  #id({ keys: [key] }: SideEntity): { readonly id?: string } {
    if (this.#options.showValues !== true || key === undefined) return {};
    return { id: key.slice(key.indexOf("=") + 1) };
  }

  #report({ path, label, outcome, ours, theirs }: Difference, rows: PairRows): DifferenceReport {
    const row = rows.at(path, label)?.row ?? null;
    const moved = outcome === "moved" && { ...(ours && { from: ours.at }), ...(theirs && { to: theirs.at }) };
    const values = this.#options.showValues === true && {
      ...(ours && { ours: shown(ours) }),
      ...(theirs && { theirs: shown(theirs) }),
    };
    return { row, path, outcome, ...moved, ...values };
  }

  /** Whether all that has no counterpart is accounted for when one side's parser leaves `response` closed. */
  #isUnopened(side: Side): boolean {
    const { logs, only, bare } = this.#sides[side];
    const other = this.#sides[OTHER_SIDE[side]];
    if (other.only === 0 || bare < only) return false;
    if (logs.envelopes > 0) return logs.others === 0 && !logs.isOpened && other.unaccounted === 0;
    const isAllOfPages = other.entitiesOfPages === this.#summary[OTHER_SIDE[side]];
    const isNothingPaired = this.#summary.equal + this.#summary.different === 0;
    return logs.others === 0 && isAllOfPages && isNothingPaired && this.#summary[side] <= other.pages;
  }
}
