/** The owner's place: the primary noun, a relation's noun, or both. Values are compared as if it were the same. */

import { type Flat, isSame, isSameIgnoringCase, type Leaf, leafId } from "./canonical.ts";

const NOUN = "entity.user.";
const RELATION = "relations.entity.user.";
/** What stands beside the owner in the relation. */
const RELATION_ITSELF = /^relations\.[^.]+$/;

type OwnerPlace = typeof NOUN | typeof RELATION;
/** The paths that an owner stands below. */
export const OWNER_PLACES: readonly OwnerPlace[] = [RELATION, NOUN];

/** The decision that says where a profile puts the owner. */
export type OwnerDecision = "owner=noun" | "owner=both";

export interface Alignment {
  /** Their values, at our paths. */
  readonly theirs: Flat;
  readonly decision: OwnerDecision | undefined;
  /** The leaves whose values moved, by their ids at our paths, with where they stand on their side. */
  readonly moved: ReadonlyMap<string, Leaf>;
  /** The leaves that one side has and the other lacks, only because of the owner's place. */
  readonly explained: ReadonlySet<string>;
}

function leavesAt(flat: Flat, place: OwnerPlace): Leaf[] {
  return [...flat.values()].filter(({ path }) => path.startsWith(place));
}

function moveTo(leaf: Leaf, from: OwnerPlace, to: OwnerPlace): Leaf {
  return { ...leaf, path: to + leaf.path.slice(from.length) };
}

/** Where the owner stands. Two places with different values count as no place. */
function placesIn(flat: Flat): readonly OwnerPlace[] {
  const places = OWNER_PLACES.filter((place) => leavesAt(flat, place).length > 0);
  if (places.length < 2) return places;
  const inNoun = leavesAt(flat, NOUN);
  const isCopy = inNoun.every((leaf) => {
    const original = flat.get(leafId(moveTo(leaf, NOUN, RELATION).path, leaf.label));
    return original !== undefined && (isSame(leaf, original) || isSameIgnoringCase(leaf, original));
  });
  return isCopy && inNoun.length === leavesAt(flat, RELATION).length ? places : [];
}

/** The decision of the side that does not keep to the relation alone. */
function decisionOf(ours: readonly OwnerPlace[], theirs: readonly OwnerPlace[]): OwnerDecision {
  const decided = theirs.length === 1 && theirs[0] === RELATION ? ours : theirs;
  return decided.length === 2 ? "owner=both" : "owner=noun";
}

/** Their entity as it is. */
export function unaligned(theirs: Flat): Alignment {
  return { theirs, decision: undefined, moved: new Map(), explained: new Set() };
}

/** Brings the owner of their entity to where ours has it. */
export function alignOwner(ours: Flat, theirs: Flat): Alignment {
  const our = placesIn(ours);
  const their = placesIn(theirs);
  const isAlike = our.length === their.length && our.every((place) => their.includes(place));
  if (our.length === 0 || their.length === 0 || isAlike) {
    return unaligned(theirs);
  }
  const aligned: Flat = new Map(theirs);
  const moved = new Map<string, Leaf>();
  const explained = new Set<string>();
  const [from] = their;
  const [to] = our;
  if (our.length === 1 && their.length === 1 && from !== undefined && to !== undefined) {
    for (const leaf of leavesAt(theirs, from)) {
      aligned.delete(leafId(leaf.path, leaf.label));
      const here = moveTo(leaf, from, to);
      const id = leafId(here.path, here.label);
      aligned.set(id, here);
      moved.set(id, leaf);
    }
  }
  for (const [id, { path }] of [...ours, ...theirs]) {
    const place = OWNER_PLACES.find((one) => path.startsWith(one));
    const isCopy = place !== undefined && moved.size === 0 && our.includes(place) !== their.includes(place);
    const isRelation = RELATION_ITSELF.test(path) && our.includes(RELATION) !== their.includes(RELATION);
    if (isCopy || isRelation) explained.add(id);
  }
  return { theirs: aligned, decision: decisionOf(our, their), moved, explained };
}
