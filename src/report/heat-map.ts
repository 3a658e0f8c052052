/** The heat map: in what share of the entities each row of the table wrote a value. */

import type { Outcome } from "../core/notes.ts";
import type { Profile, Row } from "../core/profile.ts";
import { type ResourceCoverage, type RowCoverage, rowName, rowsFor } from "../coverage/coverage.ts";
import { percent } from "../text/numbers.ts";
import type { Link } from "./links.ts";
import { breakable, type Html, html, shortTarget } from "./markup.ts";

/** The shades between none and all: each for shares up to a whole per cent. */
const SHADES = [
  { to: 20, words: "to 20%" },
  { to: 50, words: "to 50%" },
  { to: 80, words: "to 80%" },
  { to: 100, words: "over 80%" },
] as const;

function shadeOf(share: number): string {
  if (share === 0) return "h0";
  if (share === 1) return "h5";
  return `h${1 + SHADES.findIndex(({ to }) => Math.round(share * 100) <= to)}`;
}

/**
 * The text for a row that never wrote: its other outcome, unless the field was only absent. Only constants have the
 * outcome `no_owner`, and they have no cell.
 */
function instead(outcomes: RowCoverage["outcomes"]): string {
  const others: readonly Outcome[] = ["default", "outranked", "invalid", "repeated"];
  return others.find((outcome) => outcomes[outcome] > 0) ?? "–";
}

function cell(row: RowCoverage | undefined, total: number, show: (count: number, shown: Html) => Html): Html {
  const share = row === undefined ? 0 : row.outcomes.wrote / total;
  const text =
    share === 1 ? "all" : share === 0 && row !== undefined ? instead(row.outcomes) : percent(share);
  return html`<td class="h ${shadeOf(share)}">${show(row?.outcomes.wrote ?? 0, html`${text}`)}</td>`;
}

const namesOf = (mapped: readonly ResourceCoverage[]): string =>
  mapped.map(({ resource }) => resource).join(", ");

/** One map: the rows of a table, by the resources that the table maps. */
function heatMap(table: readonly Row[], mapped: readonly ResourceCoverage[], link: Link): Html {
  const rows = table.flatMap((row, at) => {
    if (row.rule.kind === "constant") return [];
    const cells = mapped.map(({ resource, rows, entities }) =>
      cell(rows[at], entities, (count, shown) => link(count, { resource, row: String(at) }, shown)),
    );
    return html`<tr><th scope="row"><code>${breakable(rowName(row))}</code></th><td class="target">${breakable(shortTarget(row.udm))}</td>${cells}</tr>`;
  });
  const constants = table.flatMap(({ udm, rule }) =>
    rule.kind === "constant" ? [html`<li><code>${shortTarget(udm)}</code> ${rule.value}</li>`] : [],
  );
  const heads = mapped.map(
    ({ resource, entities }) =>
      html`<th scope="col" class="h">${breakable(resource)}<br><span class="quiet">${entities}</span></th>`,
  );
  return html`<div class="scroll" role="region" aria-label="Mapping coverage of ${namesOf(mapped)}" tabindex="0">
<table class="heat"><caption>The rows in the table’s order, by resource and its number of entities</caption>
<thead><tr><th scope="col">Row</th><th scope="col" class="target">Writes</th>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>
<div class="constants"><p>Constants, which read no field:</p><ul>${constants}</ul></div>`;
}

/** One map of several: folded, with what it says in short. */
function foldedMap(table: readonly Row[], mapped: readonly ResourceCoverage[], link: Link): Html {
  const read = table.flatMap(({ rule }, at) => (rule.kind === "constant" ? [] : [at]));
  const wrote = read.filter((at) => mapped.some(({ rows }) => (rows[at]?.outcomes.wrote ?? 0) > 0));
  return html`<details><summary>${namesOf(mapped)}: ${wrote.length} of ${read.length} rows wrote a value</summary>${heatMap(table, mapped, link)}</details>`;
}

/** The resources by the tables that map them. */
function byTable(
  profile: Profile,
  mapped: readonly ResourceCoverage[],
): Map<readonly Row[], ResourceCoverage[]> {
  const tables = new Map<readonly Row[], ResourceCoverage[]>();
  for (const one of mapped) {
    const table = rowsFor(profile, one.resource);
    tables.set(table, [...(tables.get(table) ?? []), one]);
  }
  return tables;
}

export function heatMapSection(resources: readonly ResourceCoverage[], profile: Profile, link: Link): Html {
  const mapped = resources.filter((resource) => resource.entities > 0);
  const tables = byTable(profile, mapped);
  const show = tables.size > 1 ? foldedMap : heatMap;
  const maps = Array.from(tables, ([table, ofTable]) => show(table, ofTable, link));
  return html`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Mapping coverage</h2>
<p>The share of its entities in which each row of the table wrote a value of the record.</p>
<ul class="legend" aria-label="Shades of the table">
<li class="h5">all</li>${[...SHADES].reverse().map(({ words }, at) => html`<li class="${`h${SHADES.length - at}`}">${words}</li>`)}
<li class="h0">– no value</li><li class="h0">default: the table’s own value</li></ul>
${maps}
</section>`;
}
