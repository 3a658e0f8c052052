/** The head of the report: the verdict, one sentence, one bar, and what to do first. */

import { ISSUES, type IssueDefinition, SEVERITIES, type Severity } from "../core/issue.ts";
import type { Profile } from "../core/profile.ts";
import { DEFAULT_GATE, verdictOf } from "../preflight/verdict.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { count as many, number, percent } from "../text/numbers.ts";
import { barWidth, sum } from "./chart.ts";
import { anchorOf } from "./issues.ts";
import type { Link, RecordSearch } from "./links.ts";
import { type Html, html, NOTHING, withOptions } from "./markup.ts";
import { type IssueCount, MAY_BE_DROPPED, type ReportSummary, type ResourceSummary } from "./summary.ts";
import { placedCount } from "./unmapped.ts";
import type { UnmappedField } from "./worth.ts";

interface PageVerdict {
  readonly isReady: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
  /** What to do about it, where no issue says so. */
  readonly advice?: string;
}

/** The verdict of `check` without options. Inputs that nobody has read are never ready. */
function verdictAbout(
  { coverage, invalidDocuments, issues, udm }: ReportSummary,
  unreadable: number,
): PageVerdict {
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
    return {
      isReady: false,
      reason: `${many(unreadable, "input")} could not be read.`,
      advice: "Make every input readable, and run report again: standard error named those that are not.",
    };
  }
  if (isReady) return { isReady, reason: "These pages are ready to ingest." };
  if (records === 0) {
    return {
      isReady,
      reason: "The input holds no records.",
      advice: "Check that these are the pages you meant, and that the collection did not end empty.",
    };
  }
  if (entities === 0 && udm === records) {
    return {
      isReady,
      reason: "These are UDM entities, not Duo pages.",
      advice: "Pass the pages that the entities were made from. To check entities, run duo-udm check.",
    };
  }
  if (entities === 0) return { isReady, reason: "No record makes an entity." };
  return {
    isReady,
    reason: `Correct ${many(errors, "error")} before you ingest these pages.`,
  };
}

interface Totals {
  readonly records: number;
  readonly entities: number;
  readonly owned: number;
  readonly atRisk: number;
  /** Whether every entity should have an owner; else those that need none count among the owned. */
  readonly ownersWanted: boolean;
}

function totalsOf(resources: readonly ResourceSummary[], profile: Profile): Totals {
  const of = (name: "records" | "entities" | "without_owner" | "atRisk"): number =>
    sum(resources.map((resource) => resource[name]));
  const entities = of("entities");
  return {
    records: of("records"),
    entities,
    owned: entities - of("without_owner"),
    atRisk: of("atRisk"),
    ownersWanted: profile.name === VENDOR.name,
  };
}

/** The records behind each step. */
const SEARCHES = {
  records: {},
  lost: {},
  entities: { made: "yes" },
  owned: { owner: "yes" },
  "at-risk": { drop: "yes" },
} as const satisfies { readonly [kind: string]: RecordSearch };

/** From records to entities, to entities with an owner, to what SecOps may drop: one bar, and its numbers. */
function funnel({ records, entities, owned, atRisk, ownersWanted }: Totals, link: Link): Html {
  if (records === 0) return NOTHING;
  const isLost = entities === 0;
  const ofEntities = (part: number): string =>
    entities === 0 ? "there are no entities" : `${percent(part / entities)} of the entities`;
  const steps: readonly { kind: keyof typeof SEARCHES; name: string; count: number; note: string }[] = [
    { kind: isLost ? "lost" : "records", name: "Records", count: records, note: "read from the input" },
    {
      kind: "entities",
      name: "Entities",
      count: entities,
      note: `${percent(entities / records)} of the records`,
    },
    {
      kind: "owned",
      name: "With an owner",
      count: owned,
      note: `${ofEntities(owned)}${ownersWanted ? "" : "; users and groups need none"}`,
    },
    { kind: "at-risk", name: "SecOps may drop", count: atRisk, note: ofEntities(atRisk) },
  ];
  const bar = steps
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => html`<div class="${kind}" style="${barWidth(count / records)}"></div>`);
  return html`<div class="funnel" aria-hidden="true">${bar}</div>
<dl class="steps">${steps.map(
    ({ kind, name, count, note }) =>
      html`<div><dt><span class="key ${kind}"></span>${name}</dt><dd class="number">${link(count, SEARCHES[kind])}</dd><dd class="note">${note}</dd></div>`,
  )}</dl>`;
}

interface ToDo {
  /** The place on the page, and what it is called. */
  readonly place?: { readonly id: string; readonly name: string };
  readonly what: string;
  readonly note?: Html;
  readonly advice: string;
  readonly severity: Severity;
}

/** How many tasks are shown. */
const MOST_TASKS = 3;

/** How the advice begins where there is none, or where what happened is expected. */
const NOTHING_TO_DO = /^(?:No action needed|Expected)/;

