/** The head of the report: the verdict, one sentence, one bar, and what to do first. */

import { ISSUES, type IssueDefinition, type Severity } from "../core/issue.ts";
import { DEFAULT_GATE, verdictOf } from "../preflight/verdict.ts";
import { count as many, number, percent } from "../text/numbers.ts";
import { sum, widthOf } from "./chart.ts";
import { anchorOf } from "./issues.ts";
import { type Html, html, NOTHING } from "./markup.ts";
import { type IssueCount, MAY_BE_DROPPED, type ResourceSummary, type Summary } from "./summary.ts";

interface Verdict {
  readonly isReady: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** The verdict of `check` without options. Inputs that nobody has read are never ready. */
function verdictAbout({ coverage, invalidDocuments, issues }: Summary, unreadable: number): Verdict {
  const { documents, records, entities } = coverage;
  const of = (wanted: Severity): number =>
    sum(issues.filter(({ severity }) => severity === wanted).map(({ count }) => count));
  const errors = of("error");
  const found = {
    documents: documents + invalidDocuments,
    records,
    entities,
    errors,
    warnings: of("warning"),
    codes: new Map(issues.map(({ code, count }) => [code, count])),
  };
  const { isReady } = verdictOf(found, DEFAULT_GATE);
  if (unreadable > 0) {
    return { isReady: false, reason: `${many(unreadable, "input")} could not be read.` };
  }
  if (isReady) return { isReady, reason: "Nothing stands against ingesting these pages." };
  if (records === 0) return { isReady, reason: "The input holds no records." };
  if (entities === 0) return { isReady, reason: "No record makes an entity." };
  return {
    isReady,
    reason: `${many(errors, "error stands", "errors stand")} against ingesting these pages.`,
  };
}

interface Totals {
  readonly records: number;
  readonly entities: number;
  readonly owned: number;
  readonly atRisk: number;
}

function totalsOf(resources: readonly ResourceSummary[]): Totals {
  const of = (name: "records" | "entities" | "without_owner" | "atRisk"): number =>
    sum(resources.map((resource) => resource[name]));
  const entities = of("entities");
  return { records: of("records"), entities, owned: entities - of("without_owner"), atRisk: of("atRisk") };
}

/** From records to entities, to entities with an owner, to what SecOps may drop: one bar, and its numbers. */
function funnel({ records, entities, owned, atRisk }: Totals): Html {
  if (records === 0) return NOTHING;
  const ofEntities = (part: number): string =>
    entities === 0 ? "there are no entities" : `${percent(part / entities)} of the entities`;
  const steps = [
    { kind: "records", name: "Records", count: records, note: "read from the input" },
    {
      kind: "entities",
      name: "Entities",
      count: entities,
      note: `${percent(entities / records)} of the records`,
    },
    { kind: "owned", name: "With an owner", count: owned, note: ofEntities(owned) },
    { kind: "at-risk", name: "SecOps may drop", count: atRisk, note: ofEntities(atRisk) },
  ];
  const bar = steps
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => html`<div class="${kind}" style="${widthOf(count / records)}"></div>`);
  return html`<div class="funnel" aria-hidden="true">${bar}</div>
<dl class="steps">${steps.map(
    ({ kind, name, count, note }) =>
      html`<div><dt><span class="key ${kind}"></span>${name}</dt><dd class="number">${count}</dd><dd class="note">${note}</dd></div>`,
  )}</dl>`;
}

interface Task {
  readonly section: string;
  readonly what: string;
  readonly note: string;
  readonly advice: string;
  readonly severity: Severity;
}

const RANK: { readonly [S in Severity]: number } = { error: 0, warning: 1, info: 2 };
const FIRST = 3;

/**
 * What there is to do about the issues: first what loses entities, then the gravest, then the most frequent. An
 * issue below the severity of its code is one that is known to do no harm.
 */
function tasksOf(issues: readonly IssueCount[]): Task[] {
  const rank = ({ code, severity }: IssueCount): number =>
    MAY_BE_DROPPED.has(code) ? 0 : 1 + RANK[severity];
  return [...issues]
    .filter(
      ({ code, severity }) => severity === ISSUES[code].severity && !NOTHING_TO_DO.test(ISSUES[code].advice),
    )
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count)
    .map(({ code, severity, count }) => {
      const { message, advice }: IssueDefinition = ISSUES[code];
      return {
        section: anchorOf({ code, severity }),
        what: message,
        note: `${severity}, ${many(count, "time")}`,
        advice,
        severity,
      };
    });
}

/** How the advice begins where there is none, or where what happened is expected. */
const NOTHING_TO_DO = /^(?:No action needed|Expected)/;

function todo({ issues, coverage }: Summary): Html {
  const tasks = tasksOf(issues);
  const unmapped = sum(coverage.resources.map((resource) => resource.unmapped.length));
  if (unmapped > 0) {
    tasks.push({
      section: "unmapped",
      what: "Records have fields that no row of the table reads.",
      note: many(unmapped, "field"),
      advice: "Check whether your detections need any of them: no entity carries them.",
      severity: "info",
    });
  }
  if (tasks.length === 0) return html`<p>Nothing: no issue was found.</p>`;
  const items = tasks
    .slice(0, FIRST)
    .map(
      ({ section, what, note, advice, severity }) =>
        html`<li><a href="#${section}">${what}</a> <span class="severity ${severity}">${note}</span><br>${advice}</li>`,
    );
  return html`<ol>${items}</ol>`;
}

/** One sentence about all of it. */
function sentence({ records, entities, owned, atRisk }: Totals): string {
  if (entities === 0) return `${many(records, "record makes", "records make")} no entity.`;
  const made = `${many(records, "record makes", "records make")} ${many(entities, "entity", "entities")}`;
  const risk = atRisk === 0 ? "SecOps should drop none" : `SecOps may drop ${number(atRisk)}`;
  return `${made}; ${number(owned)} of them ${owned === 1 ? "names" : "name"} an owner, and ${risk}.`;
}

export function verdictSection(summary: Summary, unreadable: number): Html {
  const { isReady, reason } = verdictAbout(summary, unreadable);
  const totals = totalsOf(summary.resources);
  return html`<section id="verdict" class="verdict ${isReady ? "ready" : "not-ready"}" data-verdict="${isReady ? "ready" : "not-ready"}" aria-labelledby="verdict-title">
<h2 id="verdict-title"><span class="badge">${isReady ? "READY" : "NOT READY"}</span> ${reason}</h2>
<p>${sentence(totals)}</p>
${funnel(totals)}
<h3>Do first</h3>
${todo(summary)}
</section>`;
}
