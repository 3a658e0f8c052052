/** What differs between two entities, place by place, and which decisions account for it. */

import { standsForNothing } from "../core/rules.ts";
import { type Flat, isPartOf, isSame, isSameIgnoringCase, type Leaf, leafId } from "./canonical.ts";
import { type Alignment, alignOwner, OWNER_PLACES, unaligned } from "./owner.ts";
import { OTHER_SIDE, type Side } from "./pairing.ts";
import type { Places } from "./places.ts";

/** The decisions that may account for a difference, in the order they are reported. */
export const DECISIONS = [
  "owner=noun",
  "owner=both",
  "first_user",
  "case",
  "default_type",
  "default_status",
  "response",
] as const;
export type Decision = (typeof DECISIONS)[number];

export type PlaceOutcome = "equal" | "different" | "moved" | "only_ours" | "only_theirs";

/** What became of one place of a pair. */
export interface Difference {
  /** The place on our side, or where ours would have it. */
  readonly path: string;
  readonly label: string | undefined;
  outcome: PlaceOutcome;
  readonly ours: Leaf | undefined;
  /** As it stands on their side. */
  theirs: Leaf | undefined;
  /** The decisions that account for it; empty when it is equal or when none does. */
  decisions: readonly Decision[];
  /** The decision by which the owner that the place is a part of stands elsewhere on their side. */
  readonly elsewhere: readonly Decision[];
}

/** What a row writes where a record says nothing, and the decision to do so. */
const DEFAULTS: ReadonlyMap<string, Decision> = new Map([
  ["entity.asset.type", "default_type"],
  ["entity.asset.deployment_status", "default_status"],
]);

/** The entities that a record would make if another of its users were the first, in canonical form. */
export interface OtherUsers {
  readonly ours: () => readonly Flat[];
  readonly theirs: () => readonly Flat[];
}

function comparePlaces(ours: Flat, { theirs, moved, decision, explained }: Alignment): Difference[] {
  const owner: readonly Decision[] = decision === undefined ? [] : [decision];
  const found: Difference[] = [];
  for (const [id, leaf] of ours) {
    const { path, label } = leaf;
    const aligned = theirs.get(id);
    const elsewhere = moved.has(id) ? owner : [];
    const place = { path, label, ours: leaf, theirs: moved.get(id) ?? aligned, elsewhere };
    if (aligned === undefined) {
      found.push({ ...place, outcome: "only_ours", decisions: explained.has(id) ? owner : [] });
    } else if (!isSame(leaf, aligned)) {
      found.push({ ...place, outcome: "different", decisions: [] });
    } else {
      found.push({ ...place, outcome: moved.has(id) ? "moved" : "equal", decisions: elsewhere });
    }
  }
  for (const [id, leaf] of theirs) {
    if (ours.has(id)) continue;
    const { path, label } = leaf;
    const place = { path, label, ours: undefined, theirs: moved.get(id) ?? leaf };
    const elsewhere = moved.has(id) ? owner : [];
    const decisions = explained.has(id) ? owner : [];
    found.push({ ...place, outcome: "only_theirs", decisions, elsewhere });
  }
  return found;
}

const nameOf = ({ path }: Leaf): string => path.slice(path.lastIndexOf(".") + 1);

/** A value may stand at many places; so many are looked at for one of the same name. */
const MANY_PLACES = 100;

/** Text that is not the same by chance: it is neither short nor a placeholder. */
const isTelling = ({ values }: Leaf): boolean =>
  values.every((value) => typeof value === "string" && value.length > 2 && !standsForNothing(value));

/** What every record gets, whatever it says. */
export const isGiven = ({ path, values: [value] }: Leaf, { constants, defaults }: Places): boolean =>
  constants.has(path) || value === defaults.get(path);

/** Values that nothing accounts for, by what they are. */
class Left {
  readonly #byValue = new Map<string, Set<Difference>>();
  readonly #byLabel = new Map<string, Difference>();

  constructor(found: readonly Difference[]) {
    for (const one of found) {
      const { theirs, path, label } = one;
      if (theirs === undefined) continue;
      const value = JSON.stringify(theirs.values);
      const others = this.#byValue.get(value);
      if (others === undefined) this.#byValue.set(value, new Set([one]));
      else others.add(one);
      if (label !== undefined) this.#byLabel.set(leafId(path, label.toLowerCase()), one);
    }
  }

  #take(one: Difference): Difference {
    const { theirs, path, label } = one;
    this.#byValue.get(JSON.stringify(theirs?.values))?.delete(one);
    if (label !== undefined) this.#byLabel.delete(leafId(path, label.toLowerCase()));
    return one;
  }

  /** The label whose key is the same but for its case. */
  sameKey({ path, label }: Difference): Difference | undefined {
    const found = label === undefined ? undefined : this.#byLabel.get(leafId(path, label.toLowerCase()));
    return found === undefined ? undefined : this.#take(found);
  }

  /** The same value at another path: one of the same name, else any, where the value is not the same by chance. */
  sameValue(ours: Leaf): Difference | undefined {
    const same = this.#byValue.get(JSON.stringify(ours.values));
    if (same === undefined) return undefined;
    let found: Difference | undefined;
    let looked = 0;
    for (const one of same) {
      if (one.theirs !== undefined && nameOf(one.theirs) === nameOf(ours)) return this.#take(one);
      if (isTelling(ours)) found ??= one;
      if (++looked >= MANY_PLACES) break;
    }
    return found === undefined ? undefined : this.#take(found);
  }
}