/**
 * What there is to do about the issues: first what loses entities, then the gravest, then the most frequent. An
 * issue below the severity of its code is one that is known to do no harm.
 */
function tasksOf(issues: readonly IssueCount[], link: Link): ToDo[] {
  const gravity = ({ severity }: IssueCount): number => SEVERITIES.indexOf(severity);
  const rank = (issue: IssueCount): number => (MAY_BE_DROPPED.has(issue.code) ? 0 : gravity(issue));
  return [...issues]
    .filter(
      ({ code, severity }) => severity === ISSUES[code].severity && !NOTHING_TO_DO.test(ISSUES[code].advice),
    )
    .sort((a, b) => rank(a) - rank(b) || gravity(a) - gravity(b) || b.count - a.count)
    .map(({ code, severity, count, hint }) => {
      const { message, advice }: IssueDefinition = ISSUES[code];
      return {
        place: { id: anchorOf({ code, severity }), name: "Issues" },
        what: message,
        note: html`${severity}, ${link(count, { issue: code }, html`${many(count, "time")}`)}`,
        advice: hint === undefined ? advice : `${advice} Hint: ${hint}.`,
        severity,
      };
    });
}

/** What there is to do about the fields that no row reads. */
function taskOfFields(fields: readonly UnmappedField[]): ToDo[] {
  const placed = placedCount(fields);
  const place = { id: "unmapped", name: "Unmapped fields" };
  if (placed > 0) {
    const have = placed === 1 ? "A field that detections can use has" : "Fields that detections can use have";
    return [
      {
        place,
        what: `${have} no row in this table.`,
        note: html`${many(placed, "field")}`,
        advice: "Compare with --profile enriched, which maps them, and decide which table you want.",
        severity: "info",
      },
    ];
  }
  const unread = fields.filter(({ worth }) => worth === "unread").length;
  if (unread === 0) return [];
  return [
    {
      place,
      what: "Records have fields that no profile reads.",
      note: html`${many(unread, "field")}`,
      advice: "Check whether your detections need any of them: no entity carries them.",
      severity: "info",
    },
  ];
}

function item({ place, what, note, advice, severity }: ToDo): Html {
  const linked =
    place === undefined
      ? html`<strong>${what}</strong>`
      : html`<a href="#${place.id}" data-place="${place.name}">${what}</a>`;
  return html`<li>${linked}${note === undefined ? NOTHING : html` <span class="severity ${severity}">${note}</span>`}<br>${withOptions(advice)}</li>`;
}

function todo(
  { isReady, reason, advice }: PageVerdict,
  summary: ReportSummary,
  fields: readonly UnmappedField[],
  link: Link,
): Html {
  const { entities } = summary.coverage;
  const tasks: ToDo[] = [
    ...(isReady || advice === undefined ? [] : [{ what: reason, advice, severity: "error" } as const]),
    ...tasksOf(summary.issues, link),
    // Where nothing makes an entity, no field is worth looking at yet.
    ...(entities === 0 ? [] : taskOfFields(fields)),
  ];
  if (tasks.length === 0) return html`<p>Nothing: no issue was found, and every field is read.</p>`;
  return html`<ol>${tasks.slice(0, MOST_TASKS).map(item)}</ol>`;
}

/** One sentence about all of it. */
function sentence({ records, entities, owned, atRisk, ownersWanted }: Totals, documents: number): string {
  if (records === 0)
    return `${many(documents, "document was", "documents were")} read, and none holds a record.`;
  if (entities === 0) return `SecOps would receive nothing of ${many(records, "record")}.`;
  const made = `${many(records, "record makes", "records make")} ${many(entities, "entity", "entities")}`;
  const risk = atRisk === 0 ? "SecOps should drop none" : `SecOps may drop ${number(atRisk)}`;
  return `${made}; ${number(owned)} of them ${owned === 1 ? "names" : "name"} an owner${ownersWanted ? "" : owned === 1 ? " or needs none" : " or need none"}, and ${risk}.`;
}

export function verdictSection(
  summary: ReportSummary,
  unreadable: number,
  fields: readonly UnmappedField[],
  profile: Profile,
  link: Link,
): Html {
  const verdict = verdictAbout(summary, unreadable);
  const { isReady, reason } = verdict;
  const totals = totalsOf(summary.resources, profile);
  const documents = summary.coverage.documents + summary.invalidDocuments;
  return html`<section id="verdict" class="verdict ${isReady ? "ready" : "not-ready"}" data-verdict="${isReady ? "ready" : "not-ready"}" aria-labelledby="verdict-title">
<h2 id="verdict-title"><span class="badge">${isReady ? "READY" : "NOT READY"}</span> ${reason}</h2>
<p>${sentence(totals, documents)}</p>
${funnel(totals, link)}
<h3>Do first</h3>
${todo(verdict, summary, fields, link)}
</section>`;
}
