/** An explanation as lines for people, and as JSON. */

import stableStringify from "fast-json-stable-stringify";
import type { Explanation } from "../core/explain.ts";
import { ISSUES } from "../core/issue.ts";
import type { Resource } from "../core/resource.ts";
import { valueText } from "../text/escape.ts";
import { clip, WIDTH, wrap, wrapList } from "../text/layout.ts";
import { type Line, toned } from "../text/lines.ts";
import { count } from "../text/numbers.ts";
import { firstOf } from "../text/words.ts";
import type { RecordVerdict } from "./verdict.ts";

type RowTrace = Explanation["rows"][number];
type RawRead = RowTrace["reads"][number];

/** Which record is explained. */
export interface Subject {
  readonly source: string;
  /** Index of the document in its source, where that holds several. */
  readonly document?: number;
  /** Index of the record in its document. */
  readonly record: number;
  readonly resource: Resource | "unknown";
}

interface LineOptions {
  readonly width?: number;
  /** Every row in the table's order, and every value that it wrote. */
  readonly all?: boolean;
}

const LABEL_WIDTH = 31;
const OUTCOME_WIDTH = 10;
/** Characters printed of a value that stands within a sentence. */
const VALUE_LENGTH = 200;
/** Values printed of a row that read or wrote many. */
const MOST_VALUES = 5;
const MOST_ISSUES = 10;
/** Why a constant was not written. */
const ALONE = "no value to stand beside";

const FOUND: { readonly [F in RawRead["found"]]: string } = {
  value: "present",
  missing: "missing",
  null: "null",
  blank: "blank",
  wrong_type: "of a type that cannot be read",
};

/** What stood where the row looked; of several fields, each by its path. */
function findings({ reads, because = "" }: RowTrace): string {
  if (reads.length === 0) return "no elements";
  const shown = reads.slice(0, MOST_VALUES);
  const texts = shown.map(({ found, value }) =>
    found === "value" ? `${clip(valueText(value), VALUE_LENGTH)} ${because}`.trimEnd() : FOUND[found],
  );
  if (reads.length === 1) return texts.join();
  const more = reads.length > shown.length ? [`${reads.length - shown.length} more`] : [];
  return [...shown.map(({ path }, at) => `${path} ${texts[at]}`), ...more].join(", ");
}

/** The raw paths that a row took its values from, where its log field does not say them. */
function sourcesOf({ row, reads, writes }: RowTrace): string[] {
  if (reads.length === 1 || row.rule.kind === "copy") return [];
  return [...new Set(writes.flatMap(({ from }) => from ?? []))];
}

function detail(trace: RowTrace): string {
  const { outcome, by } = trace;
  switch (outcome) {
    case "wrote": {
      const sources = sourcesOf(trace);
      return sources.length === 0 ? "" : `from ${firstOf(sources, MOST_VALUES)}`;
    }
    case "outranked":
      return `by ${by}`;
    case "repeated":
      return `the same value as ${by}`;
    case "no_owner":
      return ALONE;
    case "default":
    case "absent":
    case "invalid":
      return findings(trace);
  }
}

const titleOf = ({ row }: RowTrace): string => row.log_field || row.udm;

function writeLines({ writes }: RowTrace, indent: string, width: number, most: number): string[] {
  const shown = writes.slice(0, most);
  const more = writes.length - shown.length;
  return [
    ...shown.map(({ path, value }) => clip(`${indent}${path} = ${valueText(value)}`, width)),
    ...(more > 0 ? [`${indent}and ${count(more, "more value")} like it; --all lists them`] : []),
  ];
}

/** A row in the list of all: its name, what became of it and why, and what it wrote. */
function fullRowLines(trace: RowTrace, width: number): string[] {
  const outcome = trace.outcome.replace("_", " ").padEnd(OUTCOME_WIDTH);
  const head = `${titleOf(trace).padEnd(LABEL_WIDTH)} ${outcome}`;
  return [
    ...wrap(detail(trace), width, { first: head, rest: " ".repeat(head.length) }),
    ...writeLines(trace, "    ", width, Number.POSITIVE_INFINITY),
  ];
}

function allLines(rows: readonly RowTrace[], width: number): Line[] {
  return rows.length === 0 ? [] : ["", ...rows.flatMap((row) => fullRowLines(row, width))];
}