/** Makes one difference of two: a value that only we have, and the same one elsewhere on their side. */
function joinMoved(found: readonly Difference[], mayMove: (leaf: Leaf) => boolean): Difference[] {
  const isOpen = (one: Difference, outcome: PlaceOutcome): boolean =>
    one.outcome === outcome && one.decisions.length === 0;
  const theirs = found.filter((one) => isOpen(one, "only_theirs"));
  if (theirs.length === 0) return [...found];
  const left = new Left(theirs);
  const joined = new Set<Difference>();
  for (const one of found) {
    if (one.ours === undefined || !isOpen(one, "only_ours") || !mayMove(one.ours)) continue;
    const label = left.sameKey(one);
    const other = label ?? left.sameValue(one.ours);
    if (other === undefined) continue;
    joined.add(other);
    one.outcome = label === undefined ? "moved" : "different";
    one.theirs = other.theirs;
  }
  return found.filter((one) => !joined.has(one));
}

/** The part of an owner's path below the owner. */
function ownerField(path: string): string | undefined {
  const place = OWNER_PLACES.find((one) => path.startsWith(one));
  return place === undefined ? undefined : path.slice(place.length);
}

function ownerLeaf(flat: Flat, field: string, label: string | undefined): Leaf | undefined {
  for (const place of OWNER_PLACES) {
    const leaf = flat.get(leafId(place + field, label));
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

/** What the other user would have at a place. */
function expectedAt({ path, label }: Difference, other: Flat): Leaf | undefined {
  return ownerLeaf(other, ownerField(path) ?? "", label);
}

/**
 * Whether all that differs about the owner of one side is what the other user has, values or their absence, and there
 * is a value that tells so. A list may lack some: not every parser reads all places.
 */
function isOtherUser(differing: readonly Difference[], other: Flat, side: Side): boolean {
  const isNew = (one: Difference): boolean =>
    one[side]?.values.some((value) => one[OTHER_SIDE[side]]?.values.includes(value) !== true) === true;
  return (
    differing.some(isNew) &&
    differing.every((one) => {
      const value = one[side];
      const expected = expectedAt(one, other);
      return value === undefined || expected === undefined
        ? value === expected
        : isPartOf(value, expected, true);
    })
  );
}

const differsByCase = ({ ours, theirs }: Pick<Difference, Side>): boolean =>
  ours !== undefined && theirs !== undefined && isSameIgnoringCase(ours, theirs);

function explainOwner(open: readonly Difference[], others: OtherUsers): void {
  const differing = open.filter((one) => ownerField(one.path) !== undefined && !differsByCase(one));
  for (const side of ["theirs", "ours"] as const) {
    // What they have may be another user of our record, and the other way round.
    const users = side === "theirs" ? others.ours() : others.theirs();
    const other = users.find((user) => isOtherUser(differing, user, side));
    if (other === undefined) continue;
    for (const one of differing) {
      const value = one[side];
      const expected = expectedAt(one, other);
      const isExact = value === undefined || expected === undefined || isPartOf(value, expected);
      one.decisions = [...one.elsewhere, "first_user", ...(isExact ? [] : (["case"] as const))];
    }
    return;
  }
}

function explainDefault(one: Difference, { defaults }: Places): void {
  const decision = DEFAULTS.get(one.path);
  const [value, ...more] = (one.ours ?? one.theirs)?.values ?? [];
  const isOnOneSide = one.outcome === "only_ours" || one.outcome === "only_theirs";
  if (decision === undefined || !isOnOneSide || more.length > 0) return;
  if (value === defaults.get(one.path)) one.decisions = [decision];
}

/**
 * Compares two entities in canonical form. A value that moved is one difference; so is any other place.
 *
 * @param isOneType whether both are of one type: only then can the owner be what stands elsewhere
 */
export function differencesOf(
  ours: Flat,
  theirs: Flat,
  places: Places,
  others: OtherUsers,
  isOneType: boolean,
): Difference[] {
  const aligned = isOneType ? alignOwner(ours, theirs) : unaligned(theirs);
  // Between two types of entity, a constant or a default that both have stands for nothing of the record.
  const mayMove = (leaf: Leaf): boolean => isOneType || !isGiven(leaf, places);
  const found = joinMoved(comparePlaces(ours, aligned), mayMove);
  const open = found.filter(
    ({ outcome, decisions }) => outcome !== "equal" && outcome !== "moved" && decisions.length === 0,
  );
  if (open.length === 0) return found;
  for (const one of open) {
    if (differsByCase(one)) one.decisions = [...one.elsewhere, "case"];
    else explainDefault(one, places);
  }
  explainOwner(
    open.filter(({ decisions }) => decisions.length === 0),
    others,
  );
  return found;
}
