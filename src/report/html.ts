/** The report: one HTML page that stands alone. It loads nothing, runs no script, and names no one. */

import type { Profile } from "../core/profile.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { number } from "../text/numbers.ts";
import { heatMapSection } from "./heat-map.ts";
import { issuesSection } from "./issues.ts";
import { type Html, html } from "./markup.ts";
import { resourcesSection } from "./resources.ts";
import { STYLE } from "./style.ts";
import type { Summary } from "./summary.ts";
import { unmappedSection } from "./unmapped.ts";
import { verdictSection } from "./verdict.ts";
import { unmappedFields } from "./worth.ts";

/** Where a report comes from. */
export interface Origin {
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

function collectedBetween({ collected }: Summary): string {
  if (collected === undefined) return "not known without an entity";
  const [from, to] = [minute(collected.from), minute(collected.to)];
  return from === to ? from : `${from} to ${to}`;
}

const MOST_INPUTS = 5;

function origin(summary: Summary, { inputs, generated, version, run }: Origin, profile: Profile): Html {
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

/** The sections of the report, but those that would be empty. */
function sectionsOf(
  summary: Summary,
  from: Origin,
  profile: Profile,
): { id: string; title: string; body: Html }[] {
  const { coverage, issues, resources } = summary;
  const { records, entities } = coverage;
  const fields = unmappedFields(coverage.resources);
  return [
    { id: "verdict", title: "Verdict", body: verdictSection(summary, from.unreadable, fields, profile) },
    ...(records === 0
      ? []
      : [{ id: "resources", title: "Resources", body: resourcesSection(resources, coverage) }]),
    ...(entities === 0
      ? []
      : [{ id: "coverage", title: "Coverage", body: heatMapSection(coverage.resources, profile) }]),
    ...(records === 0 && issues.length === 0
      ? []
      : [{ id: "issues", title: "Issues", body: issuesSection(issues) }]),
    ...(records === 0 ? [] : [{ id: "unmapped", title: "Unmapped fields", body: unmappedSection(fields) }]),
  ];
}

/** The report as one HTML document. */
export function reportHtml(summary: Summary, from: Origin, profile: Profile = VENDOR): string {
  const sections = sectionsOf(summary, from, profile);
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
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
${origin(summary, from, profile)}
<nav aria-label="Sections"><ul>${links}</ul></nav>
</div></header>
<main id="main" class="frame">
${sections.map(({ body }) => body)}
</main>
<footer><div class="frame">Made by duo-udm. This page holds no name, address, number or identifier of a person or device.</div></footer>
</body>
</html>
`.text;
}