/** A row that wrote: its name, where its value comes from if not from its own field, and what it wrote. */
function wroteLines(trace: RowTrace, width: number): Line[] {
  const name = titleOf(trace);
  const from = trace.outcome === "default" ? `by default: ${detail(trace)}` : detail(trace);
  const head = wrap(from === "" ? name : `${name} (${from})`, width, { first: "  ", rest: "    " });
  return [...head, ...writeLines(trace, "      ", width, MOST_VALUES)];
}

/** Why a row wrote nothing, where that is the same for many rows; undefined for what is the row's own. */
function sharedReason(trace: RowTrace): string | undefined {
  const { reads, outcome, by } = trace;
  if (outcome === "outranked") return `outranked by ${by}`;
  if (outcome === "repeated") return `the same value as ${by}`;
  if (outcome === "no_owner") return ALONE;
  if (outcome !== "absent") return undefined;
  const found = new Set(reads.map((read) => read.found));
  if (found.size === 0) return "no elements";
  const [only] = found;
  return found.size === 1 && only !== undefined ? FOUND[only] : "nothing present";
}

function silentLines(rows: readonly RowTrace[], width: number): Line[] {
  const reasons = new Map<string, string[]>();
  const own: Line[] = [];
  for (const trace of rows) {
    const reason = sharedReason(trace);
    if (reason === undefined) {
      own.push(...wrap(`${titleOf(trace)}: ${findings(trace)}`, width, { first: "  ", rest: "    " }));
    } else {
      reasons.set(reason, [...(reasons.get(reason) ?? []), titleOf(trace)]);
    }
  }
  const shared = Array.from(reasons, ([reason, names]) => wrapList(reason, names, width, "  "));
  return [...own, ...shared.flat()];
}

/** The rows that wrote, and the others by the reason that they did not. */
function foldedLines({ kind, rows }: Explanation, width: number): Line[] {
  const wrote = rows.filter(({ writes }) => writes.length > 0);
  const silent = rows.filter(({ writes }) => writes.length === 0);
  const would = kind === "entity" ? "wrote" : "would have written";
  return [
    ...(wrote.length === 0 ? [] : ["", toned("strong", `${count(wrote.length, "row")} ${would}`)]),
    ...wrote.flatMap((row) => wroteLines(row, width)),
    ...(silent.length === 0 ? [] : ["", toned("strong", `${count(silent.length, "row")} wrote nothing`)]),
    ...silentLines(silent, width),
  ];
}

function issueLines({ issues }: Explanation, width: number): Line[] {
  const shown = issues.slice(0, MOST_ISSUES);
  const lines = shown.flatMap(({ severity, code, path = "", hint }): Line[] => {
    const place = clip(path, width - severity.length - code.length - 6);
    const line: Line = ["    ", { tone: severity, text: severity }, ` ${code} ${place}`.trimEnd()];
    return hint === undefined ? [line] : [line, ...wrap(hint, width, { first: "      " })];
  });
  const more = issues.length - shown.length;
  return [
    ...(issues.length === 0 ? [] : ["", toned("strong", "Issues")]),
    ...lines,
    ...(more > 0 ? [`    and ${count(more, "more issue")}; --format json has all`] : []),
  ];
}

/** The explanation in lines of at most `width` columns: the verdict first, then the rows. JSON has all of it. */
export function explanationLines(
  subject: Subject,
  explanation: Explanation,
  { sentences }: RecordVerdict,
  { width = WIDTH, all = false }: LineOptions = {},
): Line[] {
  const { source, document, record, resource } = subject;
  const at = document === undefined ? "" : `document ${document}, `;
  const isEntity = explanation.kind === "entity";
  const [first = "", ...more] = sentences;
  const advice = isEntity ? [] : wrap(`To do: ${ISSUES[explanation.reason].advice}`, width);
  return [
    ...wrap(`${source}, ${at}record ${record} (${resource})`, width),
    ...wrap(first, width).map((line) => toned(isEntity ? "good" : "warning", line)),
    ...more.flatMap((sentence) => wrap(sentence, width)),
    ...advice,
    ...(all ? allLines(explanation.rows, width) : foldedLines(explanation, width)),
    ...issueLines(explanation, width),
  ];
}

/** The explanation as one canonical JSON value: the subject, the outcome, the verdict, and every row of the table. */
export function explanationJson(subject: Subject, explanation: Explanation, verdict: RecordVerdict): string {
  const { rows, ...rest } = explanation;
  const flat = rows.map(({ row, ...trace }) => ({ ...row, ...trace }));
  const { sentences, ...answer } = verdict;
  return `${stableStringify({ ...subject, ...rest, ...answer, verdict: sentences, rows: flat })}\n`;
}
