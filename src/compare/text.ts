/** A comparison in words: the verdict, the counts, and by row what differs, how often and where first. */

import { valueText } from "../text/escape.ts";
import { WIDTH, wrap, wrapList } from "../text/layout.ts";
import { type Line, toned } from "../text/lines.ts";
import { count, number } from "../text/numbers.ts";
import { sequence } from "../text/words.ts";
import type { Comparison, DifferenceReport, Origin, PairReport } from "./comparison.ts";
import type { Decision } from "./differences.ts";
import type { RowResult } from "./rows.ts";

/** Most places that are shown per row, and most entities without a counterpart. */
const PLACES = 3;

const ACCOUNTS: { readonly [D in Decision]: string } = {
  "owner=noun": "the owner's place, which is entity.user (owner=noun; map with --owner noun)",
  "owner=both": "the owner's place, which is entity.user too (owner=both; map with --owner both)",
  first_user: "the owner, who is another user of the record (first_user)",
  case: "upper and lower case (case)",
  default_type: "the type of a device whose record has none (default_type)",
  default_status: "the status of a device whose record has none (default_status)",
  response: "pages that the parser did not open (response; store records with OUTPUT=records)",
};

interface First {
  readonly moves: Set<string>;
  readonly places: string[];
}

/** The entities of one side and type that have no counterpart. */
interface OnlyType {
  count: number;
  /** What wrote them, as far as rows did. */
  readonly rows: Set<string>;
}

interface Only {
  readonly places: string[];
  readonly types: Map<string, OnlyType>;
}

const nothing = (): Only => ({ places: [], types: new Map() });

function placeText({ source, document, record }: Origin): string {
  const parts = [
    source,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
  ];
  return parts.join(", ");
}

function valuesText({ outcome, ours, theirs }: DifferenceReport): string {
  if (outcome === "moved" && ours !== undefined) return `: ${valueText(ours)}`;
  const shown = [
    ...(ours === undefined ? [] : [`ours ${valueText(ours)}`]),
    ...(theirs === undefined ? [] : [`theirs ${valueText(theirs)}`]),
  ];
  return shown.length === 0 ? "" : `: ${shown.join(", ")}`;
}

const rowId = ({ row, path }: Pick<RowResult, "row" | "path">): string => `${row ?? ""}\u0000${path}`;

/** Keeps the first places of every row that differs. */
export class FirstPlaces {
  readonly #rows = new Map<string, First>();
  readonly only = { ours: nothing(), theirs: nothing() };
  /** How many pairs are of two types, by what these are. */
  readonly twoTypes = new Map<string, number>();

  add(pair: PairReport): void {
    const { outcome, ours, theirs, differences, entity_type } = pair;
    const origin = ours ?? theirs;
    if (origin === null) return;
    const place = placeText(origin);
    if (outcome !== "different") {
      this.#addOnly(outcome === "only_ours" ? this.only.ours : this.only.theirs, pair, place);
      return;
    }
    if (typeof entity_type === "object") {
      const types = `${entity_type.ours || "no type"} of ours, ${entity_type.theirs || "no type"} of theirs`;
      this.twoTypes.set(types, (this.twoTypes.get(types) ?? 0) + 1);
    }
    for (const difference of differences) {
      const { places, moves } = this.of(difference);
      if (places.length < PLACES) places.push(place + valuesText(difference));
      const { from, to } = difference;
      if (from !== undefined && to !== undefined && moves.size < PLACES) moves.add(`${to} <- ${from}`);
    }
  }

  #addOnly({ places, types }: Only, { id, entity_type, rows = [] }: PairReport, place: string): void {
    if (places.length < PLACES) places.push(id === undefined ? place : `${place}: ${valueText(id)}`);
    const type = typeof entity_type === "string" ? entity_type : "no type";
    const known = types.get(type) ?? { count: 0, rows: new Set<string>() };
    types.set(type, known);
    known.count++;
    for (const row of rows) known.rows.add(row);
  }

  of(row: Pick<RowResult, "row" | "path">): First {
    const id = rowId(row);
    const first = this.#rows.get(id) ?? { moves: new Set(), places: [] };
    this.#rows.set(id, first);
    return first;
  }
}

export interface TextOptions {
  readonly withTimestamps: boolean;
  /** Logs that a parser failed on. */
  readonly failedLogs: number;
  /** The profiles that made the sides, where these are two. */
  readonly profiles?: readonly string[] | undefined;
  readonly width?: number;
}

/** Whether nothing differs. */
export function isEqual({ summary: { different, only_ours, only_theirs } }: Comparison): boolean {
  return different + only_ours + only_theirs === 0;
}

