/** What preflight found, as text for a terminal. */

import { ISSUES, type Issue, type IssueCode, type Severity } from "../core/issue.ts";
import { valueText } from "../text/escape.ts";
import { clip, WIDTH, wrap } from "../text/layout.ts";
import { type Line, type Tone, toned } from "../text/lines.ts";
import { count as many, number } from "../text/numbers.ts";
import { pathPattern } from "../text/paths.ts";

/** Issues of one code and path; `places` are the first of them. */
interface Group {
  readonly path: string;
  count: number;
  readonly places: Issue[];
}

interface CodeGroups {
  count: number;
  readonly byPath: Map<string, Group>;
  /** Issues whose path was one too many to keep. */
  rest: number;
}

const PLACES = 3;
/** Paths kept of each code, so that memory is bounded whatever the names of unknown fields are. */
const PATHS_KEPT = 1000;
/** Paths printed of each code. */
const PATHS_PRINTED = 10;
const PATH_LENGTH = 200;

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** Where an issue is: file, document, record, path; then what else is known of it. */
function placeText(issue: Issue): string {
  const {
    source = "",
    document,
    record,
    line,
    column,
    path,
    hint,
    id,
    duo_code,
    duo_message,
    fault,
    value,
  } = issue;
  const parts = [
    line === undefined ? source : `${source}:${line}${column === undefined ? "" : `:${column}`}`,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
    // The heading says it, save which element of a list it is.
    ...(path?.includes("[") === true ? [clip(path, PATH_LENGTH)] : []),
  ];
  const duo = [duo_code, duo_message].filter((part) => part !== undefined).join(" ");
  const shown = value === undefined ? "" : valueText(value);
  const more = [id ?? "", fault ?? "", shown, duo, hint ?? ""].filter((part) => part !== "");
  return `${parts.join(", ")}${more.length === 0 ? "" : `: ${more.join("; ")}`}`;
}

/** What preflight counted so far: plain data, which can be sent to another thread. */
export interface CheckCounts {
  documents: number;
  records: number;
  entities: number;
  readonly severities: Record<Severity, number>;
  readonly codes: Map<IssueCode, CodeGroups>;
}

function noCounts(): CheckCounts {
  const severities = { error: 0, warning: 0, info: 0 };
  return { documents: 0, records: 0, entities: 0, severities, codes: new Map() };
}

/** Everything that preflight counts in a run: issues by code, and the first places of equal ones. */
export class CheckSummary {
  /** Inputs that could not be read. */
  unreadable = 0;
  #counts = noCounts();

