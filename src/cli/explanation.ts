/** An explanation as text for a terminal, or as JSON. */

import stableStringify from "fast-json-stable-stringify";
import type { Explanation } from "../core/explain.ts";
import { ISSUES } from "../core/issue.ts";
import type { RawRead, RowTrace } from "../core/trace.ts";
import { clip, WIDTH, wrap } from "../text/layout.ts";
import type { Line } from "../text/lines.ts";

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

/** What stood where the row looked; of several fields, each by its path. */
function findings({ reads, because = "" }: RowTrace): string {
  if (reads.length === 0) return "no elements";
  const texts = reads.map(({ found, value }) =>
    found === "value" ? `${JSON.stringify(value)} ${because}` : FOUND[found],
  );
  return reads.length === 1 ? texts.join() : reads.map(({ path }, at) => `${path} ${texts[at]}`).join(", ");
}

function detail(trace: RowTrace): string {
  const { row, reads, outcome, by } = trace;
  switch (outcome) {
    case "wrote": {
      const source = reads.findLast(({ found }) => found === "value");
      const isOwn = source === undefined || reads.length === 1 || row.rule.kind === "copy";
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

function rowLines(trace: RowTrace, width: number): string[] {
  const { row, outcome, writes } = trace;
  const label = (row.log_field || row.udm).padEnd(LABEL_WIDTH);
  const head = label + outcome.replace("_", " ").padEnd(OUTCOME_WIDTH);
  const [first = "", ...more] = wrap(detail(trace), width - head.length);
  return [
    (head + first).trimEnd(),
    ...more.map((line) => " ".repeat(head.length) + line),
    ...writes.map(({ path, value }) => `    ${path} = ${JSON.stringify(value)}`),
  ];
}

/** The explanation as lines of at most `width` columns, longer ones clipped; JSON has all of it. */
export function explanationLines(subject: Subject, explanation: Explanation, width = WIDTH): Line[] {
  const { source, document, record, resource } = subject;
  const at = document === undefined ? "" : `document ${document}, `;
  const outcome =
    explanation.kind === "entity"
      ? ["makes an entity"]
      : [`makes no entity: ${explanation.reason}`, ...wrap(ISSUES[explanation.reason].message, width)];
  const issues = explanation.issues.map(({ severity, code, path }) =>
    `${severity} ${code} ${path ?? ""}`.trimEnd(),
  );
  return [
    ...wrap(`${source}, ${at}record ${record} (${resource})`, width),
    ...outcome,
    ...(explanation.rows.length === 0 ? [] : [""]),
    ...explanation.rows.flatMap((row) => rowLines(row, width)),
    ...(issues.length === 0 ? [] : ["", "Issues", ...issues.map((issue) => `    ${issue}`)]),
  ].map((line) => clip(line, width));
}

/** The explanation as one canonical JSON value: the subject, the outcome, and every row of the table. */
export function explanationJson(subject: Subject, explanation: Explanation): string {
  const { rows, ...rest } = explanation;
  const flat = rows.map(({ row, ...trace }) => ({ ...row, ...trace }));
  return `${stableStringify({ ...subject, ...rest, rows: flat })}\n`;
}
