/** What the mapping makes of many pages: how often each table row fired, and the raw fields no row reads. */

import type { Issue } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import type { Outcome } from "../core/notes.ts";
import { type Page, readPage } from "../core/page.ts";
import { planOf } from "../core/plan.ts";
import type { Profile, Row, SkipReason, Table } from "../core/profile.ts";
import { startRun } from "../core/reading.ts";
import { readPaths } from "../core/reads.ts";
import { RESOURCES, type Resource, resourceOf } from "../core/resource.ts";
import { isObject } from "../core/scalar.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { addFields, addRecord, listFields, noFields, type RawField, type SeenFields } from "./fields.ts";

/** One document of raw Duo data; `source` is its name, which may tell the resource. */
export interface CoveragePage {
  readonly document: unknown;
  readonly source?: string;
  /** The document's index in its source, for the issues, where a source holds several. */
  readonly index?: number;
  /** Where it stands in what was read, as `--records-at` would name it; for hints. */
  readonly at?: string;
}

export interface RowCoverage {
  readonly log_field: string;
  readonly udm: string;
  /** What became of the row in each record that made an entity. */
  readonly outcomes: { readonly [O in Outcome]: number };
}

export interface FieldCoverage extends RawField {
  /** `records` as a share of the resource's records that are objects, to four digits. */
  readonly share: number;
}

export interface ResourceCoverage {
  readonly resource: Resource | "unknown";
  readonly documents: number;
  readonly records: number;
  readonly entities: number;
  readonly skipped: { readonly [R in SkipReason]: number };
  /** Every row of the table, in its order. */
  readonly rows: readonly RowCoverage[];
  /** Every field that no row reads, those of most records first. */
  readonly unmapped: readonly FieldCoverage[];
  /** Every path of the records, in code-point order, read or not. */
  readonly fields: readonly RawField[];
}

export interface Coverage {
  readonly documents: number;
  readonly records: number;
  readonly entities: number;
  /** The resources that occur, in Duo's order, `unknown` last. */
  readonly resources: readonly ResourceCoverage[];
}

/** What a profile does with the records of a resource: its rows, and the paths that they read. */
interface ResourceRows {
  readonly rows: readonly Row[];
  readonly paths: ReadonlyMap<string, string>;
}

const rowsByTable = new WeakMap<Table, ResourceRows>();

function rowsOf({ tables }: Profile, resource: Resource | "unknown"): ResourceRows {
  const table = tables[resource];
  if (typeof table === "string") return { rows: [], paths: new Map() };
  let rows = rowsByTable.get(table);
  if (rows === undefined) {
    rows = { rows: table.rows, paths: readPaths(planOf(table), "[]") };
    rowsByTable.set(table, rows);
  }
  return rows;
}

/** The rows that map the records of a resource. */
export function rowsFor(profile: Profile, resource: Resource | "unknown"): readonly Row[] {
  return rowsOf(profile, resource).rows;
}

/** The log field of the row that reads a raw path of a resource's records, if one does. */
export function rowReading(
  path: string,
  resource: Resource | "unknown",
  profile: Profile = VENDOR,
): string | undefined {
  return rowsOf(profile, resource).paths.get(path);
}

/** Any time does: coverage counts whether a record gets one, not which. */
const SOME_TIME = "1970-01-01T00:00:00Z";

type Outcomes = { [O in Outcome]: number };

const NO_OUTCOMES: Readonly<Outcomes> = {
  wrote: 0,
  default: 0,
  absent: 0,
  outranked: 0,
  invalid: 0,
  repeated: 0,
  no_owner: 0,
};

interface ResourceCounts {
  documents: number;
  records: number;
  entities: number;
  readonly skipped: { [R in SkipReason]: number };
  /** Of each row, in the table's order. */
  readonly outcomes: readonly Outcomes[];
  readonly fields: SeenFields;
}

/** What was counted so far: plain data, which can be sent to another thread. */
export type CoverageCounts = Map<Resource | "unknown", ResourceCounts>;

function noCounts({ rows }: ResourceRows): ResourceCounts {
  return {
    documents: 0,
    records: 0,
    entities: 0,
    skipped: { COVERED_BY_OWNER: 0, NO_ASSET_IDENTITY: 0, RECORD_NOT_OBJECT: 0, RECORD_UNRECOGNIZED: 0 },
    outcomes: rows.map(() => ({ ...NO_OUTCOMES })),
    fields: noFields(),
  };
}

function addNumbers<K extends string>(to: { [N in K]: number }, more: { readonly [N in K]: number }): void {
  for (const name in more) to[name] += more[name];
}

function addCounts(to: ResourceCounts, more: ResourceCounts): void {
  to.documents += more.documents;
  to.records += more.records;
  to.entities += more.entities;
  addNumbers(to.skipped, more.skipped);
  for (const [row, outcomes] of to.outcomes.entries())
    addNumbers(outcomes, more.outcomes[row] ?? NO_OUTCOMES);
  addFields(to.fields, more.fields);
}

