/** Bar charts as tables: the numbers are text, and the bars are only for the eye. */

import { percent } from "../text/numbers.ts";
import { type Html, html } from "./markup.ts";
import type { Count } from "./summary.ts";

/** A bar as long as its share of the room it has. */
function bar(share: number): Html {
  return html`<td class="bar"><div><div style="width:${(share * 100).toFixed(2)}%"></div></div></td>`;
}

/** A horizontal bar for each count, with the count and its share of all. */
export function barChart(title: string, counts: readonly Count[]): Html {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const rows = counts.map(
    ({ name, count }) =>
      html`<tr><th scope="row">${name}</th>${bar(count / total)}<td class="n">${count}</td><td class="n">${percent(count / total)}</td></tr>`,
  );
  return html`<table class="bars"><caption>${title}</caption><tbody>${rows}</tbody></table>`;
}
