/** What a document of one side holds: raw records, which are mapped; UDM entities; or a parser's answers. */

import { createHash } from "node:crypto";
import type { Issue, Place } from "../core/issue.ts";
import { type MappedRecord, mapEach } from "../core/mapped.ts";
import { hasResponse, type Page, readPage } from "../core/page.ts";
import { startRun } from "../core/reading.ts";
import { isObject, ownField, type RawObject } from "../core/scalar.ts";
import { canonicalEntity, entitiesOf, isEntity } from "../preflight/canonical.ts";
import type { Origin, SideEntity, SideEvent } from "./comparison.ts";
import { pairingKeys } from "./identity.ts";
import type { Places } from "./places.ts";

export interface SideContext {
  /** What maps the side's records. */
  readonly places: Places;
  /** The name of what the document stands in. */
  readonly source: string;
  /** Index of the document in its source, where that holds several. */
  readonly document?: number;
  /** Where the document stands in what was read, for hints. */
  readonly at?: string;
  readonly collectedAt: string;
}

/** What a document gives: events for the comparison, and issues. */
export type Told = SideEvent | { readonly kind: "issue"; readonly issue: Issue };

/** An entity in one spelling, taken out of what a parser's answer wraps around it. */
function canonical(entity: unknown): unknown {
  const isWrapped = isObject(entity) && isEntity(entity["entity"]);
  return canonicalEntity(isWrapped ? entity["entity"] : entity);
}

function itemOf(
  entity: unknown,
  origin: Origin,
  more: Pick<SideEntity, "otherUsers" | "resource"> = {},
): SideEntity {
  return { keys: pairingKeys(entity), origin, entity: () => entity, ...more };
}

/** The lists of a record of which only the first element counts, where they have others. */
function listsToTurn(record: unknown, { firstOf }: Places): { name: string; others: readonly unknown[] }[] {
  return [...firstOf].flatMap((name) => {
    const list = ownField(record, name);
    return Array.isArray(list) && list.length > 1 ? [{ name, others: list.slice(1) }] : [];
  });
}

interface MappedRecords {
  readonly items: readonly SideEntity[];
  readonly told: readonly Told[];
}

/** Maps the records of a page; those that are entities already are taken as they are. */
function mapRecords(page: Page, context: SideContext): MappedRecords {
  const { places, source, document, collectedAt } = context;
  const place: Place = { source, ...(document !== undefined && { document }) };
  const items: SideEntity[] = [];
  const told: Told[] = page.issues.map((one) => ({ kind: "issue", issue: one }));
  const { profile } = places;
  const see = (shown: MappedRecord): void => {
    const { record, raw, resource, issues } = shown;
    const origin = { source, ...(document !== undefined && { document }), record };
    const entities = entitiesOf(raw);
    if (entities !== undefined) {
      for (const entity of entities) items.push(itemOf(canonical(entity), origin));
      return;
    }
    for (const one of issues) told.push({ kind: "issue", issue: one });
    const mapped = shown.entity();
    if (mapped === undefined) return;
    const lists = listsToTurn(raw, places);
    // The record as it would be if another user were the first: once for every other user.
    const mapOthers = (): unknown[] => {
      const others = lists.flatMap(({ name, others }) =>
        others.map((user) => Object.assign({}, raw, { [name]: [user] })),
      );
      const run = startRun(collectedAt, page.timestamp, place);
      const entities: unknown[] = [];
      mapEach({ ...page, records: others }, source, run, (other) => entities.push(other.entity()), {
        profile,
      });
      return entities;
    };
    items.push(itemOf(mapped, origin, { resource, ...(lists.length > 0 && { otherUsers: mapOthers }) }));
  };
  mapEach(page, source, startRun(collectedAt, page.timestamp, place), see, { profile });
  return { items, told };
}

const asEvent = (item: SideEntity): Told => ({ kind: "entity", item });

function* pageEvents(value: unknown, context: SideContext): Generator<Told> {
  const { source, document, at } = context;
  const place: Place = { source, ...(document !== undefined && { document }) };
  const { items, told } = mapRecords(readPage(value, place, at), context);
  yield* told;
  yield* items.map(asEvent);
  if (hasResponse(value)) yield { kind: "page", entities: items.length };
}

/** The document that a log holds; undefined when it is no JSON. Answers give logs in base64. */
function logOf(log: unknown): unknown {
  if (typeof log !== "string") return undefined;
  for (const text of [Buffer.from(log, "base64").toString("utf8"), log]) {
    try {
      return JSON.parse(text);
    } catch {
      // What is not base64 may be the log itself.
    }
  }
  return undefined;
}

