/** What preflight found in a run: issues by severity, code and path, and the first places of equal ones. */

import { type Issue, type IssueCode, SEVERITIES, type Severity } from "../core/issue.ts";
import { valueText } from "../text/escape.ts";
import { clip } from "../text/layout.ts";
import { pathPattern } from "../text/paths.ts";
import { type ResourceTally, Tally, type TallyCounts } from "../text/tally.ts";
import { type CheckTotals, type Gate, type Verdict, verdictOf } from "./verdict.ts";

/** Issues of one code and path; `places` are the first of them. */
export interface PathGroup {
  readonly path: string;
  count: number;
  readonly places: Issue[];
}

/** Issues of one code and severity: a code may be raised at another severity than its own. */
export interface CodeGroup {
  readonly code: IssueCode;
  readonly severity: Severity;
  count: number;
  readonly byPath: Map<string, PathGroup>;
  /** Issues whose paths were too many to keep. */
  rest: number;
}

const PLACES = 3;
/** Most paths kept per code, so that memory stays bounded whatever unknown fields are called. */
const PATHS_KEPT = 1000;
const PATH_LENGTH = 200;

/** Where an issue is: file, line, document, record, path. */
export function placeOf({ source = "", document, record, line, column, path }: Issue): string {
  return [
    line === undefined ? source : `${source}:${line}${column === undefined ? "" : `:${column}`}`,
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(path === undefined ? [] : [clip(path, PATH_LENGTH)]),
  ].join(", ");
}

/** What else is known of an issue. */
export function detailsOf({ hint, id, duo_code, duo_message, fault, value }: Issue): string {
  const duo = [duo_code, duo_message].filter((part) => part !== undefined).join(" ");
  const shown = value === undefined ? "" : valueText(value);
  return [id ?? "", fault ?? "", shown, duo, hint ?? ""].filter((part) => part !== "").join("; ");
}

/** The counts so far: plain data, which can be sent to another thread. */
export interface CheckCounts {
  documents: number;
  readonly tally: TallyCounts;
  readonly groups: Map<string, CodeGroup>;
}

/** The counts, as the JSON output has them. */
export interface SummaryJson {
  readonly documents: number;
  readonly records: number;
  readonly entities: number;
  readonly unreadable: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly codes: { readonly [code: string]: number };
  /** Issues of codes that `--ignore` names, which are in no other count. */
  readonly ignored: { readonly [code: string]: number };
  readonly ready: boolean;
  /** What stands against it besides errors. */
  readonly reasons: readonly string[];
  readonly resources: readonly ResourceTally[];
}

/** Everything that preflight counts in a run. */
export class CheckSummary {
  /** Inputs that could not be read. */
  unreadable = 0;
  /** Files of directories that are passed over, as their names are not those of pages. */
  passedOver = 0;
  readonly tally = new Tally();
  #documents = 0;
  #groups = new Map<string, CodeGroup>();
  readonly #patterns = new Map<string, string>();

  #group(code: IssueCode, severity: Severity): CodeGroup {
    const key = `${severity} ${code}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { code, severity, count: 0, byPath: new Map(), rest: 0 };
      this.#groups.set(key, group);
    }
    return group;
  }

  #add(group: CodeGroup, { path, count, places }: PathGroup): void {
    let byPath = group.byPath.get(path);
    if (byPath === undefined) {
      if (group.byPath.size >= PATHS_KEPT) {
        group.rest += count;
        return;
      }
      byPath = { path, count: 0, places: [] };
      group.byPath.set(path, byPath);
    }
    byPath.count += count;
    byPath.places.push(...places.slice(0, PLACES - byPath.places.length));
  }

  /** Counts an issue; `complete` gives all of it, which is asked for only where its place is kept. */
  add(issue: Issue, complete: () => Issue = () => issue): void {
    const group = this.#group(issue.code, issue.severity);
    group.count++;
    const path = this.#pattern(issue.path ?? "");
    const byPath = group.byPath.get(path);
    if (byPath === undefined || byPath.places.length < PLACES) {
      this.#add(group, { path, count: 1, places: [complete()] });
    } else {
      byPath.count++;
    }
  }

  /** The path as issues are grouped by it. Few paths are very frequent. */
  #pattern(path: string): string {
    const known = this.#patterns.get(path);
    if (known !== undefined) return known;
    const pattern = clip(pathPattern(path), PATH_LENGTH);
    if (this.#patterns.size < PATHS_KEPT) this.#patterns.set(path, pattern);
    return pattern;
  }

  /** Counts a document. */
  document(): void {
    this.#documents++;
  }

  /** Returns the counts so far, and starts again from zero. */
  take(): CheckCounts {
    const taken = { documents: this.#documents, tally: this.tally.take(), groups: this.#groups };
    this.#documents = 0;
    this.#groups = new Map();
    return taken;
  }

  /** Adds the counts of another summary; `place` says where its issues are in their sources. */
  merge({ documents, tally, groups }: CheckCounts, place: (issue: Issue) => Issue = (issue) => issue): void {
    this.#documents += documents;
    this.tally.merge(tally);
    for (const { code, severity, count, byPath, rest } of groups.values()) {
      const group = this.#group(code, severity);
      group.count += count;
      group.rest += rest;
      for (const one of byPath.values()) this.#add(group, { ...one, places: one.places.map(place) });
    }
  }

  /** Issues of each code. */
  #codes(isCounted: (code: IssueCode) => boolean): Map<IssueCode, number> {
    const codes = new Map<IssueCode, number>();
    for (const { code, count } of this.#groups.values()) {
      if (isCounted(code)) codes.set(code, (codes.get(code) ?? 0) + count);
    }
    return codes;
  }

  #count(severity: Severity, { ignore }: Gate): number {
    let sum = 0;
    for (const group of this.#groups.values()) {
      if (group.severity === severity && !ignore.has(group.code)) sum += group.count;
    }
    return sum;
  }

  /** What was found, without what the gate ignores. */
  found(gate: Gate): CheckTotals & { readonly infos: number } {
    return {
      documents: this.#documents,
      records: this.tally.records,
      entities: this.tally.entities,
      errors: this.#count("error", gate),
      warnings: this.#count("warning", gate),
      infos: this.#count("info", gate),
      codes: this.#codes((code) => !gate.ignore.has(code)),
    };
  }

  /** Issues of the codes that the gate ignores. */
  ignored({ ignore }: Gate): Map<IssueCode, number> {
    return this.#codes((code) => ignore.has(code));
  }

  verdict(gate: Gate): Verdict {
    return verdictOf(this.found(gate), gate);
  }

  /** The counts, as the JSON output has them. */
  counts(gate: Gate): SummaryJson {
    const { codes, ...found } = this.found(gate);
    const { isReady, reasons } = verdictOf({ ...found, codes }, gate);
    return {
      ...found,
      unreadable: this.unreadable,
      codes: Object.fromEntries(codes),
      ignored: Object.fromEntries(this.ignored(gate)),
      ready: isReady && this.unreadable === 0,
      reasons,
      resources: this.tally.byResource(),
    };
  }

  /** What was found by code, the gravest and then the most frequent first. */
  groups(): CodeGroup[] {
    const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
    return [...this.#groups.values()].sort(
      (a, b) => rank(a.severity) - rank(b.severity) || b.count - a.count || (a.code < b.code ? -1 : 1),
    );
  }
}
