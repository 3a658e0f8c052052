/** The entities that the two profiles make of a record, side by side. */

import { ISSUES } from "../src/core/issue.ts";
import { printable } from "../src/text/escape.ts";
import { count } from "../src/text/numbers.ts";
import { compared, type Mark } from "./parts/difference.ts";
import type { Pointing } from "./parts/pointing.ts";
import { leavesOf, Tree } from "./parts/tree.tsx";
import { type MappedView, PROFILE_TITLES } from "./record.ts";

interface EntitiesProps {
  readonly views: readonly MappedView[];
  readonly lit: ReadonlySet<string>;
  readonly pointing: Pointing;
}

const entityOf = ({ explanation }: MappedView): unknown =>
  explanation.kind === "entity" ? explanation.entity : undefined;

/** How the values of an entity compare with those of the other one, in words. */
function differences(paths: readonly string[], markOf: (path: string) => Mark): string {
  const marks = paths.map(markOf);
  const many = (mark: Mark): number => marks.filter((one) => one === mark).length;
  const parts = [
    `${many("same")} the same`,
    ...(many("differs") === 0 ? [] : [`${many("differs")} different`]),
    ...(many("only") === 0 ? [] : [`${many("only")} only here`]),
  ];
  return `${count(paths.length, "value")}: ${parts.join(", ")}`;
}

export function Entities({ views, lit, pointing }: EntitiesProps) {
  const leaves = views.map((view) => leavesOf(entityOf(view)));
  return (
    <div class="columns">
      {views.map((view, at) => {
        const { profile, explanation, sentences } = view;
        const own = leaves[at] ?? new Map();
        const other = leaves[1 - at] ?? new Map();
        const isCompared = leaves.every(({ size }) => size > 0);
        const markOf = compared(own, other);
        return (
          <div key={profile} class="column">
            <h3>{PROFILE_TITLES[profile]}</h3>
            {explanation.kind === "entity" ? (
              <>
                <p class="quiet">
                  {isCompared ? differences([...own.keys()], markOf) : count(own.size, "value")}
                </p>
                <Tree
                  label={`Entity of the ${profile} profile`}
                  value={explanation.entity}
                  of={{ kind: "value", profile }}
                  lit={lit}
                  pointing={pointing}
                  {...(isCompared && { marks: markOf })}
                />
              </>
            ) : (
              <div class="no-entity">
                <p>
                  <strong>No entity</strong> <code>{explanation.reason}</code>
                </p>
                {sentences.map((sentence) => (
                  <p key={sentence}>{printable(sentence)}</p>
                ))}
                <p>
                  <strong>What to do:</strong> {ISSUES[explanation.reason].advice}
                </p>
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
