/** What preflight found, as text for people. */

import { ISSUES, type Issue } from "../core/issue.ts";
import { WIDTH, wrap } from "../text/layout.ts";
import { type Line, type Tone, toned } from "../text/lines.ts";
import { count as many, number } from "../text/numbers.ts";
import { tallyText } from "../text/tally.ts";
import { type CheckSummary, type CodeGroup, detailsOf, placeOf } from "./summary.ts";
import type { Gate } from "./verdict.ts";

/** Most paths printed per code. */
const PATHS_PRINTED = 10;

/** A place below the heading of its path. The path is repeated only where it says which element of a list it is. */
function placeText(issue: Issue): string {
  const { path, ...rest } = issue;
  const place = placeOf(path?.includes("[") === true ? issue : rest);
  const details = detailsOf(issue);
  return `${place}${details === "" ? "" : `: ${details}`}`;
}

function groupLines(
  { code, severity, count, byPath, rest }: CodeGroup,
  { ignore }: Gate,
  width: number,
): Line[] {
  const { message, advice } = ISSUES[code];
  const all = [...byPath.values()].sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  const printed = all.slice(0, PATHS_PRINTED);
  const column = Math.max(...printed.map((group) => number(group.count).length));
  const indent = " ".repeat(4 + column + 2);
  const groups = printed.flatMap((group) => {
    const head = `    ${number(group.count).padStart(column)}  `;
    const places = group.places.flatMap((place) =>
      wrap(placeText(place), width, { first: indent, rest: `${indent}  ` }),
    );
    const more = group.count > group.places.length ? [`${indent}...`] : [];
    if (group.path === "") {
      // Nothing but places: the first stands beside the count.
      return [...places, ...more].map((line, at) => (at === 0 ? head + line.slice(indent.length) : line));
    }
    const path = wrap(group.path, width, { first: indent });
    return [head + (path[0] ?? "").slice(indent.length), ...path.slice(1), ...places, ...more];
  });
  const left = all.length - printed.length;
  const unprinted = count - printed.reduce((sum, group) => sum + group.count, 0);
  const fields = rest > 0 ? "other fields" : many(left, "other field");
  return [
    [
      { tone: severity, text: `${severity} ${code}` },
      `, ${number(count)}${ignore.has(code) ? " (ignored)" : ""}`,
    ],
    ...wrap(message, width, { first: "  " }),
    ...wrap(`To do: ${advice}`, width, { first: "  " }),
    ...groups,
    ...(unprinted > 0
      ? wrap(`and ${number(unprinted)} in ${fields}; --format json has all`, width, { first: "    " })
      : []),
    "",
  ];
}

/** The verdict in one sentence, with the counts, what was ignored, and what could not be read. */
export function verdictText(summary: CheckSummary, gate: Gate): string {
  const { documents, records, entities, errors, warnings, infos } = summary.found(gate);
  const { isReady, reasons } = summary.verdict(gate);
  const found = [many(errors, "error"), many(warnings, "warning"), `${number(infos)} for information`];
  const seen = [many(documents, "document"), many(records, "record"), many(entities, "entity", "entities")];
  const passedOver = summary.passedOver === 0 ? "" : `; passed over ${number(summary.passedOver)}`;
  const because = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
  const ignored = Array.from(summary.ignored(gate), ([code, count]) => `${code} ${number(count)}`);
  const unfinished = isReady && summary.unreadable > 0;
  return [
    `${unfinished ? "NOT FINISHED" : isReady ? "READY" : "NOT READY"}${because}: ${found.join(", ")} in ${seen.join(", ")}${passedOver}.`,
    ...(ignored.length === 0 ? [] : [`Ignored: ${ignored.join(", ")}.`]),
    ...(summary.unreadable === 0 ? [] : [`${many(summary.unreadable, "input")} could not be read.`]),
  ].join(" ");
}

/**
 * What was found in lines of at most `width` columns: of each code what it means, what to do, and where its first
 * issues are; then what became of the records, and the verdict. With `isQuiet` the errors alone, and a verdict that
 * is not READY.
 */
export function checkLines(summary: CheckSummary, gate: Gate, width = WIDTH, isQuiet = false): Line[] {
  const text = verdictText(summary, gate);
  const tone: Tone = text.startsWith("READY") ? "good" : "error";
  const groups = summary.groups().filter(({ severity }) => !isQuiet || severity === "error");
  const isTold = !isQuiet && summary.tally.records > 0;
  return [
    ...groups.flatMap((group) => groupLines(group, gate, width)),
    ...(isTold ? wrap(tallyText(summary.tally), width) : []),
    ...(isQuiet && tone === "good" ? [] : wrap(text, width).map((line) => toned(tone, line))),
  ];
}
