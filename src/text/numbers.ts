/** How counts, shares and types are put into words, in text and on the page alike. */

import { JSON_TYPES, type RawField } from "../coverage/fields.ts";

/** `1 record`, `2,000 records` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

/** Whole per cent, rounded; only all is 100%, and only none is 0%. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  if (share < 1 && share >= 0.995) return ">99%";
  return `${Math.round(share * 100)}%`;
}

/** The types of a field, in order. */
export function typesOf({ types }: RawField): string[] {
  return JSON_TYPES.filter((type) => types[type] !== undefined);
}
