/** What a report says of many pages, counted record by record. Nothing in it tells one person from another. */

import { ISSUES, type Issue, type IssueCode, type Severity } from "../core/issue.ts";
import type { MappedRecord } from "../core/mapped.ts";
import type { Page } from "../core/page.ts";
import type { Profile } from "../core/profile.ts";
import type { Resource } from "../core/resource.ts";
import { type Coverage, CoverageCounter, type CoverageCounts } from "../coverage/coverage.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { type ResourceTally, Tally, type TallyCounts, type TallyGroup } from "../text/tally.ts";
import { type IsListed, listedLabels } from "./labels.ts";
import { TITLES, valuesOf } from "./values.ts";

export interface Count {
  readonly name: string;
  readonly count: number;
}

/** Issues of one code and severity: a code may be raised at another severity than its own. */
export interface IssueCount {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly count: number;
  /** The table rows that asked for the fields, or none for issues of documents and records. */
  readonly rows: readonly Count[];
  /** What most of the issues hint at, where any does. */
  readonly hint?: string;
}

/** The values of one kind in the entities of a resource. */
export interface Values {
  readonly title: string;
  readonly counts: readonly Count[];
}

export interface ResourceSummary extends ResourceTally {
  /** Entities that SecOps may drop, or whose owner it may drop. */
  readonly atRisk: number;
  /** Platform, type, status, and then each label that holds one of a few listed values. */
  readonly values: readonly Values[];
}

export interface ReportSummary {
  readonly coverage: Coverage;
  /** Documents that are not JSON, which the coverage does not see. */
  readonly invalidDocuments: number;
  /** The earliest and the latest collection time of an entity. */
  readonly collected?: { readonly from: string; readonly to: string };
  /** The resources that occur, in Duo's order, `unknown` last. */
  readonly resources: readonly ResourceSummary[];
  readonly issues: readonly IssueCount[];
  /** Records that are UDM entities rather than Duo's. */
  readonly udm: number;
}

/** Issues of an entity because of which SecOps may drop it or its owner. */
export const MAY_BE_DROPPED: ReadonlySet<IssueCode> = new Set([
  "UDM_SCHEMA",
  "ASSET_IDENTITY_MISSING",
  "ENTITY_TOO_LARGE",
  "IMPORT_UNSUPPORTED",
  "USER_WITHOUT_EMAIL",
]);

/** Stands for all values that are not shown by themselves. */
export const OTHER = "other values";

/** Any other value is shown only as a word or three that many entities share, never as free text. */
const WORDS = /^\p{L}{1,16}(?: \p{L}{1,16}){0,2}$/u;
const SHARED_BY = 5;
const MOST_SHOWN = 8;
/** Values that are remembered for counting; what comes after is counted together. */
const MOST_COUNTED = 1000;

type NameCounts = Map<string, number>;

