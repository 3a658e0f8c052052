/** What differs between two entities, place by place, and which decisions account for it. */

import { type Flat, isSame, isSameIgnoringCase, type Leaf, leafId } from "./canonical.ts";
import { type Alignment, alignOwner, OWNER_PLACES } from "./owner.ts";
import type { Places } from "./places.ts";

/** The decisions that may account for a difference, in the order they are told. */
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

export type Outcome = "equal" | "different" | "moved" | "only_ours" | "only_theirs";

/** What became of one place of a pair. */
export interface Difference {
  /** The place on our side, or where ours would have it. */
  readonly path: string;
  readonly label: string | undefined;
  outcome: Outcome;
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

/** Text that is long enough not to be the same by chance. */
const isTelling = ({ values }: Leaf): boolean =>
  values.every((value) => typeof value === "string" && value.length > 2);

const hasSameValues = (a: Leaf, b: Leaf): boolean =>
  a.values.length === b.values.length && a.values.every((value, at) => value === b.values[at]);

/** Makes one difference of two: a value that only we have, and the same one at another path of theirs. */
function joinMoved(found: readonly Difference[]): Difference[] {
  const left = new Set(found.filter(({ outcome, decisions: [by] }) => outcome === "only_theirs" && !by));
  if (left.size === 0) return [...found];
  const joined = new Set<Difference>();
  for (const one of found) {
    const { ours, outcome, decisions } = one;
    if (ours === undefined || outcome !== "only_ours" || decisions.length > 0) continue;
    const same = [...left].filter(({ theirs }) => theirs !== undefined && hasSameValues(ours, theirs));
    const named = same.find(({ theirs }) => theirs !== undefined && nameOf(theirs) === nameOf(ours));
    const other = named ?? (isTelling(ours) ? same[0] : undefined);
    if (other === undefined) continue;
    left.delete(other);
    joined.add(other);
    one.outcome = "moved";
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

type Side = "ours" | "theirs";

/** What the other user would have at a place. */
function expectedAt({ path, label }: Difference, other: Flat): Leaf | undefined {
  return ownerLeaf(other, ownerField(path) ?? "", label);
}

/** Whether all that differs about the owner of one side is what the other user has: values, or their absence. */
function isOtherUser(differing: readonly Difference[], other: Flat, side: Side): boolean {
  return (
    differing.some((one) => one[side] !== undefined) &&
    differing.every((one) => {
      const value = one[side];
      const expected = expectedAt(one, other);
      return value === undefined || expected === undefined
        ? value === expected
        : isSameIgnoringCase(value, expected);
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
      const isExact = value === undefined || expected === undefined || isSame(value, expected);
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

/** Compares two entities in canonical form. A value that moved is one difference; so is any other place. */
export function differencesOf(ours: Flat, theirs: Flat, places: Places, others: OtherUsers): Difference[] {
  const found = joinMoved(comparePlaces(ours, alignOwner(ours, theirs)));
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
