/** What `check` found, by code: what it means, what to do, and where it is. */

import { ISSUES, type Issue } from "../../src/core/issue.ts";
import { type CheckSummary, detailsOf, placeOf } from "../../src/preflight/summary.ts";
import { printable } from "../../src/text/escape.ts";
import { number } from "../../src/text/numbers.ts";

/** The most paths that are shown per code. */
const MOST_PATHS = 8;

interface IssuesProps {
  readonly summary: CheckSummary;
  /** What can be done about a place: shown as a button beside it. */
  readonly action?: (issue: Issue) => { readonly text: string; readonly run: () => void } | undefined;
}

function Place({ issue, action }: { readonly issue: Issue; readonly action: IssuesProps["action"] }) {
  const details = detailsOf(issue);
  const known = action?.(issue);
  return (
    <li>
      <span class="place">{printable(placeOf(issue))}</span>
      {details !== "" && <span class="details">{printable(details)}</span>}
      {known !== undefined && (
        <button type="button" class="quiet-button" onClick={known.run}>
          {known.text}
        </button>
      )}
    </li>
  );
}

export function Issues({ summary, action }: IssuesProps) {
  return (
    <>
      {summary.groups().map(({ code, severity, count, byPath }) => {
        const paths = [...byPath.values()].sort((a, b) => b.count - a.count).slice(0, MOST_PATHS);
        const shown = paths.reduce((sum, { places }) => sum + places.length, 0);
        return (
          <article key={`${severity} ${code}`} class="issue">
            <h3>
              <span class={`severity ${severity}`}>{severity}</span> <code>{code}</code>{" "}
              <span class="count">{number(count)}</span>
            </h3>
            <p>{ISSUES[code].message}</p>
            <p>
              <strong>What to do:</strong> {ISSUES[code].advice}
            </p>
            <ul>
              {paths.flatMap(({ places, path }) =>
                places.map((place, at) => <Place key={`${path} ${at}`} issue={place} action={action} />),
              )}
              {shown < count && <li class="quiet">and {number(count - shown)} more</li>}
            </ul>
          </article>
        );
      })}
    </>
  );
}
