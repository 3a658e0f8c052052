/** The resources: what became of the records of each, and what its entities are. */

import { ISSUES } from "../core/issue.ts";
import type { SkipReason } from "../core/profile.ts";
import type { Coverage } from "../coverage/coverage.ts";
import { count as many, number, percent } from "../text/numbers.ts";
import { sequence } from "../text/words.ts";
import { barChart, sum } from "./chart.ts";
import type { Link, RecordSearch } from "./links.ts";
import { breakable, type Html, html, NOTHING } from "./markup.ts";
import { type Count, OTHER, type ResourceSummary, type Values } from "./summary.ts";
import { BY_DEFAULT, DEFAULTS } from "./values.ts";

const REASONS = [
  "RECORD_UNRECOGNIZED",
  "RECORD_NOT_OBJECT",
  "NO_ASSET_IDENTITY",
  "COVERED_BY_OWNER",
] as const satisfies readonly SkipReason[];

/** Counts that keep the table's defaults apart from the values that records have. */
function withoutDefaults({ title, counts }: Values, resource: string, coverage: Coverage): readonly Count[] {
  const preset = DEFAULTS.find((one) => one.title === title);
  const row = coverage.resources
    .find((one) => one.resource === resource)
    ?.rows.find(({ udm }) => udm === preset?.udm);
  const defaults = row?.outcomes.default ?? 0;
  if (preset === undefined || defaults === 0) return counts;
  return [
    ...counts.flatMap(({ name, count }) => {
      const read = name === preset.value ? count - defaults : count;
      return read === 0 ? [] : [{ name, count: read }];
    }),
    { name: preset.value + BY_DEFAULT, count: defaults },
  ];
}

/** The title of a chart, with the number of values where it is not one for each entity. */
function titleOf(title: string, counts: readonly Count[], entities: number): string {
  const total = sum(counts.map(({ count }) => count));
  return total === entities ? title : `${title}, ${many(total, "value")}`;
}

function card(summary: ResourceSummary, coverage: Coverage, link: Link): Html {
  const { resource, records, entities, without_owner: unowned, values } = summary;
  const all = values.map((one) => ({
    title: one.title,
    counts: withoutDefaults(one, resource, coverage),
  }));
  const alike = all.filter(
    ({ counts: [only, ...others] }) => others.length === 0 && only?.count === entities,
  );
  const charts = all.filter((one) => !alike.includes(one) && one.counts.length > 0);
  const same = alike.map(
    ({ title, counts }) => html`<div><dt>${title}</dt><dd>${counts[0]?.name ?? ""}</dd></div>`,
  );
  return html`<article class="card"><h3>${resource}</h3>
<p class="quiet">${link(entities, { resource, made: "yes" }, html`${many(entities, "entity", "entities")}`)} of ${link(records, { resource }, html`${many(records, "record")}`)}${unowned === 0 ? NOTHING : html`, ${link(unowned, { resource, owner: "no" }, html`${number(unowned)} without an owner`)}`}</p>
${charts.map(({ title, counts }) =>
  barChart(titleOf(title, counts, entities), counts, ({ name, count }) =>
    name === OTHER ? html`${count}` : link(count, { resource, chart: title, value: name }),
  ),
)}
${same.length === 0 ? NOTHING : html`<div class="alike"><p>The same for all:</p><dl>${same}</dl></div>`}
</article>`;
}

function overview(resources: readonly ResourceSummary[], link: Link): Html {
  const reasons = REASONS.filter((reason) => resources.some(({ skipped }) => Object.hasOwn(skipped, reason)));
  const line = (name: string, some: readonly ResourceSummary[], about: RecordSearch): readonly Html[] => {
    const cell = (column: string, of: (one: ResourceSummary) => number, search: RecordSearch): Html => {
      const count = sum(some.map(of));
      return html`<td class="n${count === 0 ? " zero" : ""}" data-name="${column}">${link(count, { ...about, ...search })}</td>`;
    };
    return [
      html`<th scope="row">${name}</th>`,
      cell("Records", ({ records }) => records, {}),
      cell("Entities", ({ entities }) => entities, { made: "yes" }),
      ...reasons.map((reason) => cell(reason, ({ skipped }) => skipped[reason] ?? 0, { made: reason })),
      cell("Without owner", ({ without_owner: unowned }) => unowned, { owner: "no" }),
      cell("SecOps may drop", ({ atRisk }) => atRisk, { drop: "yes" }),
    ];
  };
  const rows = resources.map(
    (one) => html`<tr>${line(one.resource, [one], { resource: one.resource })}</tr>`,
  );
  const meaning = (reason: SkipReason): Html =>
    html`<p class="quiet"><code>${reason}</code>: ${ISSUES[reason].message}</p>`;
  return html`<div class="scroll"><table class="stack numbers"><caption>What became of the records</caption>
<thead><tr><th scope="col">Resource</th><th scope="col" class="n">Records</th><th scope="col" class="n">Entities</th>
${reasons.map((reason) => html`<th scope="col" class="n">Skipped:<br><code>${breakable(reason)}</code></th>`)}
<th scope="col" class="n">Without owner</th><th scope="col" class="n">SecOps may drop</th></tr></thead>
<tbody>${rows}</tbody><tfoot><tr>${line("all", resources, {})}</tr></tfoot></table></div>
${reasons.map(meaning)}`;
}

export function resourcesSection(
  resources: readonly ResourceSummary[],
  coverage: Coverage,
  link: Link,
): Html {
  const cards = resources.filter(({ entities }) => entities > 0).map((one) => card(one, coverage, link));
  const without = resources.filter(({ entities }) => entities === 0).map(({ resource }) => resource);
  const share = (part: number, whole: number): string => (whole === 0 ? "" : ` (${percent(part / whole)})`);
  const records = sum(resources.map((one) => one.records));
  const entities = sum(resources.map((one) => one.entities));
  return html`<section id="resources" aria-labelledby="resources-title">
<h2 id="resources-title">By resource</h2>
<p>${many(entities, "entity", "entities")} of ${many(records, "record")}${share(entities, records)}.${
    without.length === 0 || entities === 0 ? "" : ` No record of ${sequence(without, "or")} makes an entity.`
  }${cards.length === 0 ? "" : " Values that the Duo reference does not list are counted as “other values”, unless many entities share them."}</p>
${resources.length === 0 ? NOTHING : overview(resources, link)}
${cards.length === 0 ? NOTHING : html`<div class="columns">${cards}</div>`}
</section>`;
}