function add(counts: NameCounts, name: string, more = 1): void {
  const key = counts.has(name) || counts.size < MOST_COUNTED ? name : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function addAll(counts: NameCounts, others: NameCounts): void {
  for (const [name, count] of others) add(counts, name, count);
}

/** Most frequent first. */
function listed(counts: NameCounts): Count[] {
  const list = Array.from(counts, ([name, count]) => ({ name, count }));
  return list.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const total = (counts: readonly Count[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** The values that may be shown, and all others as one. */
function shown(counts: NameCounts, isListed: IsListed): Count[] {
  const all = listed(counts);
  const values = all
    .filter(({ name, count }) => isListed(name) || (count >= SHARED_BY && WORDS.test(name)))
    .filter(({ name }) => name !== OTHER)
    .slice(0, MOST_SHOWN);
  const rest = total(all) - total(values);
  return rest === 0 ? values : [...values, { name: OTHER, count: rest }];
}

/** The value of a key, made where the map has none. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const noCount = (): NameCounts => new Map();

interface ResourceFigures {
  atRisk: number;
  /** By the titles of the charts. */
  readonly values: Map<string, NameCounts>;
}

interface IssueGroup {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly rows: NameCounts;
  readonly hints: NameCounts;
}

/** The counts so far: plain data, which can be sent to another thread. */
export interface SummaryCounts {
  coverage: CoverageCounts;
  tally: TallyCounts;
  invalidDocuments: number;
  udm: number;
  from?: string;
  to?: string;
  readonly resources: Map<Resource | "unknown", ResourceFigures>;
  readonly issues: Map<string, IssueGroup>;
}

const noResourceCounts = (): ResourceFigures => ({ atRisk: 0, values: new Map() });

const noCounts = (): SummaryCounts => ({
  coverage: new Map(),
  tally: new Map(),
  invalidDocuments: 0,
  udm: 0,
  resources: new Map(),
  issues: new Map(),
});

function resourceSummary(
  tally: ResourceTally,
  labels: ReadonlyMap<string, IsListed>,
  { atRisk, values } = noResourceCounts(),
): ResourceSummary {
  const countsOf = (title: string): NameCounts => values.get(title) ?? noCount();
  return {
    ...tally,
    atRisk,
    values: [
      ...TITLES.map((title) => ({ title, counts: listed(countsOf(title)) })),
      ...Array.from(labels, ([title, isListed]) => ({ title, counts: shown(countsOf(title), isListed) })),
    ],
  };
}

const ALWAYS: ReadonlySet<string> = new Set(TITLES);

/** Counts what the report shows. Memory grows with the fields that occur, not with the pages. */
export class SummaryCounter {
  readonly #profile: Profile;
  readonly #coverage: CoverageCounter;
  readonly #tally = new Tally();
  readonly #labels = new Map<TallyGroup, ReadonlyMap<string, IsListed>>();
  #counts = noCounts();

  /** @param profile what maps the records; by default the vendor's */
  constructor(profile: Profile = VENDOR) {
    this.#profile = profile;
    this.#coverage = new CoverageCounter(profile);
  }

  /** Counts a document, whose records are counted one by one. */
  document(page: Page, source: string): void {
    this.#coverage.document(page, source);
  }

  /** Counts a record that was mapped with notes, and `issues`, all that were found about it and its entity. */
  record(mapped: MappedRecord, issues: readonly Issue[]): void {
    this.#tally.add(mapped);
    this.#coverage.record(mapped);
    for (const issue of issues) this.issue(issue);
    const made = mapped.entity();
    if (made === undefined) return;
    const counts = entryOf(this.#counts.resources, mapped.resource, noResourceCounts);
    if (issues.some(({ code }) => MAY_BE_DROPPED.has(code))) counts.atRisk++;
    const { collected_timestamp: time } = made.metadata;
    this.#times(time, time);
    const labels = this.#labelsOf(mapped.resource);
    for (const { title, value } of valuesOf(made))
      if (ALWAYS.has(title) || labels.has(title)) add(entryOf(counts.values, title, noCount), value);
  }

  /** The labels of a resource that are counted, by the titles of their charts. */
  #labelsOf(resource: TallyGroup): ReadonlyMap<string, IsListed> {
    return entryOf(this.#labels, resource, () =>
      resource === "udm" ? new Map() : listedLabels(this.#profile, resource),
    );
  }

  /** Counts an issue, wherever it was raised. */
  issue({
    code,
    hint,
    row = "",
    severity = ISSUES[code].severity,
  }: Pick<Issue, "code" | "hint" | "row"> & Partial<Pick<Issue, "severity">>): void {
    if (code === "JSON_INVALID") this.#counts.invalidDocuments++;
    const { rows, hints } = this.#issues(code, severity);
    add(rows, row);
    if (hint !== undefined) add(hints, hint);
  }

  /** Counts a record that is a UDM entity. */
  udm(): void {
    this.#counts.udm++;
  }

  #issues(code: IssueCode, severity: Severity): IssueGroup {
    const make = (): IssueGroup => ({ code, severity, rows: new Map(), hints: new Map() });
    return entryOf(this.#counts.issues, `${severity} ${code}`, make);
  }

  #times(from: string, to: string): void {
    const counts = this.#counts;
    if (counts.from === undefined || from < counts.from) counts.from = from;
    if (counts.to === undefined || to > counts.to) counts.to = to;
  }

  /** Returns the counts so far, and starts again from zero. */
  take(): SummaryCounts {
    const taken = { ...this.#counts, coverage: this.#coverage.take(), tally: this.#tally.take() };
    this.#counts = noCounts();
    return taken;
  }

  /** Adds the counts of another counter. */
  merge(more: SummaryCounts): void {
    const counts = this.#counts;
    this.#coverage.merge(more.coverage);
    this.#tally.merge(more.tally);
    counts.invalidDocuments += more.invalidDocuments;
    counts.udm += more.udm;
    if (more.from !== undefined && more.to !== undefined) this.#times(more.from, more.to);
    for (const [resource, others] of more.resources) {
      const own = entryOf(counts.resources, resource, noResourceCounts);
      own.atRisk += others.atRisk;
      for (const [title, values] of others.values) addAll(entryOf(own.values, title, noCount), values);
    }
    for (const { code, severity, rows, hints } of more.issues.values()) {
      const own = this.#issues(code, severity);
      addAll(own.rows, rows);
      addAll(own.hints, hints);
    }
  }

  result(): ReportSummary {
    const { from, to, invalidDocuments, udm } = this.#counts;
    const counted: ReadonlyMap<string, ResourceFigures> = this.#counts.resources;
    const resources = this.#tally
      .byResource()
      .map((tally) => resourceSummary(tally, this.#labelsOf(tally.resource), counted.get(tally.resource)));
    const issues = Array.from(
      this.#counts.issues.values(),
      ({ code, severity, rows: counts, hints }): IssueCount => {
        const rows = listed(counts);
        const hint = listed(hints)[0]?.name;
        return {
          code,
          severity,
          count: total(rows),
          rows: rows.filter(({ name }) => name !== ""),
          ...(hint !== undefined && hint !== OTHER && { hint }),
        };
      },
    );
    return {
      coverage: this.#coverage.result(),
      invalidDocuments,
      udm,
      ...(from !== undefined && to !== undefined && { collected: { from, to } }),
      resources,
      issues: issues.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }
}