function resourceCoverage(
  resource: Resource | "unknown",
  counts: ResourceCounts,
  { rows, paths }: ResourceRows,
): ResourceCoverage {
  const { documents, records, entities, skipped, outcomes } = counts;
  const objects = records - skipped.RECORD_NOT_OBJECT;
  const fields = listFields(counts.fields);
  const unmapped = fields
    .filter(({ path }) => !paths.has(path) && !path.endsWith("[]"))
    .map((field) => ({ ...field, share: Math.round((field.records / objects) * 1e4) / 1e4 }))
    .sort((a, b) => b.records - a.records);
  return {
    resource,
    documents,
    records,
    entities,
    skipped: { ...skipped },
    rows: rows.map(({ log_field, udm }, at) => ({
      log_field,
      udm,
      outcomes: { ...(outcomes[at] ?? NO_OUTCOMES) },
    })),
    unmapped,
    fields,
  };
}

/** Counts page after page; memory grows with the fields that occur, not with the pages. */
export class CoverageCounter {
  readonly #profile: Profile;
  #counts: CoverageCounts = new Map();

  /** @param profile what maps the records; by default the vendor's */
  constructor(profile: Profile = VENDOR) {
    this.#profile = profile;
  }

  #of(resource: Resource | "unknown"): ResourceCounts {
    let counts = this.#counts.get(resource);
    if (counts === undefined) {
      counts = noCounts(rowsOf(this.#profile, resource));
      this.#counts.set(resource, counts);
    }
    return counts;
  }

  /** Counts a document, whose records are counted one by one. */
  document({ records }: Page, source: string): void {
    this.#of(resourceOf(source, records)).documents++;
  }

  /** Counts a record that was mapped with notes. */
  record(mapped: MappedRecord): void {
    const { raw, resource, reason } = mapped;
    const counts = this.#of(resource);
    counts.records++;
    if (isObject(raw)) addRecord(counts.fields, raw);
    if (reason !== undefined) {
      counts.skipped[reason]++;
      return;
    }
    counts.entities++;
    const rows = mapped.rows();
    for (const [row, outcomes] of counts.outcomes.entries()) outcomes[rows[row]?.outcome ?? "absent"]++;
  }

  /**
   * Maps a document and counts it. Any JSON value may be one; one that is rejected counts as a document without
   * records.
   *
   * @returns the issues of mapping it
   */
  add({ document, source = "", index, at }: CoveragePage): readonly Issue[] {
    const place = { ...(source !== "" && { source }), ...(index !== undefined && { document: index }) };
    const page = readPage(document, place, at);
    const issues: Issue[] = [...page.issues];
    this.document(page, source);
    const see = (mapped: MappedRecord): void => {
      issues.push(...mapped.issues);
      this.record(mapped);
    };
    mapEach(page, source, startRun(SOME_TIME, page.timestamp, place), see, {
      profile: this.#profile,
      withNotes: true,
    });
    return issues;
  }

  /** Returns the counts so far, and starts again from zero. */
  take(): CoverageCounts {
    const taken = this.#counts;
    this.#counts = new Map();
    return taken;
  }

  /** Adds what another counter took. */
  merge(counts: CoverageCounts): void {
    for (const [resource, more] of counts) addCounts(this.#of(resource), more);
  }

  /** The coverage of all pages so far. */
  result(): Coverage {
    const resources = [...RESOURCES, "unknown" as const].flatMap((resource) => {
      const counts = this.#counts.get(resource);
      return counts === undefined
        ? []
        : [resourceCoverage(resource, counts, rowsOf(this.#profile, resource))];
    });
    return totalOf(resources);
  }
}

function totalOf(resources: readonly ResourceCoverage[]): Coverage {
  const sum = (count: "documents" | "records" | "entities"): number =>
    resources.reduce((total, resource) => total + resource[count], 0);
  return { documents: sum("documents"), records: sum("records"), entities: sum("entities"), resources };
}

/** The part of a coverage that is about one resource. */
export function coverageOf({ resources }: Coverage, only: Resource | "unknown"): Coverage {
  return totalOf(resources.filter(({ resource }) => resource === only));
}

/**
 * How the table covers the pages: per resource how often each row fired, was outranked, absent or invalid in
 * the records that made an entity, and each raw field that no row reads. Pure and total, as the mapping is.
 * For pages that come one at a time there is {@link CoverageCounter}.
 */
export function coverage(pages: Iterable<CoveragePage>): Coverage {
  const counter = new CoverageCounter();
  for (const page of pages) counter.add(page);
  return counter.result();
}

/** What a row is called: its log field, or the constant it writes. */
export function rowName({ log_field, rule }: Row): string {
  return rule.kind === "constant" ? `constant ${rule.value}` : log_field;
}
