/** How the values of one entity compare with those of another. */

/** The same value in both; another value, or nothing, in the other one. */
export type Mark = "same" | "differs" | "only";

/** The values of an entity by their paths. */
type Leaves = ReadonlyMap<string, string>;

const LABEL = /^(.*\.labels)\[\d+\]\.(?:key|value)$/;
const ELEMENT = /\[\d+\]$/;

/** What a value is compared with: labels with those of the same key, elements of a list with all others. */
function placeAmong(path: string, leaves: Leaves): string {
  const [, list] = LABEL.exec(path) ?? [];
  if (list === undefined) return path.replace(ELEMENT, "[]");
  return `${list}[${leaves.get(path.replace(/value$/, "key"))}]${path.endsWith("key") ? ".key" : ".value"}`;
}

/** Tells how each value of `own` compares with those of `other`. */
export function compared(own: Leaves, other: Leaves): (path: string) => Mark {
  const places = new Map<string, Set<string>>();
  for (const [path, value] of other) {
    const place = placeAmong(path, other);
    places.set(place, (places.get(place) ?? new Set()).add(value));
  }
  return (path) => {
    const there = places.get(placeAmong(path, own));
    if (there?.has(own.get(path) ?? "") === true) return "same";
    return there === undefined || ELEMENT.test(path) ? "only" : "differs";
  };
}
