/** What a tenant's parser makes of pages and of records, beside what our mapping makes of them. */

import { compareSides, type WholeComparison } from "../compare/compare.ts";
import type { SideEvent } from "../compare/comparison.ts";
import { eventsOf, type SideContext } from "../compare/sides.ts";
import { isEqual } from "../compare/text.ts";
import { isObject, ownField, type RawObject } from "../core/scalar.ts";
import { canonicalEntity } from "../preflight/canonical.ts";
import type { Parser, SecopsClient } from "./client.ts";
import { SecopsError } from "./errors.ts";
import type { SampledPage, SampledRecord } from "./sample.ts";

const LOG_TYPE = "DUO_CONTEXT";

/** The two forms in which the collector can store Duo's data for a parser. */
export const FORMS = ["pages", "records"] as const;
export type Form = (typeof FORMS)[number];

export interface FormResult {
  readonly comparison: WholeComparison;
  /** How many records the logs held, and how many entities the parser made of them. */
  readonly records: number;
  readonly entities: number;
  readonly failedLogs: number;
}

/** What to set so that SecOps makes of Duo's data what this program makes of it. Null where the sample cannot tell. */
export interface Recommendation {
  readonly output: "raw" | "records" | null;
  readonly owner: "relation" | "noun" | "both" | null;
}

export interface TenantComparison {
  readonly forms: { readonly [F in Form]: FormResult };
  readonly recommended: Recommendation;
  /** Whether the recommended form is equal. */
  readonly isEqual: boolean;
}

export interface FormOptions extends Pick<SideContext, "places" | "collectedAt"> {
  readonly withTimestamps: boolean;
  readonly showValues: boolean;
}

/**
 * The parser that the tenant uses for Duo's context.
 *
 * @throws SecopsError when the parser cannot be found out, or there is none.
 */
export async function activeParser(client: SecopsClient): Promise<Parser> {
  const active = (await client.parsers(LOG_TYPE)).filter(({ isActive }) => isActive);
  const parser = active.find(({ isCustom }) => isCustom) ?? active[0];
  if (parser === undefined) throw new SecopsError("NO_PARSER", { method: `logTypes/${LOG_TYPE}/parsers` });
  return parser;
}

/**
 * The answer with each result's log, which the comparison pairs by. A result that names none of the logs belongs to the
 * one at its place.
 */
function withLogs(answer: RawObject, logs: readonly Uint8Array[]): RawObject {
  const results = ownField(answer, "runParserResults", "run_parser_results");
  if (!Array.isArray(results)) return { runParserResults: [] };
  const sent = logs.map((log) => Buffer.from(log).toString("base64"));
  const known = new Set<unknown>(sent);
  return {
    runParserResults: results.map((result: unknown, at) =>
      isObject(result) && !known.has(ownField(result, "log")) ? { ...result, log: sent[at] } : result,
    ),
  };
}

function* entityEvents(document: unknown, context: SideContext): Generator<SideEvent> {
  for (const told of eventsOf(document, context)) if (told.kind !== "issue") yield told;
}

/** A log, and the records in it. */
interface Log {
  readonly source: string;
  readonly log: RawObject;
  readonly records: readonly SampledRecord[];
}

/** What we make of a log; each entity comes from where its record stood. */
function* ourEvents(
  { source, log, records }: Log,
  options: Omit<SideContext, "source">,
): Generator<SideEvent> {
  for (const event of entityEvents(log, { ...options, source })) {
    if (event.kind !== "entity") {
      yield event;
      continue;
    }
    const { origin } = records[event.item.origin.record ?? 0] ?? event.item;
    yield { kind: "entity", item: { ...event.item, origin } };
  }
}

interface Owners {
  relation: number;
  noun: number;
  both: number;
}

/**
 * Counts in `owners` where the entities of an answer have their owner.
 *
 * @returns how many entities there are
 */
function countOwners(theirs: Iterable<SideEvent>, owners: Owners): number {
  let entities = 0;
  for (const event of theirs) {
    if (event.kind !== "entity") continue;
    entities++;
    const entity = canonicalEntity(event.item.entity());
    const noun = isObject(ownField(ownField(entity, "entity"), "user"));
    const relations = ownField(entity, "relations");
    const relation =
      Array.isArray(relations) &&
      relations.some((one) => isObject(ownField(ownField(one, "entity"), "user")));
    if (noun && relation) owners.both++;
    else if (noun) owners.noun++;
    else if (relation) owners.relation++;
  }
  return entities;
}

function ownerOf(owners: Owners): Recommendation["owner"] {
  const places = (["relation", "noun", "both"] as const).filter((place) => owners[place] > 0);
  return places.sort((a, b) => owners[b] - owners[a])[0] ?? null;
}

/** How well a form fits: entities that are equal, then those that have a counterpart. */
function matches({ comparison: { summary } }: FormResult): readonly [number, number] {
  return [summary.equal, summary.equal + summary.different];
}

function outputOf(pages: FormResult, records: FormResult): Recommendation["output"] {
  const [a, b] = [matches(pages), matches(records)];
  if (a[1] + b[1] === 0) return null;
  if (a[1] !== b[1]) return a[1] > b[1] ? "raw" : "records";
  return a[0] >= b[0] ? "raw" : "records";
}

const encoded = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/**
 * Runs the parser over the sample in both forms, and compares what it makes with what we make.
 *
 * @throws SecopsError
 */
export async function compareForms(
  client: SecopsClient,
  parser: Parser,
  sample: readonly SampledPage[],
  options: FormOptions,
): Promise<TenantComparison> {
  const { places, collectedAt, withTimestamps, showValues } = options;
  const owners = { relation: 0, noun: 0, both: 0 };

  async function tryForm(logs: readonly Log[]): Promise<FormResult> {
    const bytes = logs.map(({ log }) => encoded(log));
    const answer = withLogs(await client.runParser(LOG_TYPE, parser, bytes), bytes);
    const theirs = [...entityEvents(answer, { places, collectedAt, source: "the tenant's parser" })];
    const ours = logs.flatMap((log) => [...ourEvents(log, { places, collectedAt })]);
    const comparison = await compareSides(ours, theirs, { places, withTimestamps, showValues });
    const failedLogs = theirs.filter((event) => event.kind === "log" && event.isFailed).length;
    const records = sample.reduce((sum, page) => sum + page.records.length, 0);
    return { comparison, records, entities: countOwners(theirs, owners), failedLogs };
  }

  const pages = await tryForm(
    sample.map(({ source, envelope, records }) => ({ source, log: envelope, records })),
  );
  const records = await tryForm(
    sample.flatMap(({ source, records }) =>
      records.map((record) => ({ source, log: record.raw, records: [record] })),
    ),
  );
  const recommended = { output: outputOf(pages, records), owner: ownerOf(owners) };
  const best = recommended.output === "records" ? records : pages;
  return {
    forms: { pages, records },
    recommended,
    isEqual: recommended.output !== null && isEqual(best.comparison),
  };
}