/** The entities that a result of an answer gives; its events are not entities. */
function resultEntities(result: RawObject): unknown[] {
  const parsed = ownField(result, "parsed_events", "parsedEvents");
  const events = isObject(parsed) ? ownField(parsed, "events") : parsed;
  if (!Array.isArray(events)) return [];
  return events.flatMap((event: unknown) => (isEntity(event) ? [canonical(event)] : []));
}

const sameCase = (key: string): string => key;
const anyCase = (key: string): string => key.toLowerCase();

/**
 * Which of the entities that we make of a log each of theirs stands for: the one with its key, else the one with its
 * key in another case, else, where as many are left on both sides, the next.
 */
function counterparts(
  theirs: readonly SideEntity[],
  ours: readonly SideEntity[],
  isPage: boolean,
): Map<SideEntity, SideEntity> {
  const found = new Map<SideEntity, SideEntity>();
  const left = new Set(ours);
  for (const form of [sameCase, anyCase]) {
    const byKey = new Map([...left].reverse().map((item) => [form(item.keys[0] ?? ""), item]));
    for (const item of theirs) {
      const one = found.has(item) ? undefined : byKey.get(form(item.keys[0] ?? ""));
      if (one === undefined || !left.delete(one)) continue;
      found.set(item, one);
    }
  }
  // An entity without a key, made of a whole page, stands for none of its records.
  const others = theirs.filter((item) => !found.has(item) && !(isPage && item.keys.length === 0));
  if (others.length !== left.size) return found;
  const next = left.values();
  for (const item of others) {
    const { value: one } = next.next();
    if (one !== undefined) found.set(item, one);
  }
  return found;
}

function* resultEvents(result: unknown, record: number, context: SideContext): Generator<Told> {
  const { source, document } = context;
  const origin = { source, ...(document !== undefined && { document }), record };
  if (!isObject(result)) return;
  const log = logOf(result["log"]);
  const isPage = hasResponse(log);
  // The name of the answer says nothing about the logs in it.
  const mapped = log === undefined ? [] : mapRecords(readPage(log), { ...context, source: "" }).items;
  const theirs = resultEntities(result).map((entity) => itemOf(entity, origin));
  const pairs = counterparts(theirs, mapped, isPage);
  for (const item of theirs) {
    const ours = pairs.get(item);
    if (ours !== undefined) {
      const { keys, otherUsers, resource } = ours;
      yield asEvent({
        ...item,
        keys,
        ...(otherUsers && { otherUsers }),
        ...(resource && { resource }),
      });
    } else if (mapped.length === 0 && typeof result["log"] === "string") {
      // Two answers may still be compared, log by log.
      const hash = createHash("sha256").update(result["log"]).digest("base64");
      yield asEvent({ ...item, keys: [`log=${hash}`, ...item.keys] });
    } else yield asEvent(item);
  }
  const keys = mapped.flatMap(({ keys: [key] }) => key ?? []);
  const isFailed = isObject(result["error"]);
  yield { kind: "log", isEnvelope: isPage, keys, entities: theirs.length, isFailed };
}

/** The results of a `runParser` answer, or of a list of them; undefined when the document is neither. */
function resultsOf(document: unknown): readonly unknown[] | undefined {
  if (Array.isArray(document)) {
    const all: unknown[] = [];
    for (const one of document) {
      const results = isObject(one) ? resultsOf(one) : undefined;
      if (results === undefined) return undefined;
      for (const result of results) all.push(result);
    }
    return document.length === 0 ? undefined : all;
  }
  if (!isObject(document)) return undefined;
  const results = ownField(document, "run_parser_results", "runParserResults");
  return Array.isArray(results) ? results : undefined;
}

/** Whether a document holds entities or a parser's answers, which nothing wraps. */
export function holdsEntities(document: unknown): boolean {
  return entitiesOf(document) !== undefined || resultsOf(document) !== undefined;
}

/** Everything that a document holds, entities first, in their order. */
export function* eventsOf(document: unknown, context: SideContext): Generator<Told> {
  const results = resultsOf(document);
  if (results !== undefined) {
    for (const [record, result] of results.entries()) yield* resultEvents(result, record, context);
    return;
  }
  const { source, document: index } = context;
  const origin = { source, ...(index !== undefined && { document: index }) };
  const entities = entitiesOf(document);
  if (entities === undefined) {
    yield* pageEvents(document, context);
    return;
  }
  const isOne = entities[0] === document;
  for (const [record, entity] of entities.entries()) {
    yield asEvent(itemOf(canonical(entity), isOne ? origin : { ...origin, record }));
  }
}
