/** How counts and shares are put into words, in text and on the page alike. */

/** `2,000` */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 record`, `2,000 records` */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** Whole per cent, rounded; only all is 100%, and only none is 0%. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  if (share < 1 && share >= 0.995) return ">99%";
  return `${Math.round(share * 100)}%`;
}
