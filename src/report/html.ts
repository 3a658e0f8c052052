/**
 * The report: one HTML page that stands alone and loads nothing. It runs no script and names no one, unless it is made
 * to be explored.
 */

import type { Profile } from "../core/profile.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { count as many, number } from "../text/numbers.ts";
import { type Explored, packed } from "./explored.ts";
import { heatMapSection } from "./heat-map.ts";
import { issuesSection } from "./issues.ts";
import { EXPLORER, linkTo, noLink } from "./links.ts";
import { Html, html, NOTHING, withOptions } from "./markup.ts";
import { resourcesSection } from "./resources.ts";
import { STYLE } from "./style.ts";
import type { ReportSummary } from "./summary.ts";
import { unmappedSection } from "./unmapped.ts";
import { verdictSection } from "./verdict.ts";
import { unmappedFields } from "./worth.ts";

/** Where a report comes from. */
export interface ReportOrigin {
  /** The inputs, as the page may name them. */
  readonly inputs: readonly string[];
  /** When the report was made, in printed form. */
  readonly generated: string;
  readonly version: string;
  /** Inputs that could not be read. */
  readonly unreadable: number;
  /** The id of the run that stored the inputs, where only those of one run were read. */
  readonly run?: string;
}

/** A printed time, to the minute. */
const minute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;

function collectedBetween({ collected }: ReportSummary): string {
  if (collected === undefined) return "not known without an entity";
  const [from, to] = [minute(collected.from), minute(collected.to)];
  return from === to ? from : `${from} to ${to}`;
}

const MOST_INPUTS = 5;

function origin(
  summary: ReportSummary,
  { inputs, generated, version, run }: ReportOrigin,
  profile: Profile,
): Html {
  const { documents } = summary.coverage;
  const { invalidDocuments } = summary;
  const shown = inputs.slice(0, MOST_INPUTS).join(", ");
  const more = inputs.length - MOST_INPUTS;
  const facts = [
    ["Source", more > 0 ? `${shown} and ${more} more` : shown],
    ...(run === undefined ? [] : [["Run", run] as const]),
    [
      "Documents",
      `${number(documents + invalidDocuments)}${invalidDocuments > 0 ? `, ${number(invalidDocuments)} not JSON` : ""}`,
    ],
    ["Collected", collectedBetween(summary)],
    [
      "Table",
      profile.name === VENDOR.name ? "vendor, as Google publishes it" : `${profile.name}, of duo-udm`,
    ],
    ["Reported", `${minute(generated)} by duo-udm ${version}`],
  ] as const;
  return html`<dl class="origin">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What makes a report one to explore: its records, and the program that shows them. */
export interface ExplorerData {
  readonly explored: Explored;
  readonly script: string;
  /** The script's hash, as a content security policy names it. */
  readonly scriptHash: string;
  readonly style: string;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

const codesOf = ({ records }: Explored): Set<string> => new Set(records.flatMap(({ codes }) => codes));

/** The sections of the report, without those that would be empty. */
function sectionsOf(
  summary: ReportSummary,
  from: ReportOrigin,
  profile: Profile,
  explorer?: ExplorerData,
): Section[] {
  const { coverage, issues, resources } = summary;
  const { records, entities } = coverage;
  const fields = unmappedFields(coverage.resources);
  const link = explorer === undefined ? noLink : linkTo(codesOf(explorer.explored));
  const verdict = verdictSection(summary, from.unreadable, fields, profile, link);
  const sections = [
    { id: "verdict", title: "Verdict", body: verdict, isShown: true },
    {
      id: "resources",
      title: "Resources",
      body: resourcesSection(resources, coverage, link),
      isShown: records > 0,
    },
    {
      id: "coverage",
      title: "Coverage",
      body: heatMapSection(coverage.resources, profile, link),
      isShown: entities > 0,
    },
    {
      id: "issues",
      title: "Issues",
      body: issuesSection(issues, link),
      isShown: records > 0 || issues.length > 0,
    },
    { id: "unmapped", title: "Unmapped fields", body: unmappedSection(fields, link), isShown: records > 0 },
    ...(explorer === undefined
      ? []
      : [{ id: EXPLORER, title: "Records", body: recordsSection(explorer.explored), isShown: true }]),
  ];
  return sections.filter(({ isShown }) => isShown);
}

/** The warning at the top of a page with records. */
function warning({ records }: Explored): Html {
  return html`<aside class="personal" aria-label="Personal data"><div class="frame"><strong>This file holds personal data:</strong>
${many(records.length, "record")} of your Duo account, with names, e-mail addresses, phone numbers and identifiers.
Keep it as you keep the pages. Share it only with people who may see the account: do not put it
into a ticket or a chat, and do not attach it to a bug report. ${withOptions("Without --explore, report writes a page that holds none of it.")}</div></aside>`;
}

/** Where the records are shown. The data is not a script: nothing in it runs. */
function recordsSection(explored: Explored): Html {
  const data = new Html(packed(explored).replaceAll("<", "\\u003c"));
  return html`<section id="${EXPLORER}" aria-labelledby="records-title">
<h2 id="records-title">Records</h2>
<div id="app"><p class="quiet">The records are shown with JavaScript only. The page sends nothing.</p></div>
<script type="application/json" id="data">${data}</script>
</section>`;
}

function policyOf(explorer: ExplorerData | undefined): string {
  const script = explorer === undefined ? [] : [`script-src ${explorer.scriptHash}`];
  return [
    "default-src 'none'",
    ...script,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const NAMES_NOBODY = "This page holds no name, address, number or identifier of a person or device.";

/** The report as one HTML document; with an explorer, one that holds the records. */
export function reportHtml(
  summary: ReportSummary,
  from: ReportOrigin,
  profile: Profile = VENDOR,
  explorer?: ExplorerData,
): string {
  const sections = sectionsOf(summary, from, profile, explorer);
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const title = `Duo to UDM mapping report${explorer === undefined ? "" : ", with personal data"}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${new Html(policyOf(explorer))}">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(explorer?.style ?? "")}${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${explorer === undefined ? NOTHING : warning(explorer.explored)}
<header><div class="frame">
<h1>Duo to UDM mapping report</h1>
${origin(summary, from, profile)}
<nav aria-label="Sections"><ul>${links}</ul></nav>
</div></header>
<main id="main" class="frame">
${sections.map(({ body }) => body)}
</main>
<footer><div class="frame">Made by duo-udm. ${explorer === undefined ? NAMES_NOBODY : "This file holds personal data: share it only with people who may see your Duo account."}</div></footer>
${explorer === undefined ? NOTHING : html`<script>${new Html(explorer.script)}</script>`}
</body>
</html>
`.text;
}
