/** A coverage as lines for people, and as JSON. */

import stableStringify from "fast-json-stable-stringify";
import type { Profile } from "../core/profile.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { clip, WIDTH, wrapList } from "../text/layout.ts";
import { type Line, toned } from "../text/lines.ts";
import { count, number, percent } from "../text/numbers.ts";
import type { Drift } from "./baseline.ts";
import { type Coverage, type ResourceCoverage, type RowCoverage, rowName, rowsFor } from "./coverage.ts";
import { typesOf } from "./fields.ts";

const NAME = 31;
const NUMBER = 9;
const PATH = 45;

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
  const numbers = COLUMNS.map(({ width, of }) => number(of(outcomes)).padStart(width));
  return `  ${clip(name, NAME - 1).padEnd(NAME)}${numbers.join("")}`;
}

/** The outcomes that a row may have in every record without ever firing, and what to say of it. */
const NEVER = {
  absent: "never, the field is absent",
  default: "never, only the default",
  no_owner: "never, no value to stand beside",
} as const;

function rowLines({ resource, rows, entities }: ResourceCoverage, width: number, profile: Profile): string[] {
  if (entities === 0) return ["  no record makes an entity, so no row fires", ""];
  const table = rowsFor(profile, resource);
  const named = rows
    .map((row, at): NamedRow => {
      const declared = table[at];
      return { ...row, name: declared === undefined ? "" : rowName(declared) };
    })
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
    wrapList(
      heading,
      rows.map(({ name }) => name),
      width,
      "  ",
    ),
  );
  return [...(lines.length === 0 ? [] : [ROW_HEAD, ...lines]), ...lists, ""];
}

function resourceLines(
  resource: ResourceCoverage,
  isUnmappedOnly: boolean,
  width: number,
  profile: Profile,
): Line[] {
  const { documents, records, entities, skipped, unmapped } = resource;
  const skips = Object.entries(skipped)
    .filter(([, records]) => records > 0)
    .map(([reason, records]) => `${reason} ${number(records)}`);
  const counts = [
    count(documents, "document"),
    count(records, "record"),
    count(entities, "entity", "entities"),
  ];
  const head = `  ${"field no row reads".padEnd(PATH)}${"records".padStart(NUMBER)}${"share".padStart(7)}  types`;
  return [
    toned("strong", `${resource.resource}: ${counts.join(", ")}`),
    ...(isUnmappedOnly ? [] : [...wrapList("skipped", skips, width, "  "), ""]),
    ...(records === 0 || isUnmappedOnly ? [] : rowLines(resource, width, profile)),
    ...(unmapped.length === 0 ? [] : [head]),
    ...unmapped.map((field) => {
      const path = clip(field.path, PATH - 1).padEnd(PATH);
      const numbers = `${number(field.records).padStart(NUMBER)}${percent(field.share).padStart(7)}`;
      return clip(`  ${path}${numbers}  ${typesOf(field).join("|")}`, width);
    }),
    ...(unmapped.length === 0 ? [] : [""]),
  ];
}

function driftLines(drift: readonly Drift[] | undefined, width: number): Line[] {
  if (drift === undefined) return [];
  if (drift.length === 0) return [toned("good", "drift: none, the fields are those of the baseline"), ""];
  const lines = drift.map(({ resource, path, change, types, was, row }) => {
    const kinds =
      change === "retyped" ? `${was.join("|")} -> ${types.join("|")}` : [...types, ...was].join("|");
    const reader = row === undefined ? "" : `, read by row ${row}`;
    return clip(`  ${change.padEnd(10)}${resource}: ${path} (${kinds})${reader}`, width);
  });
  return [toned("error", `drift: ${count(drift.length, "difference")} from the baseline`), ...lines, ""];
}

/** What of a coverage is shown. */
interface CoverageView {
  /** Differences from a baseline. */
  readonly drift?: readonly Drift[] | undefined;
  /** Whether only the fields that no row reads are shown. */
  readonly isUnmappedOnly?: boolean;
  /** What mapped the records. Default: the vendor's profile. */
  readonly profile?: Profile;
}

/**
 * The coverage in lines: the drift from a baseline, then per resource the rows that fired, those that never did, and
 * the fields no row reads.
 */
export function coverageLines(
  coverage: Coverage,
  { drift, isUnmappedOnly = false, profile = VENDOR }: CoverageView = {},
  width = WIDTH,
): Line[] {
  const { documents, records, entities, resources } = coverage;
  const lines = [
    ...driftLines(drift, width),
    `${count(documents, "document")}, ${count(records, "record")}, ${count(entities, "entity", "entities")}`,
    "",
    ...resources.flatMap((resource) => resourceLines(resource, isUnmappedOnly, width, profile)),
  ];
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The coverage, and the drift from a baseline, as one canonical JSON value. */
export function coverageJson(
  coverage: Coverage,
  { drift, isUnmappedOnly = false }: CoverageView = {},
): string {
  const { resources, ...totals } = coverage;
  const shown = isUnmappedOnly
    ? resources.map(({ resource, unmapped }) => ({ resource, unmapped }))
    : resources;
  return `${stableStringify({ ...totals, resources: shown, ...(drift !== undefined && { drift }) })}\n`;
}
