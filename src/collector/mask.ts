/** Text from outside, made fit to be shown: without secrets, on one line, and short. */

import { clip } from "../text/layout.ts";

/**
 * Authorization headers, and runs of characters such as signatures and keys. The length of runs is limited, because
 * V8 fails on runs of millions of characters.
 */
const LOOKS_SECRET = [/\b(?:Basic|Bearer)\s{1,9}[\w+/=.~-]{1,4000}/gi, /[\w+/=-]{40,4000}/g];

const MOST_CHARACTERS = 200;
const MASK = "***";

/** As much of a text as is looked at; far more than what is shown of it. */
const MOST_READ = 8_000;

/** Secrets shorter than this would mask parts of plain words. */
const SHORTEST = 4;

function pattern(secret: string): RegExp {
  return new RegExp(secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi");
}

/** Hides `secrets` in `text`, however they are written there, and whatever else looks like one. */
export function masked(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter(({ length }) => length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length);
  const patterns = [...new Set(spellings)].map(pattern);
  // The last word of a text that is cut may be the beginning of a secret.
  const head = text.length > MOST_READ ? text.slice(0, MOST_READ).replace(/\S+$/, "") : text;
  const hidden = [...patterns, ...LOOKS_SECRET].reduce((rest, one) => rest.replace(one, MASK), head);
  return hidden.replace(/(?:\*\*\*){2,}/g, MASK);
}

/** One line of at most 200 characters. */
export function clipped(text: string): string {
  return clip(text.slice(0, MOST_READ).replace(/\s+/g, " "), MOST_CHARACTERS);
}
