/**
 * Preflight: everything there is to say about documents before they are ingested. Pages are mapped on the way,
 * so that the issues are those of the mapping, of the raw records and of the entities that they make.
 */

import { ISSUES, type Issue } from "../core/issue.ts";
import { type Page, type PageContext, readPage } from "../core/page.ts";
import { ENVELOPE_TIMESTAMP, type Run, startRun } from "../core/reading.ts";
import { mapInRun } from "../core/record.ts";
import { type Resource, resourceOf } from "../core/resource.ts";
import { isComposite, isObject } from "../core/scalar.ts";
import { valueAt } from "../text/paths.ts";
import { checkEntityRules, productObjectId, type TimeLimit } from "./entity.ts";
import type { Finding } from "./finding.ts";
import { checkRecord } from "./raw.ts";

const CLOCK_SKEW = 5 * 60 * 1000;
const LAST_TIME = Date.parse("9999-12-31T23:59:59Z");
/** Most characters of a value that an issue shows. */
const SHOWN = 1000;
/** Where an entity has its id. */
export const ID_PATH = "entity.asset.product_object_id";

export interface CheckOptions {
  /** Adds the raw value to each issue in which one is at stake. Default: no raw value in any issue. */
  readonly showValues?: boolean;
}

export interface EntityContext extends CheckOptions {
  /** The collection time: any timestamp the mapping reads. */
  readonly collectedAt: string;
  /** The entity's origin, for the issues. */
  readonly source?: string;
}

/** A UDM entity, not a raw record: it has an object `entity`, or both `entity` and `metadata`. */
function isEntity(record: unknown): boolean {
  if (!isObject(record) || !Object.hasOwn(record, "entity")) return false;
  return isObject(record["entity"]) || Object.hasOwn(record, "metadata");
}

/** The limit of times, given the collection time. */
function latest({ collectedAt }: Run): TimeLimit {
  const milliseconds = Math.min(Date.parse(collectedAt) + CLOCK_SKEW, LAST_TIME);
  return { milliseconds, text: `${new Date(milliseconds).toISOString().slice(0, 19)}Z` };
}

/** What is shown of a value: all of it, unless it is long or nested without end. */
function shown(value: unknown): unknown {
  if (typeof value === "string") return value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value;
  if (!isComposite(value)) return value;
  try {
    return JSON.stringify(value).length > SHOWN ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The issue with the value at its path: of the record, or of the page around it. */
function withValue(found: Issue, root: unknown, document: unknown): Issue {
  if (found.path === undefined) return found;
  const value = shown(
    found.path === ENVELOPE_TIMESTAMP ? valueAt(document, "timestamp") : valueAt(root, found.path),
  );
  return value === undefined ? found : { ...found, value };
}

export interface PreflightOptions extends CheckOptions {
  /**
   * Told of each entity's product_object_id, and asked whether the run has had it before. Default: the ids are
   * remembered, and nothing else of an entity.
   */
  readonly isRepeated?: (id: string) => boolean;
}

/** Remembers ids, and tells of each whether it has been there before. */
export function rememberingIds(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    const before = seen.size;
    return seen.add(id).size === before;
  };
}

/** Checks the documents of one run. */
export class Preflight {
  /** What has been checked so far. */
  records = 0;
  entities = 0;
  readonly #showValues: boolean;
  readonly #isRepeated: (id: string) => boolean;
  /** The run of the last entity: most come with the same context. */
  #last:
    | {
        readonly collectedAt: string;
        readonly source: string | undefined;
        readonly run: Run;
        readonly limit: TimeLimit;
      }
    | undefined;

  constructor({ showValues = false, isRepeated = rememberingIds() }: PreflightOptions = {}) {
    this.#showValues = showValues;
    this.#isRepeated = isRepeated;
  }

  /**
   * The issues of a document, record by record as they are taken from it. A record with an object `entity` is
   * taken for a UDM entity, any other for a raw record.
   *
   * @throws RangeError when `collectedAt` is no timestamp.
   */
  *document(document: unknown, { collectedAt, ...place }: PageContext): Generator<Issue, void, undefined> {
    const isOne = isEntity(document);
    const page: Page = isOne
      ? { records: [document], timestamp: undefined, issues: [] }
      : readPage(document, place);
    const run = startRun(collectedAt, page.timestamp, place);
    const limit = latest(run);
    yield* page.issues;
    const named = resourceOf(place.source ?? "", []);
    for (const [record, raw] of page.records.entries()) {
      // An entity on a line of its own is the document, not a record of it.
      if (!isOne) run.record = record;
      this.records++;
      if (isEntity(raw)) this.#checkEntity(raw, run, limit);
      else {
        // A name that says nothing leaves it to each record.
        const resource = named === "unknown" ? resourceOf("", [raw]) : named;
        this.#checkRecord(raw, run, limit, resource, document);
      }
      if (run.issues.length > 0) yield* run.issues.splice(0);
    }
  }

  /**
   * The issues of one UDM entity.
   *
   * @throws RangeError when `collectedAt` is no timestamp.
   */
  entity(entity: unknown, { collectedAt, source }: EntityContext): Issue[] {
    if (this.#last?.collectedAt !== collectedAt || this.#last.source !== source) {
      const run = startRun(collectedAt, undefined, source === undefined ? {} : { source });
      this.#last = { collectedAt, source, run, limit: latest(run) };
    }
    const { run, limit } = this.#last;
    this.records++;
    this.#checkEntity(entity, run, limit);
    return run.issues.splice(0);
  }

  #checkRecord(
    raw: unknown,
    run: Run,
    limit: TimeLimit,
    resource: Resource | "unknown",
    document: unknown,
  ): void {
    const mapped = mapInRun(raw, run);
    if (this.#showValues) {
      for (const [at, found] of run.issues.entries()) run.issues[at] = withValue(found, raw, document);
    }
    if (!isObject(raw)) return;
    this.#report(checkRecord(raw, resource), run, raw);
    if (mapped.kind === "entity") this.#checkEntity(mapped.entity, run, limit);
  }

  #checkEntity(entity: unknown, run: Run, limit: TimeLimit): void {
    this.entities++;
    this.#report(checkEntityRules(entity, limit), run, entity);
    const id = productObjectId(entity);
    if (id === undefined || !this.#isRepeated(id)) return;
    this.#report([{ code: "DUPLICATE_ENTITY", path: ID_PATH }], run, entity);
  }

  #report(findings: readonly Finding[], run: Run, root: unknown): void {
    for (const { code, path, row, fault } of findings) {
      const { severity, message } = ISSUES[code];
      const found: { -readonly [K in keyof Issue]: Issue[K] } = { severity, message, code, ...run.place };
      if (run.record !== undefined) found.record = run.record;
      if (path !== undefined) found.path = path;
      if (row !== undefined) found.row = row;
      if (fault !== undefined) found.fault = fault;
      run.issues.push(this.#showValues ? withValue(found, root, root) : found);
    }
  }
}

/**
 * Checks one document: the issues of its mapping, of its raw records, and of the entities that they make, in
 * record order; records that are UDM entities are checked as such. Never throws on any JSON value, and changes
 * nothing.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function checkPage(document: unknown, context: PageContext & CheckOptions): Issue[] {
  return [...new Preflight(context).document(document, context)];
}

/**
 * Checks one UDM entity, whoever made it. Never throws on any JSON value, and changes nothing.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function checkEntity(entity: unknown, context: EntityContext): Issue[] {
  return new Preflight(context).entity(entity, context);
}
