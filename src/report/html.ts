/** The report: one HTML page that stands alone. It loads nothing, runs no script, and names no one. */

import { ISSUES, type IssueCode } from "../core/issue.ts";
import type { SkipReason } from "../core/record.ts";
import type { Outcome } from "../core/trace.ts";
import {
  type FieldCoverage,
  type ResourceCoverage,
  type RowCoverage,
  rowName,
} from "../coverage/coverage.ts";
import { typesOf } from "../coverage/fields.ts";
import { TABLE } from "../profiles/vendor.ts";
import { count as many, percent } from "../text/numbers.ts";
import { barChart } from "./chart.ts";
import { type Html, html, NOTHING } from "./markup.ts";
import { STYLE } from "./style.ts";
import type { Count, IssueCount, Summary } from "./summary.ts";

const SKIPPED: { readonly [R in SkipReason]: string } = {
  NO_ASSET_IDENTITY: ISSUES.NO_ASSET_IDENTITY.message,
  RECORD_NOT_OBJECT: ISSUES.RECORD_NOT_OBJECT.message,
};

/** A name that may break behind its dots and underscores. */
function breakable(name: string): Html {
  const parts = name.split(/(?<=[._])/).map((part) => html`${part}`);
  return parts.reduce((whole, part) => html`${whole}<wbr>${part}`);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function figure(name: string, number: number, note: string): Html {
  return html`<div><dt>${name}</dt><dd class="number">${number}</dd><dd class="note">${note}</dd></div>`;
}

function bySeverity(issues: readonly IssueCount[]): string {
  const parts = (["error", "warning", "info"] as const).map((severity) => {
    const count = sum(
      issues.filter(({ code }) => ISSUES[code].severity === severity).map((one) => one.count),
    );
    return severity === "info" ? `${count.toLocaleString("en-US")} info` : many(count, severity);
  });
  return parts.join(", ");
}

function overview({ coverage, invalidDocuments, owned, issues }: Summary): Html {
  const { documents, records, entities, resources } = coverage;
  const fields = TABLE.filter(({ rule }) => rule.kind !== "constant");
  const fired = TABLE.filter(
    ({ rule }, at) =>
      rule.kind !== "constant" && resources.some(({ rows }) => (rows[at]?.outcomes.wrote ?? 0) > 0),
  );
  const unmapped = sum(resources.map((resource) => resource.unmapped.length));
  return html`<section id="overview" aria-labelledby="overview-title">
<h2 id="overview-title">Overview</h2>
<dl class="figures">
${[
  figure(
    "Documents",
    documents + invalidDocuments,
    invalidDocuments > 0 ? `${many(invalidDocuments, "is", "are")} not JSON` : "all are JSON",
  ),
  figure("Records", records, many(resources.length, "Duo resource")),
  figure(
    "Entities",
    entities,
    records === 0 ? "no records" : `${percent(entities / records)} of the records`,
  ),
  figure("Records skipped", records - entities, "make no entity"),
  figure(
    "With an owner",
    owned,
    entities === 0 ? "no entities" : `${percent(owned / entities)} of the entities`,
  ),
  figure("Issues", sum(issues.map(({ count }) => count)), bySeverity(issues)),
  figure("Rows that fired", fired.length, `of the ${fields.length} that read a field`),
  figure("Unmapped fields", unmapped, "no row reads them"),
]}
</dl>
</section>`;
}

function entities({ coverage, platforms, types, statuses, labels }: Summary): Html {
  const charts: { title: string; counts: readonly Count[] }[] = [
    {
      title: "Resource",
      counts: coverage.resources
        .filter((resource) => resource.entities > 0)
        .map((resource) => ({ name: resource.resource, count: resource.entities })),
    },
    { title: "Platform", counts: platforms },
    { title: "Asset type", counts: types },
    { title: "Deployment status", counts: statuses },
    ...labels.map(({ key, values }) => ({ title: `Label: ${key}`, counts: values })),
  ];
  const drawn = charts.map(({ title, counts }) => html`<div class="card">${barChart(title, counts)}</div>`);
  return html`<section id="entities" aria-labelledby="entities-title">
<h2 id="entities-title">Entities</h2>
<p>What the ${many(coverage.entities, "entity is", "entities are")}. Label values that look like free text are counted as “other values”.</p>
${coverage.entities === 0 ? NOTHING : html`<div class="cards">${drawn}</div>`}
</section>`;
}

const HEAT = [0.2, 0.5, 0.8, 0.99];

function heatOf(share: number): string {
  return share === 0 ? "h h0" : `h h${1 + HEAT.filter((step) => share > step).length}`;
}

/** What to say where a row never wrote: the outcome it had instead, if that is more than an absent field. */
function instead(outcomes: RowCoverage["outcomes"]): string {
  const others: readonly [Outcome, string][] = [
    ["default", "default"],
    ["outranked", "outranked"],
    ["invalid", "invalid"],
    ["repeated", "repeated"],
  ];
  return others.find(([outcome]) => outcomes[outcome] > 0)?.[1] ?? "–";
}

function heatCell(row: RowCoverage | undefined, total: number): Html {
  const share = row === undefined ? 0 : row.outcomes.wrote / total;
  const text = share === 0 && row !== undefined ? instead(row.outcomes) : percent(share);
  return html`<td class="${heatOf(share)}">${text}</td>`;
}

function heatMap(resources: readonly ResourceCoverage[]): Html {
  const mapped = resources.filter((resource) => resource.entities > 0);
  const without = resources.filter((resource) => resource.entities === 0).map(({ resource }) => resource);
  const rows = TABLE.map((row, at) => {
    const target = row.udm
      .replace(/^entity\./, "")
      .replace(/^asset\.attribute\.labels\.key: "(.*)", .*$/, 'label "$1"');
    const cells = mapped.map(({ rows, entities }) => heatCell(rows[at], entities));
    return html`<tr><th scope="row"><code>${breakable(rowName(row))}</code></th><td class="target">${breakable(target)}</td>${cells}</tr>`;
  });
  const heads = mapped.map(
    ({ resource, entities }) =>
      html`<th scope="col" class="h">${breakable(resource)}<br><span class="quiet">${entities}</span></th>`,
  );
  const note = without.length === 0 ? "" : ` No record of ${without.join(", ")} makes an entity.`;
  return html`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Mapping coverage</h2>
<p>In what share of its entities each row of the table wrote a value.${note}</p>
${
  mapped.length === 0
    ? NOTHING
    : html`<ul class="legend" aria-label="Shades of the table">
<li class="h0">share of entities:</li><li class="h1">to 20%</li><li class="h2">to 50%</li><li class="h3">to 80%</li><li class="h4">to 99%</li><li class="h5">all</li>
<li class="h0">– field absent</li></ul>
<div class="scroll" role="region" aria-label="Mapping coverage, rows by resources" tabindex="0">
<table class="heat"><caption>The table’s rows in the vendor’s order, by resource and its number of entities</caption>
<thead><tr><th scope="col">Row</th><th scope="col" class="target">Writes</th>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>`
}
</section>`;
}

function skipped(resources: readonly ResourceCoverage[]): Html {
  const rows = resources.flatMap(({ resource, records, skipped }) =>
    (["NO_ASSET_IDENTITY", "RECORD_NOT_OBJECT"] as const)
      .filter((reason) => skipped[reason] > 0)
      .map(
        (reason) => html`<tr><th scope="row"><code>${breakable(reason)}</code></th><td>${resource}</td>
<td class="n" data-name="Records">${skipped[reason]}</td><td class="n" data-name="Share">${percent(skipped[reason] / records)}</td><td>${SKIPPED[reason]}</td></tr>`,
      ),
  );
  return html`<section id="skipped" aria-labelledby="skipped-title">
<h2 id="skipped-title">Skipped records</h2>
${
  rows.length === 0
    ? html`<p>None: every record makes an entity.</p>`
    : html`<div class="scroll"><table class="stack"><caption>Records that make no entity, by reason and resource</caption>
<thead><tr><th scope="col">Reason</th><th scope="col">Resource</th><th scope="col" class="n">Records</th><th scope="col" class="n">Share</th><th scope="col">What it means</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
</section>`;
}

/** The code's entry in the registry, which says what to do about it. */
function definitionOf(code: IssueCode): { severity: string; message: string; advice?: string } {
  return ISSUES[code];
}

const MOST_ROWS = 6;

function issueRow({ code, count, rows }: IssueCount): Html {
  const { severity, message, advice } = definitionOf(code);
  const shown = rows.slice(0, MOST_ROWS).map((row) => html`<code>${row.name}</code> ${row.count}`);
  const more =
    rows.length > MOST_ROWS ? html`<span class="quiet">and ${rows.length - MOST_ROWS} more</span>` : NOTHING;
  const places = [...shown, more].filter((part) => part !== NOTHING).map((part) => html`<div>${part}</div>`);
  return html`<tr><th scope="row"><code>${breakable(code)}</code></th><td class="severity ${severity}">${severity}</td>
<td class="n" data-name="Count">${count}</td><td>${message}${advice === undefined ? NOTHING : html`<br><span class="quiet">${advice}</span>`}</td><td>${places}</td></tr>`;
}

function issueTable(issues: readonly IssueCount[]): Html {
  return html`<section id="issues" aria-labelledby="issues-title">
<h2 id="issues-title">Issues</h2>
${
  issues.length === 0
    ? html`<p>None.</p>`
    : html`<div class="scroll"><table class="stack"><caption>What was odd, most frequent first</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Severity</th><th scope="col" class="n">Count</th><th scope="col">What happened, and what to do</th><th scope="col">Where, by row</th></tr></thead>
<tbody>${issues.map(issueRow)}</tbody></table></div>`
}
</section>`;
}

function fieldTable(caption: string, fields: readonly FieldCoverage[]): Html {
  const rows = fields.map(
    (
      field,
    ) => html`<tr><th scope="row"><code>${breakable(field.path)}</code></th><td class="types">${typesOf(field).join(", ")}</td>
<td class="n">${field.records}</td><td class="n">${percent(field.share)}</td></tr>`,
  );
  return html`<table><caption class="quiet">${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Types</th><th scope="col" class="n">Records</th><th scope="col" class="n">Share</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function unmappedCard({ resource, records, unmapped }: ResourceCoverage): Html {
  const own = unmapped.filter(({ path }) => !/[.[]/.test(path.replace(/^\["(?:[^"\\]|\\.)*"\]/, "")));
  const below = unmapped.filter((field) => !own.includes(field));
  return html`<article class="card"><h3>${resource}</h3>
${own.length === 0 ? NOTHING : fieldTable(`${many(own.length, "field")} of ${many(records, "record")}`, own)}
${
  below.length === 0
    ? NOTHING
    : html`<details><summary>${many(below.length, "field")} of objects within</summary>
${fieldTable(`Fields of objects and lists within the records of ${resource}`, below)}</details>`
}</article>`;
}

function unmappedFields(resources: readonly ResourceCoverage[]): Html {
  const cards = resources.filter(({ unmapped }) => unmapped.length > 0).map(unmappedCard);
  return html`<section id="unmapped" aria-labelledby="unmapped-title">
<h2 id="unmapped-title">Unmapped fields</h2>
<p>Raw fields that no row of the table reads, by the share of records that have them.</p>
${cards.length === 0 ? html`<p>None.</p>` : html`<div class="columns">${cards}</div>`}
</section>`;
}

const SECTIONS = [
  ["overview", "Overview"],
  ["entities", "Entities"],
  ["coverage", "Coverage"],
  ["skipped", "Skipped"],
  ["issues", "Issues"],
  ["unmapped", "Unmapped fields"],
] as const;

/** A printed time, to the minute. */
const minute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;

/** The report as one HTML document; `generated` is the time it says it was made. */
export function reportHtml(summary: Summary, generated: string): string {
  const { collected, coverage } = summary;
  const links = SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`);
  const period =
    collected === undefined ? "" : `Collected ${minute(collected.from)} to ${minute(collected.to)}. `;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>Duo to UDM mapping report</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header><div class="frame">
<h1>Duo to UDM mapping report</h1>
<p>${period}Reported ${minute(generated)}.</p>
<nav aria-label="Sections"><ul>${links}</ul></nav>
</div></header>
<main id="main" class="frame">
${[
  overview(summary),
  entities(summary),
  heatMap(coverage.resources),
  skipped(coverage.resources),
  issueTable(summary.issues),
  unmappedFields(coverage.resources),
]}
</main>
<footer><div class="frame">Made by duo-udm from the mapping table of DUO_CONTEXT. No name, address, number or identifier of a person or device is part of this page.</div></footer>
</body>
</html>
`.text;
}
