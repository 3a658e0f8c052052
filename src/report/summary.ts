/** What a report says of many pages, counted page by page. Nothing in it tells one person from another. */

import type { Issue, IssueCode } from "../core/issue.ts";
import { mapPage } from "../core/page.ts";
import type { UdmEntity } from "../core/udm.ts";
import { type Coverage, CoverageCounter, type CoveragePage } from "./coverage.ts";

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

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const isCounted = this.#counts.has(name) || this.#counts.size < MOST_COUNTED;
    const key = isCounted ? name : OTHER;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Most frequent first. */
  list(): Count[] {
    const counts = Array.from(this.#counts, ([name, count]) => ({ name, count }));
    return counts.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  }

  /** The values that may be shown, and all others as one. */
  shown(): Count[] {
    const all = this.list();
    const shown = all
      .filter(({ name, count }) => DOCUMENTED.has(name) || (count >= SHARED_BY && WORDS.test(name)))
      .filter(({ name }) => name !== OTHER)
      .slice(0, MOST_SHOWN);
    const total = (counts: readonly Count[]): number => counts.reduce((sum, { count }) => sum + count, 0);
    const rest = total(all) - total(shown);
    return rest === 0 ? shown : [...shown, { name: OTHER, count: rest }];
  }
}

function counted<K>(map: Map<K, Counts>, key: K): Counts {
  let counts = map.get(key);
  if (counts === undefined) {
    counts = new Counts();
    map.set(key, counts);
  }
  return counts;
}

/** Counts what the report shows. Memory grows with the fields that occur, not with the pages. */
export class SummaryCounter {
  readonly #coverage = new CoverageCounter();
  readonly #platforms = new Counts();
  readonly #types = new Counts();
  readonly #statuses = new Counts();
  readonly #labels = new Map<string, Counts>();
  readonly #issues = new Map<IssueCode, Counts>();
  #invalidDocuments = 0;
  #owned = 0;
  #from: string | undefined;
  #to: string | undefined;

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
  issue({ code, row }: Issue): void {
    if (code === "JSON_INVALID") this.#invalidDocuments++;
    counted(this.#issues, code).add(row ?? "");
  }

  #entity({ entity: { asset }, metadata, relations }: UdmEntity): void {
    const time = metadata.collected_timestamp;
    if (this.#from === undefined || time < this.#from) this.#from = time;
    if (this.#to === undefined || time > this.#to) this.#to = time;
    if (relations !== undefined) this.#owned++;
    this.#platforms.add(asset.platform_software?.platform ?? NONE);
    this.#types.add(asset.type ?? NONE);
    this.#statuses.add(asset.deployment_status ?? NONE);
    for (const { key, value } of asset.attribute?.labels ?? []) counted(this.#labels, key).add(value);
  }

  result(): Summary {
    const from = this.#from;
    const to = this.#to;
    const issues = Array.from(this.#issues, ([code, counts]) => {
      const rows = counts.list();
      const count = rows.reduce((sum, row) => sum + row.count, 0);
      return { code, count, rows: rows.filter(({ name }) => name !== "") };
    });
    return {
      coverage: this.#coverage.result(),
      invalidDocuments: this.#invalidDocuments,
      owned: this.#owned,
      ...(from !== undefined && to !== undefined && { collected: { from, to } }),
      platforms: this.#platforms.list(),
      types: this.#types.list(),
      statuses: this.#statuses.list(),
      labels: Array.from(this.#labels, ([key, counts]) => ({ key, values: counts.shown() })),
      issues: issues.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }
}
