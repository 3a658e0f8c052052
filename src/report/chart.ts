/** Bar charts as tables: the numbers are text, and the bars are only for the eye. */

import { percent } from "../text/numbers.ts";
import { breakable, type Html, html } from "./markup.ts";
import type { Count } from "./summary.ts";

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/** The width of a share, as a style. */
export const barWidth = (share: number): string => `width:${(share * 100).toFixed(2)}%`;

/**
 * A horizontal bar for each count, with the count and its share of all.
 *
 * @param numberOf prints the count of a name
 */
export function barChart(title: string, counts: readonly Count[], numberOf: (count: Count) => Html): Html {
  const total = sum(counts.map(({ count }) => count));
  const rows = counts.map(
    ({ name, count }) =>
      html`<tr><th scope="row">${breakable(name)}</th><td class="bar"><div><div style="${barWidth(count / total)}"></div></div></td><td class="n">${numberOf({ name, count })}</td><td class="n">${percent(count / total)}</td></tr>`,
  );
  return html`<table class="bars"><caption>${title}</caption><tbody>${rows}</tbody></table>`;
}
