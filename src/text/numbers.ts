/** How counts, shares and types are put into words, in text and on the page alike. */

import { JSON_TYPES, type RawField } from "../coverage/fields.ts";

/** `1 record`, `2,000 records` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

/** Whole per cent, cut: 100% is all and 0% is none. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? "<1%" : `${Math.floor(share * 100)}%`;
}

/** The types of a field, in order. */
export function typesOf({ types }: RawField): string[] {
  return JSON_TYPES.filter((type) => types[type] !== undefined);
}