  #groups(code: IssueCode): CodeGroups {
    let groups = this.#counts.codes.get(code);
    if (groups === undefined) {
      groups = { count: 0, byPath: new Map(), rest: 0 };
      this.#counts.codes.set(code, groups);
    }
    return groups;
  }

  #group(groups: CodeGroups, { path, count, places }: Group): void {
    let group = groups.byPath.get(path);
    if (group === undefined) {
      if (groups.byPath.size >= PATHS_KEPT) {
        groups.rest += count;
        return;
      }
      group = { path, count: 0, places: [] };
      groups.byPath.set(path, group);
    }
    group.count += count;
    group.places.push(...places.slice(0, PLACES - group.places.length));
  }

  add(issue: Issue): void {
    const groups = this.#groups(issue.code);
    this.#counts.severities[issue.severity]++;
    groups.count++;
    const path = clip(pathPattern(issue.path ?? ""), PATH_LENGTH);
    const isShown = (groups.byPath.get(path)?.places.length ?? 0) < PLACES;
    this.#group(groups, { path, count: 1, places: isShown ? [issue] : [] });
  }

  /** Counts what was looked at. */
  saw({ documents, records, entities }: Pick<CheckCounts, "documents" | "records" | "entities">): void {
    this.#counts.documents += documents;
    this.#counts.records += records;
    this.#counts.entities += entities;
  }

  get records(): number {
    return this.#counts.records;
  }

  /** Gives out what was counted, and starts anew. */
  take(): CheckCounts {
    const taken = this.#counts;
    this.#counts = noCounts();
    return taken;
  }

  /** Adds what another summary took; `place` says where its issues are in their sources. */
  merge(more: CheckCounts, place: (issue: Issue) => Issue = (issue) => issue): void {
    this.saw(more);
    for (const severity of SEVERITIES) this.#counts.severities[severity] += more.severities[severity];
    for (const [code, { count, byPath, rest }] of more.codes) {
      const groups = this.#groups(code);
      groups.count += count;
      groups.rest += rest;
      for (const group of byPath.values()) {
        this.#group(groups, { ...group, places: group.places.map(place) });
      }
    }
  }

  count(severity: Severity): number {
    return this.#counts.severities[severity];
  }

  /** Whether something stands against ingesting what was checked. */
  fails(isStrict: boolean): boolean {
    return this.count("error") > 0 || (isStrict && this.count("warning") > 0);
  }

  /** The counts, as the JSON output has them. */
  counts(isStrict: boolean) {
    const { documents, records, entities, codes } = this.#counts;
    const { unreadable } = this;
    return {
      documents,
      records,
      entities,
      unreadable,
      errors: this.count("error"),
      warnings: this.count("warning"),
      infos: this.count("info"),
      codes: Object.fromEntries(Array.from(codes, ([code, { count }]) => [code, count])),
      ready: !this.fails(isStrict) && unreadable === 0,
    };
  }

  /** The codes found, the gravest and then the most frequent first. */
  codes(): [IssueCode, CodeGroups][] {
    const rank = (code: IssueCode): number => SEVERITIES.indexOf(ISSUES[code].severity);
    return [...this.#counts.codes].sort(
      ([a, { count: countA }], [b, { count: countB }]) =>
        rank(a) - rank(b) || countB - countA || (a < b ? -1 : 1),
    );
  }
}

function codeLines([code, { count, byPath, rest }]: [IssueCode, CodeGroups], width: number): Line[] {
  const { severity, message, advice } = ISSUES[code];
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
    [{ tone: severity, text: `${severity} ${code}` }, `, ${number(count)}`],
    ...wrap(message, width, { first: "  " }),
    ...wrap(`To do: ${advice}`, width, { first: "  " }),
    ...groups,
    ...(unprinted > 0
      ? wrap(`and ${number(unprinted)} in ${fields}; --format json has all`, width, { first: "    " })
      : []),
    "",
  ];
}

function verdict(summary: CheckSummary, isStrict: boolean): string {
  const { documents, records, entities, unreadable } = summary.counts(isStrict);
  const found = [
    many(summary.count("error"), "error"),
    many(summary.count("warning"), "warning"),
    `${number(summary.count("info"))} for information`,
  ].join(", ");
  const seen = [
    many(documents, "document"),
    many(records, "record"),
    many(entities, "entity", "entities"),
  ].join(", ");
  const fails = summary.fails(isStrict);
  const byWarnings = fails && summary.count("error") === 0;
  const head = fails ? `NOT READY${byWarnings ? " (--strict)" : ""}` : "READY";
  const rest = unreadable === 0 ? "" : ` ${many(unreadable, "input")} could not be read.`;
  return `${unreadable > 0 && !fails ? "NOT FINISHED" : head}: ${found} in ${seen}.${rest}`;
}

/**
 * What was found in lines of at most `width` columns: of each code what it means, what to do, and where its first
 * issues are; a verdict last.
 */
export function checkLines(summary: CheckSummary, isStrict: boolean, width = WIDTH): Line[] {
  const text = verdict(summary, isStrict);
  const tone: Tone = text.startsWith("READY") ? "good" : "error";
  return [
    ...summary.codes().flatMap((groups) => codeLines(groups, width)),
    ...wrap(text, width).map((line) => toned(tone, line)),
  ];
}
