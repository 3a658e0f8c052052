/** An explanation as text for a terminal, or as JSON. */

import stableStringify from "fast-json-stable-stringify";
import type { Explanation } from "../core/explain.ts";
import { ISSUES } from "../core/issue.ts";
import type { RawRead, RowTrace } from "../core/trace.ts";

/** Which record is explained. */
export interface Subject {
  readonly source: string;
  /** Index of the document in its source, where that holds several. */
  readonly document?: number;
  /** Index of the record in its document. */
  readonly record: number;
  readonly resource: string;
}

const LABEL_WIDTH = 32;
const OUTCOME_WIDTH = 10;

const FOUND: { readonly [F in RawRead["found"]]: string } = {
  value: "present",
  missing: "missing",
  null: "null",
  blank: "blank",
  wrong_type: "of a type that cannot be read",
};

/** What stood where the row looked: `missing`, or of several fields each. */
function findings({ row, reads, because = "" }: RowTrace): string {
  const [first] = reads;
  if (first === undefined) return "no elements";
  if (reads.length === 1 && first.path === row.log_field && first.found !== "value")
    return FOUND[first.found];
  return reads.map(({ path, found }) => `${path} ${found === "value" ? because : FOUND[found]}`).join(", ");
}

function detail(trace: RowTrace): string {
  const { row, reads, outcome, by } = trace;
  switch (outcome) {
    case "wrote": {
      const source = reads.findLast(({ found }) => found === "value");
      const isOwn = source === undefined || source.path === row.log_field || trace.writes.length > 1;
      return isOwn ? "" : `from ${source.path}`;
    }
    case "outranked":
      return `by ${by}`;
    case "repeated":
      return `the same address as ${by}`;
    case "no_owner":
      return "no user to relate the asset to";
    case "default":
    case "absent":
    case "invalid":
      return findings(trace);
  }
}

function clip(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 3)}...`;
}

function rowLines(trace: RowTrace): string[] {
  const { row, outcome, writes } = trace;
  const label = row.rule.kind === "constant" ? `constant ${row.rule.value}` : row.log_field;
  const head = `${label.padEnd(LABEL_WIDTH)}${outcome.replace("_", " ").padEnd(OUTCOME_WIDTH)}${detail(trace)}`;
  return [head.trimEnd(), ...writes.map(({ path, value }) => `    ${path} = ${JSON.stringify(value)}`)];
}

/** The explanation as lines of at most `width` columns, longer ones clipped; JSON has all of it. */
export function explanationText(subject: Subject, explanation: Explanation, width = 80): string {
  const { source, document, record, resource } = subject;
  const at = document === undefined ? "" : `document ${document}, `;
  const outcome =
    explanation.kind === "entity"
      ? "makes an entity"
      : `makes no entity: ${explanation.reason}\n${ISSUES[explanation.reason].message}`;
  const issues = explanation.issues.map(({ severity, code, path }) =>
    `${severity} ${code} ${path ?? ""}`.trimEnd(),
  );
  const lines = [
    `${source}, ${at}record ${record} (${resource})`,
    outcome,
    "",
    ...explanation.rows.flatMap(rowLines),
    ...(issues.length === 0 ? [] : ["", "Issues", ...issues.map((issue) => `    ${issue}`)]),
  ];
  return `${lines
    .flatMap((line) => line.split("\n"))
    .map((line) => clip(line, width))
    .join("\n")}\n`;
}

/** The explanation as one canonical JSON value: the subject, the outcome, and every row of the table. */
export function explanationJson(subject: Subject, explanation: Explanation): string {
  const { rows, ...rest } = explanation;
  const flat = rows.map(({ row, ...trace }) => ({ ...row, ...trace }));
  return `${stableStringify({ ...subject, ...rest, rows: flat })}\n`;
}
