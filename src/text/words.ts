/** Words in a sentence. */

import { count } from "./numbers.ts";

/** `a`, `a and b`, `a, b and c` */
export function sequence(words: readonly string[], last: "and" | "or" = "and"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** The first `most` words, and how many others there are. A single other word is named too. */
export function firstOf(words: readonly string[], most: number): string {
  const others = words.length - most;
  return others <= 1 ? sequence(words) : sequence([...words.slice(0, most), count(others, "other")]);
}
