/** Preflight: everything there is to say about documents before they are ingested. */

import type { Issue, Place } from "../core/issue.ts";
import type { PageContext } from "../core/map-page.ts";
import { mapEach } from "../core/mapped.ts";
import { documentPath, placedDocuments, readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { importedEntities, isEntity } from "./canonical.ts";
import { RunKeys } from "./keys.ts";
import { type CheckListener, type CheckOptions, keyIssues, RecordChecks } from "./records.ts";

/** Where an entity comes from, and when it was collected. */
export interface EntityContext extends CheckOptions {
  /** The collection time: any timestamp the mapping reads. */
  readonly collectedAt: string;
  /** The entity's origin, for the issues. */
  readonly source?: string;
}

/**
 * Checks a document: UDM entities in any of their forms, or a page, which is mapped on the way. `see` is told of
 * the issues of the document itself.
 *
 * @param above where the document stands in what was read, by {@link documentPath}
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function checkDocument(
  document: unknown,
  { collectedAt, profile, resource, ...place }: PageContext & Place,
  checks: RecordChecks,
  see: (issue: Issue) => void,
  above = "",
): void {
  if (isEntity(document)) {
    checks.begin({ collectedAt, place });
    checks.entity(document);
    return;
  }
  const entities = importedEntities(document);
  if (entities !== undefined) {
    checks.begin({ collectedAt, place });
    for (const [at, entity] of entities.entries()) checks.entity(entity, at);
    return;
  }
  const page = readPage(document, place, above);
  const run = startRun(collectedAt, page.timestamp, place, checks.showsValues);
  checks.begin({ collectedAt, place, pageTimestamp: page.timestamp });
  for (const issue of page.issues) see(issue);
  mapEach(page, place.source ?? "", run, (mapped) => checks.record(mapped), { profile, resource });
}

/** Checks the documents of one run, whose entities are held against each other. */
export class Preflight {
  readonly #checks: RecordChecks;
  readonly #keys = new RunKeys();
  readonly #profile: PageContext["profile"];
  #issues: Issue[] = [];

  constructor({ showValues = false, profile }: CheckOptions & Pick<PageContext, "profile"> = {}) {
    this.#profile = profile;
    const reader: CheckListener = {
      issue: (issue) => this.#issues.push(issue),
      keys: (keys, place) => this.#issues.push(...keyIssues(this.#keys, keys, () => place, showValues)),
    };
    this.#checks = new RecordChecks(reader, { showValues, profile });
  }

  /** Records checked so far. */
  get records(): number {
    return this.#checks.tally.records;
  }

  /** Entities checked so far: those that records make, and those that were given. */
  get entities(): number {
    return this.#checks.tally.entities;
  }

  /**
   * The issues of a document, record by record. Records with an object `entity` are taken for UDM entities, and
   * the body of an import request for its entities; anything else is raw.
   *
   * @throws RangeError when `collectedAt` is not a timestamp.
   */
  document(document: unknown, context: PageContext): Issue[] {
    const documents = placedDocuments(document);
    for (const [at, one] of documents.entries()) {
      const index = documents.length > 1 ? (context.document ?? 0) + at : context.document;
      const profile = context.profile ?? this.#profile;
      const place = {
        ...context,
        ...(profile !== undefined && { profile }),
        ...(index !== undefined && { document: index }),
      };
      const see = (issue: Issue): void => {
        this.#issues.push(issue);
      };
      checkDocument(one.document, place, this.#checks, see, documentPath(one));
    }
    return this.#take();
  }

  /**
   * The issues of one UDM entity.
   *
   * @throws RangeError when `collectedAt` is not a timestamp.
   */
  entity(entity: unknown, { collectedAt, source }: EntityContext): Issue[] {
    this.#checks.begin({ collectedAt, place: source === undefined ? {} : { source } });
    this.#checks.entity(entity);
    return this.#take();
  }

  #take(): Issue[] {
    const issues = this.#issues;
    this.#issues = [];
    return issues;
  }
}

/**
 * Checks one document: the issues of its mapping, of its raw records, and of the entities that they make, in
 * record order; records that are UDM entities are checked as such. Never throws on any JSON value, and changes
 * nothing.
 *
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function checkPage(document: unknown, context: PageContext & CheckOptions): Issue[] {
  return new Preflight(context).document(document, context);
}

/**
 * Checks one UDM entity, whoever made it and in either spelling. Never throws on any JSON value, and changes
 * nothing.
 *
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function checkEntity(entity: unknown, context: EntityContext): Issue[] {
  return new Preflight(context).entity(entity, context);
}