function verdict(comparison: Comparison, { withTimestamps, profiles }: TextOptions): string {
  const { summary, explained_by } = comparison;
  const { ours, theirs, equal, different, only_ours, only_theirs } = summary;
  if (ours + theirs === 0) {
    return "EQUAL, but neither side holds an entity. Check that these are the sides you mean.";
  }
  if (isEqual(comparison)) {
    const times = withTimestamps ? "Collection times" : "All values but the collection times";
    return `EQUAL: ${count(equal, "entity", "entities")} on either side, and no value differs. ${times} were compared.`;
  }
  const alone = [
    ...(only_ours > 0 ? [`${count(only_ours, "entity", "entities")} of ours`] : []),
    ...(only_theirs > 0 ? [`${count(only_theirs, "entity", "entities")} of theirs`] : []),
  ];
  const counts = [
    ...(different > 0
      ? [
          `${number(different)} of ${count(equal + different, "pair")} ${different === 1 ? "differs" : "differ"}`,
        ]
      : []),
    ...(alone.length > 0
      ? [`${sequence(alone)} ${only_ours + only_theirs === 1 ? "has" : "have"} no counterpart`]
      : []),
  ];
  const isNothingPaired = equal + different === 0 && ours > 0 && theirs > 0;
  let unexplained = "No known decision accounts for all of it.";
  if (isNothingPaired) {
    unexplained = "No key of one side is on the other: the sides seem to come from different pages.";
  } else if (profiles !== undefined) {
    unexplained = `The sides were made by different profiles: ${profiles.join(", then ")}.`;
  }
  const why =
    explained_by.length === 0
      ? unexplained
      : `All of it comes down to ${sequence(explained_by.map((decision) => ACCOUNTS[decision]))}.`;
  return `NOT EQUAL: ${sequence(counts)}. ${why}`;
}

const OUTCOMES = [
  ["different", "different"],
  ["moved", "moved"],
  ["only_ours", "only ours"],
  ["only_theirs", "only theirs"],
  ["equal", "equal"],
] as const;

/** In how many pairs what a row writes is not equal. */
const unequalIn = (row: RowResult): number => row.different + row.moved + row.only_ours + row.only_theirs;

function rowLines(result: RowResult, first: First, width: number): Line[] {
  const { row, path } = result;
  const counts = OUTCOMES.flatMap(([key, words]) =>
    result[key] > 0 ? [`${number(result[key])} ${words}`] : [],
  );
  const unequal = unequalIn(result);
  const head = row === null ? path : `${row} (${path})`;
  const indent = { first: "    ", rest: "      " };
  return [
    ...wrap(`${head}: ${counts.join(", ")}`, width, { first: "  ", rest: "    " }),
    ...[...first.moves].flatMap((move) => wrap(`moved: ${move}`, width, indent)),
    ...first.places.flatMap((place) => wrap(place, width, indent)),
    ...(unequal > first.places.length ? ["    ..."] : []),
  ];
}

function onlyLines(
  whose: string,
  total: number,
  { places, types }: Only,
  { width = WIDTH, profiles }: TextOptions,
): Line[] {
  if (total === 0) return [];
  const more = total > places.length ? ["    ..."] : [];
  const indent = { first: "    ", rest: "      " };
  const byType = [...types].map(([type, { count, rows }]) => {
    const by = rows.size === 0 ? "" : `, by the rows ${[...rows].join(", ")}`;
    return `${number(count)} ${type}${by}`;
  });
  return [
    "",
    `Only ${whose}: ${number(total)}`,
    // By one profile, rows say nothing that is not known.
    ...(profiles === undefined ? [] : byType).flatMap((line) =>
      wrap(line, width, { first: "  ", rest: "    " }),
    ),
    ...places.flatMap((place) => wrap(place, width, indent)),
    ...more,
  ];
}

/** The comparison in lines of at most `width` columns. */
export function comparisonLines(comparison: Comparison, first: FirstPlaces, options: TextOptions): Line[] {
  const { width = WIDTH, failedLogs } = options;
  const { summary, rows } = comparison;
  const { ours, theirs, equal, different, only_ours, only_theirs } = summary;
  const tone = isEqual(comparison) ? "good" : "error";
  const counts = [
    `ours ${number(ours)}, theirs ${number(theirs)}: ${number(equal)} equal, ${number(different)} different`,
    `${number(only_ours)} only ours, ${number(only_theirs)} only theirs`,
  ];
  const isAdded = (row: RowResult): boolean =>
    options.profiles !== undefined && row.equal + row.different + row.moved + row.only_ours === 0;
  const unequal = rows.filter((row) => unequalIn(row) > 0 && !isAdded(row));
  const added = rows.filter(isAdded);
  const same = rows.filter((row) => unequalIn(row) === 0).map(({ row, path }) => row ?? path);
  return [
    ...wrap(verdict(comparison, options), width).map((line) => toned(tone, line)),
    "",
    ...wrap(counts.join(", "), width),
    ...[...first.twoTypes].flatMap(([types, total]) =>
      wrap(`${count(total, "pair")} of two entity types: ${types}`, width),
    ),
    ...(failedLogs === 0 ? [] : wrap(`The parser failed on ${count(failedLogs, "log")}.`, width)),
    ...(unequal.length === 0 ? [] : ["", "What differs, by table row:"]),
    ...unequal.flatMap((row) => rowLines(row, first.of(row), width)),
    ...(added.length === 0 ? [] : ["", "What only theirs has, by table row:"]),
    ...added.flatMap((row) => rowLines(row, first.of(row), width)),
    ...onlyLines("ours", only_ours, first.only.ours, options),
    ...onlyLines("theirs", only_theirs, first.only.theirs, options),
    ...(same.length === 0 ? [] : ["", ...wrapList("Equal in every pair", same, width)]),
  ];
}
