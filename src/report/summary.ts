/** What a report says of many pages, counted page by page. Nothing in it tells one person from another. */

import type { Issue, IssueCode } from "../core/issue.ts";
import { mapPage } from "../core/page.ts";
import type { UdmEntity } from "../core/udm.ts";
import {
  type Coverage,
  CoverageCounter,
  type CoverageCounts,
  type CoveragePage,
} from "../coverage/coverage.ts";

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface IssueCount {
  readonly code: IssueCode;
  readonly count: number;
  /** The table rows that asked for the fields, or none for issues of documents and records. */
  readonly rows: readonly Count[];
}

export interface Summary {
  readonly coverage: Coverage;
  /** Documents that are no JSON, which the coverage does not see. */
  readonly invalidDocuments: number;
  /** Entities with an owner. */
  readonly owned: number;
  /** The earliest and the latest collection time of an entity. */
  readonly collected?: { readonly from: string; readonly to: string };
  readonly platforms: readonly Count[];
  readonly types: readonly Count[];
  readonly statuses: readonly Count[];
  /** The values of each label, in the order the labels first occur. */
  readonly labels: readonly { readonly key: string; readonly values: readonly Count[] }[];
  readonly issues: readonly IssueCount[];
}

/** A page, and when it was collected. */
export interface SummaryPage extends CoveragePage {
  readonly collectedAt: string;
}

const NONE = "none";
const OTHER = "other values";

/** What Duo's documentation lists as values of the labels' fields, in lower case. */
const DOCUMENTED: ReadonlySet<string> = new Set([
  "configured",
  "disabled",
  "encrypted",
  "no",
  "off",
  "on",
  "set",
  "unencrypted",
  "unknown",
  "unset",
  "yes",
]);

/** Any other value is shown only as a word or three that many entities share, never as free text. */
const WORDS = /^\p{Ll}{1,16}(?: \p{Ll}{1,16}){0,2}$/u;
const SHARED_BY = 5;
const MOST_SHOWN = 8;
/** Values that are remembered for counting; what comes after is counted together. */
const MOST_COUNTED = 1000;

type Counts = Map<string, number>;

function add(counts: Counts, name: string, more = 1): void {
  const key = counts.has(name) || counts.size < MOST_COUNTED ? name : OTHER;
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function addAll(counts: Counts, others: Counts): void {
  for (const [name, count] of others) add(counts, name, count);
}

/** Most frequent first. */
function listed(counts: Counts): Count[] {
  const list = Array.from(counts, ([name, count]) => ({ name, count }));
  return list.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const total = (counts: readonly Count[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** The values that may be shown, and all others as one. */
function shown(counts: Counts): Count[] {
  const all = listed(counts);
  const values = all
    .filter(({ name, count }) => DOCUMENTED.has(name) || (count >= SHARED_BY && WORDS.test(name)))
    .filter(({ name }) => name !== OTHER)
    .slice(0, MOST_SHOWN);
  const rest = total(all) - total(values);
  return rest === 0 ? values : [...values, { name: OTHER, count: rest }];
}

function within<K>(map: Map<K, Counts>, key: K): Counts {
  let counts = map.get(key);
  if (counts === undefined) {
    counts = new Map();
    map.set(key, counts);
  }
  return counts;
}

/** What was counted so far: plain data, which can be sent to another thread. */
export interface SummaryCounts {
  coverage: CoverageCounts;
  invalidDocuments: number;
  owned: number;
  from?: string;
  to?: string;
  readonly platforms: Counts;
  readonly types: Counts;
  readonly statuses: Counts;
  readonly labels: Map<string, Counts>;
  readonly issues: Map<IssueCode, Counts>;
}

function noCounts(): SummaryCounts {
  return {
    coverage: new Map(),
    invalidDocuments: 0,
    owned: 0,
    platforms: new Map(),
    types: new Map(),
    statuses: new Map(),
    labels: new Map(),
    issues: new Map(),
  };
}

/** Counts what the report shows. Memory grows with the fields that occur, not with the pages. */
export class SummaryCounter {
  readonly #coverage = new CoverageCounter();
  #counts = noCounts();

  /**
   * Counts a document and its entities.
   *
   * @returns the issues of mapping it, for the caller to count with those of other checks
   */
  add({ collectedAt, ...page }: SummaryPage): readonly Issue[] {
    const { document, source, index } = page;
    const place = {
      ...(source !== undefined && { source }),
      ...(index !== undefined && { document: index }),
    };
    this.#coverage.add(page);
    const { entities, issues } = mapPage(document, { collectedAt, ...place });
    for (const entity of entities) this.#entity(entity);
    return issues;
  }

  /** Counts an issue, wherever it was raised. */
  issue({ code, row }: Pick<Issue, "code" | "row">): void {
    if (code === "JSON_INVALID") this.#counts.invalidDocuments++;
    add(within(this.#counts.issues, code), row ?? "");
  }

  #times(from: string, to: string): void {
    const counts = this.#counts;
    if (counts.from === undefined || from < counts.from) counts.from = from;
    if (counts.to === undefined || to > counts.to) counts.to = to;
  }

  #entity({ entity: { asset }, metadata, relations }: UdmEntity): void {
    const counts = this.#counts;
    this.#times(metadata.collected_timestamp, metadata.collected_timestamp);
    if (relations !== undefined) counts.owned++;
    add(counts.platforms, asset.platform_software?.platform ?? NONE);
    add(counts.types, asset.type ?? NONE);
    add(counts.statuses, asset.deployment_status ?? NONE);
    for (const { key, value } of asset.attribute?.labels ?? []) add(within(counts.labels, key), value);
  }

  /** Gives out what was counted, and starts anew. */
  take(): SummaryCounts {
    const taken = { ...this.#counts, coverage: this.#coverage.take() };
    this.#counts = noCounts();
    return taken;
  }

  /** Adds what another counter took. */
  merge(more: SummaryCounts): void {
    const counts = this.#counts;
    this.#coverage.merge(more.coverage);
    counts.invalidDocuments += more.invalidDocuments;
    counts.owned += more.owned;
    if (more.from !== undefined && more.to !== undefined) this.#times(more.from, more.to);
    addAll(counts.platforms, more.platforms);
    addAll(counts.types, more.types);
    addAll(counts.statuses, more.statuses);
    for (const [key, values] of more.labels) addAll(within(counts.labels, key), values);
    for (const [code, rows] of more.issues) addAll(within(counts.issues, code), rows);
  }

  result(): Summary {
    const { from, to, invalidDocuments, owned, platforms, types, statuses, labels } = this.#counts;
    const issues = Array.from(this.#counts.issues, ([code, counts]) => {
      const rows = listed(counts);
      return { code, count: total(rows), rows: rows.filter(({ name }) => name !== "") };
    });
    return {
      coverage: this.#coverage.result(),
      invalidDocuments,
      owned,
      ...(from !== undefined && to !== undefined && { collected: { from, to } }),
      platforms: listed(platforms),
      types: listed(types),
      statuses: listed(statuses),
      labels: Array.from(labels, ([key, values]) => ({ key, values: shown(values) })),
      issues: issues.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }
}
