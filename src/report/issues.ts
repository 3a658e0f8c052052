/** The issues: what each means, what to do, and which rows it concerns. */

import { ISSUES, type IssueDefinition, SEVERITIES } from "../core/issue.ts";
import { count as many } from "../text/numbers.ts";
import { sum } from "./chart.ts";
import type { Link } from "./links.ts";
import { breakable, type Html, html, NOTHING, withOptions } from "./markup.ts";
import type { IssueCount } from "./summary.ts";

const MOST_ROWS = 6;

/** The place of an issue on the page. */
export const anchorOf = ({ code, severity }: Pick<IssueCount, "code" | "severity">): string =>
  severity === ISSUES[code].severity ? `issue-${code}` : `issue-${code}-${severity}`;

function row({ code, severity, count, rows, hint }: IssueCount, link: Link): Html {
  const { message, advice }: IssueDefinition = ISSUES[code];
  const shown = rows
    .slice(0, MOST_ROWS)
    .map((one) => html`<code>${one.name}</code> ${link(one.count, { issue: `${code} ${one.name}` })}`);
  const more =
    rows.length > MOST_ROWS ? html`<span class="quiet">and ${rows.length - MOST_ROWS} more</span>` : NOTHING;
  const places = [...shown, more].filter((part) => part !== NOTHING).map((part) => html`<div>${part}</div>`);
  return html`<tr id="${anchorOf({ code, severity })}"><th scope="row"><code>${breakable(code)}</code></th><td class="severity ${severity}">${severity}</td>
<td class="n" data-name="Count">${link(count, { issue: code })}</td><td>${message}<br><span class="quiet">${withOptions(hint === undefined ? advice : `${advice} Hint: ${hint}.`)}</span></td><td>${places}</td></tr>`;
}

/** Errors first, then warnings and information, the most frequent first among each. */
export function issuesSection(issues: readonly IssueCount[], link: Link): Html {
  const groups = SEVERITIES.map((severity) => issues.filter((one) => one.severity === severity));
  const [errors = 0, warnings = 0, infos = 0] = groups.map((group) => sum(group.map(({ count }) => count)));
  return html`<section id="issues" aria-labelledby="issues-title">
<h2 id="issues-title">Issues</h2>
<p>${many(errors, "error")}, ${many(warnings, "warning")}, ${infos} for information.</p>
${
  issues.length === 0
    ? NOTHING
    : html`<div class="scroll"><table class="stack"><caption>The gravest and then the most frequent first</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Severity</th><th scope="col" class="n">Count</th><th scope="col">What happened, and what to do</th><th scope="col">Rows</th></tr></thead>
<tbody>${groups.flat().map((one) => row(one, link))}</tbody></table></div>`
}
</section>`;
}
