/** One record: what became of it and why, then the record, its entity and the rows between them. */

import { useMemo } from "preact/hooks";
import { ISSUES, type Issue } from "../../src/core/issue.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { NamedValue } from "../../src/explanation/verdict.ts";
import { detailsOf } from "../../src/preflight/summary.ts";
import type { ExploredRecord } from "../../src/report/explored.ts";
import { printable } from "../../src/text/escape.ts";
import { count } from "../../src/text/numbers.ts";
import { keyOf, litBy, type Target, type Trace } from "../parts/lighting.ts";
import { type Pointing, pointed, usePointing, useReveal } from "../parts/pointing.ts";
import { Rows, wroteText } from "../parts/rows.tsx";
import { Tree } from "../parts/tree.tsx";
import { type ExplainedRecord, explainedRecord } from "./explanation.ts";

const UDM_PATH = /^(?:entity|metadata|relations)\b/;

/** What an issue is about: a value of the entity, a raw field, or a row. */
function targetOf({ path, row }: Issue, { profile, rows, origins }: Trace): Target | undefined {
  if (path !== undefined && UDM_PATH.test(path) && origins.has(path)) return { kind: "value", profile, path };
  if (path !== undefined && !UDM_PATH.test(path)) return { kind: "raw", path };
  const at = row === undefined ? -1 : rows.findIndex((one) => one.row.log_field === row);
  return at < 0 ? undefined : { kind: "row", profile, row: at };
}

interface LightProps {
  readonly lit: ReadonlySet<string>;
  readonly pointing: Pointing;
}

interface IssueProps extends LightProps {
  readonly issue: Issue;
  readonly trace: Trace;
}

function OneIssue({ issue, trace, lit, pointing }: IssueProps) {
  const target = targetOf(issue, trace);
  const isLit = target !== undefined && lit.has(keyOf(target));
  const { code, severity, path } = issue;
  const details = detailsOf(issue);
  const text = (
    <>
      <span class={`severity ${severity}`}>{severity}</span> <code>{code}</code>{" "}
      {path !== undefined && <code class="quiet">{printable(path)}</code>} {ISSUES[code].message}{" "}
      {details !== "" && <span class="quiet">{printable(details)}. </span>}
      <span class="quiet">{ISSUES[code].advice}</span>
    </>
  );
  return (
    <li>
      {target === undefined ? (
        <div class="one-issue">{text}</div>
      ) : (
        <button type="button" class={`one-issue ${isLit ? "lit" : ""}`} {...pointed(pointing, target)}>
          {text}
        </button>
      )}
    </li>
  );
}

interface NamesProps extends LightProps {
  readonly title: string;
  readonly names: readonly NamedValue[];
}

/** Values that the verdict rests on. Each lights up together with the raw field that it came from. */
function Names({ title, names, lit, pointing }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <li>
      <span class="quiet">{title}</span>{" "}
      {names.map(({ field, from, value }) => {
        const target: Target = { kind: "raw", path: from };
        return (
          <button
            key={`${field} ${from}`}
            type="button"
            class={`named ${lit.has(keyOf(target)) ? "lit" : ""}`}
            {...pointed(pointing, target)}
          >
            {field} <strong>{printable(value)}</strong>
          </button>
        );
      })}
    </li>
  );
}

function sourcePlace({ source, document, record, line }: ExploredRecord): string {
  return [
    printable(source),
    ...(document === undefined ? [] : [`document ${document}`]),
    `record ${record}`,
    ...(line === undefined ? [] : [`line ${line}`]),
  ].join(", ");
}

function useLighting({ trace }: ExplainedRecord) {
  const [target, pointing] = usePointing();
  const lit = useMemo(() => {
    const all = new Set(litBy(target, [trace]));
    if (target !== undefined) all.add(keyOf(target));
    return all;
  }, [target, trace]);
  return { lit, target, pointing };
}

interface DetailProps {
  readonly record: ExploredRecord;
  readonly title: string;
  readonly profile: Profile;
}

export function Detail({ record, title, profile }: DetailProps) {
  const explained = useMemo(() => explainedRecord(record, profile), [record, profile]);
  const { raw, entity, verdict, trace, issues } = explained;
  const { lit, target, pointing } = useLighting(explained);
  const rawPanel = useReveal(lit, target?.kind === "raw");
  const entityPanel = useReveal(lit, target?.kind === "value");
  const rowsPanel = useReveal(lit, target?.kind === "row");
  return (
    <article class="explained" aria-label={`Record ${title}`}>
      <div class="card about">
        <h3>
          {title} <span class="quiet">{record.resource}</span>
        </h3>
        <p class="quiet place">{sourcePlace(record)}</p>
        {verdict.sentences.map((sentence) => (
          <p key={sentence}>{printable(sentence)}</p>
        ))}
        <ul class="names">
          <Names title="Identity" names={verdict.identity} lit={lit} pointing={pointing} />
          <Names title="Owner" names={verdict.owner} lit={lit} pointing={pointing} />
        </ul>
        {issues.length > 0 && (
          <ul class="issues" aria-label={count(issues.length, "issue")}>
            {issues.map((issue, at) => (
              <OneIssue
                key={`${at} ${issue.code}`}
                issue={issue}
                trace={trace}
                lit={lit}
                pointing={pointing}
              />
            ))}
          </ul>
        )}
      </div>
      <div class="panels">
        <section class="card" data-panel="raw" aria-labelledby="raw-title">
          <h3 id="raw-title">Record</h3>
          <div class="panel" ref={rawPanel}>
            <Tree label="Record" value={raw} of={{ kind: "raw" }} lit={lit} pointing={pointing} />
          </div>
        </section>
        <section class="card" data-panel="entities" aria-labelledby="entity-title">
          <h3 id="entity-title">Entity</h3>
          <div class="panel" ref={entityPanel}>
            {entity === undefined ? (
              <p class="quiet">None.</p>
            ) : (
              <Tree
                label="Entity"
                value={entity}
                of={{ kind: "value", profile: profile.name }}
                lit={lit}
                pointing={pointing}
              />
            )}
          </div>
        </section>
        <section class="card" data-panel="rows" aria-labelledby="rows-title">
          <h3 id="rows-title">
            Rows <span class="quiet">{wroteText(trace)}</span>
          </h3>
          <div class="panel" ref={rowsPanel}>
            <Rows trace={trace} lit={lit} pointing={pointing} />
          </div>
        </section>
      </div>
    </article>
  );
}
