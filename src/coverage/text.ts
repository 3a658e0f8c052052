/** A coverage for a terminal, in lines of at most 80 columns, and as JSON. */

import stableStringify from "fast-json-stable-stringify";
import { TABLE } from "../profiles/vendor.ts";
import { count, percent, typesOf } from "../text/numbers.ts";
import type { Drift } from "./baseline.ts";
import { type Coverage, type ResourceCoverage, type RowCoverage, rowName } from "./coverage.ts";

const WIDTH = 80;
const NAME = 31;
const NUMBER = 9;
const PATH = 45;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function printable(text: string): string {
  return text.replace(UNPRINTABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

/** Words after a heading, as many a line as there is room for. */
function wrapped(heading: string, words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = `  ${heading}:`;
  for (const [at, word] of words.entries()) {
    const next = at === words.length - 1 ? word : `${word},`;
    if (line.length + 1 + next.length > WIDTH) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${next}`;
  }
  return words.length === 0 ? [] : [...lines, line];
}

interface NamedRow extends RowCoverage {
  readonly name: string;
}

const COLUMNS: readonly { head: string; width: number; of: (row: RowCoverage["outcomes"]) => number }[] = [
  { head: "wrote", width: 9, of: ({ wrote }) => wrote },
  { head: "outranked", width: 11, of: ({ outranked }) => outranked },
  { head: "invalid", width: 9, of: ({ invalid }) => invalid },
  { head: "absent", width: 9, of: ({ absent }) => absent },
  { head: "other", width: 9, of: (outcomes) => outcomes.default + outcomes.repeated + outcomes.no_owner },
];

const ROW_HEAD = `  ${"row".padEnd(NAME)}${COLUMNS.map(({ head, width }) => head.padStart(width)).join("")}`;

function rowLine({ name, outcomes }: NamedRow): string {
  const numbers = COLUMNS.map(({ width, of }) => String(of(outcomes)).padStart(width));
  return `  ${name.padEnd(NAME)}${numbers.join("")}`;
}

/** The outcomes that a row may have in every record without ever firing, and what to say of it. */
const NEVER = {
  absent: "never, the field is absent",
  default: "never, only the default",
  no_owner: "never, there is no owner",
} as const;

function rowLines({ rows, entities }: ResourceCoverage): string[] {
  if (entities === 0) return ["  no record makes an entity, so no row fires", ""];
  const named = rows
    .map((row, at): NamedRow => ({ ...row, name: TABLE[at] === undefined ? "" : rowName(TABLE[at]) }))
    .filter(({ log_field, outcomes }) => log_field !== "" || outcomes.wrote < entities);
  const fired = named.filter(({ outcomes }) => outcomes.wrote > 0);
  const never = (["absent", "default", "no_owner"] as const).map((outcome) => ({
    heading: NEVER[outcome],
    rows: named.filter(({ outcomes }) => outcomes[outcome] === entities),
  }));
  const quiet = new Set([...fired, ...never.flatMap(({ rows }) => rows)]);
  const mixed = named.filter((row) => !quiet.has(row));
  const lines = [...fired, ...mixed].map(rowLine);
  const lists = never.flatMap(({ heading, rows }) =>
    wrapped(
      heading,
      rows.map(({ name }) => name),
    ),
  );
  return [...(lines.length === 0 ? [] : [ROW_HEAD, ...lines]), ...lists, ""];
}

function resourceLines(resource: ResourceCoverage): string[] {
  const { documents, records, entities, skipped, unmapped } = resource;
  const skips = Object.entries(skipped)
    .filter(([, number]) => number > 0)
    .map(([reason, number]) => `${reason} ${number}`);
  const counts = [
    count(documents, "document"),
    count(records, "record"),
    count(entities, "entity", "entities"),
  ];
  const head = `  ${"field no row reads".padEnd(PATH)}${"records".padStart(NUMBER)}${"share".padStart(7)}  types`;
  return [
    `${resource.resource}: ${counts.join(", ")}`,
    ...wrapped("skipped", skips),
    "",
    ...(records === 0 ? [] : rowLines(resource)),
    ...(unmapped.length === 0 ? [] : [head]),
    ...unmapped.map((field) => {
      const path = clip(printable(field.path), PATH - 1).padEnd(PATH);
      const numbers = `${String(field.records).padStart(NUMBER)}${percent(field.share).padStart(7)}`;
      return clip(`  ${path}${numbers}  ${typesOf(field).join("|")}`, WIDTH);
    }),
    ...(unmapped.length === 0 ? [] : [""]),
  ];
}

function driftLines(drift: readonly Drift[] | undefined): string[] {
  if (drift === undefined) return [];
  if (drift.length === 0) return ["drift: none, the fields are those of the baseline"];
  const lines = drift.map(({ resource, path, change, types, was }) => {
    const kinds =
      change === "retyped" ? `${was.join("|")} -> ${types.join("|")}` : [...types, ...was].join("|");
    return `  ${change.padEnd(10)}${`${resource}: ${printable(path)}`} (${kinds})`;
  });
  const place = count(drift.length, "difference");
  return [`drift: ${place} from the baseline`, ...lines.map((line) => clip(line, WIDTH))];
}

/** The coverage as text: per resource the rows that fired, those that never did, and the fields no row reads. */
export function coverageText(coverage: Coverage, drift?: readonly Drift[]): string {
  const { documents, records, entities, resources } = coverage;
  const lines = [
    `${count(documents, "document")}, ${count(records, "record")}, ${count(entities, "entity", "entities")}`,
    "",
    ...resources.flatMap(resourceLines),
    ...driftLines(drift),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The coverage, and the drift from a baseline, as one canonical JSON value. */
export function coverageJson(coverage: Coverage, drift?: readonly Drift[]): string {
  return `${stableStringify({ ...coverage, ...(drift !== undefined && { drift }) })}\n`;
}
