/** Two sides as documents, compared as the command compares them. */

import { compareSides, type WholeComparison } from "../../src/compare/compare.ts";
import type { SideEvent } from "../../src/compare/comparison.ts";
import { placesOf } from "../../src/compare/places.ts";
import { eventsOf } from "../../src/compare/sides.ts";
import { readPage } from "../../src/core/page.ts";
import { mapRecord, type UdmEntity } from "../../src/index.ts";
import { VENDOR } from "../../src/profiles/vendor.ts";
import { COLLECTED_AT, PAGES, readFixture } from "./fixtures.ts";
import { type Changing, changing, type Mutation } from "./mutations.ts";

const VENDOR_PLACES = placesOf(VENDOR);

export function eventsIn(documents: readonly unknown[], source: string, places = VENDOR_PLACES): SideEvent[] {
  return documents.flatMap((document, index) => {
    const context = { places, source, document: index, collectedAt: COLLECTED_AT };
    return [...eventsOf(document, context)].flatMap((told) => (told.kind === "issue" ? [] : [told]));
  });
}

export function compare(
  ours: readonly unknown[],
  theirs: readonly unknown[],
  options: { readonly withTimestamps?: boolean; readonly showValues?: boolean } = {},
): Promise<WholeComparison> {
  return compareSides(eventsIn(ours, "ours"), eventsIn(theirs, "theirs"), {
    places: VENDOR_PLACES,
    ...options,
  });
}

export function entityOf(record: unknown): UdmEntity {
  const mapped = mapRecord(record, { collectedAt: COLLECTED_AT });
  if (mapped.kind !== "entity") throw new Error("the record makes no entity");
  return mapped.entity;
}

/** A parser's answer: a result for each log, with the entities that it gave. */
export function answer(
  ...results: readonly { readonly log: unknown; readonly entities?: readonly unknown[] }[]
) {
  return {
    runParserResults: results.map(({ log, entities }) => ({
      log: Buffer.from(typeof log === "string" ? log : JSON.stringify(log)).toString("base64"),
      ...(entities === undefined
        ? { error: { code: 3, message: "generic::invalid_argument" } }
        : { parsedEvents: { events: entities.map((entity) => ({ entity })) } }),
    })),
  };
}

/** Each entity of the fixtures with the record that made it. */
export const made = PAGES.map(readFixture).flatMap((page) => {
  const { records, timestamp } = readPage(page);
  return records.flatMap((record) => {
    const mapped = mapRecord(record, { collectedAt: COLLECTED_AT, pageTimestamp: timestamp });
    return mapped.kind === "entity" ? [{ record, entity: mapped.entity }] : [];
  });
});

/** The entities of the fixtures, changed, and the names of the changes that applied to one. */
export function mutated(mutations: readonly Mutation[]): { entities: Changing[]; applied: Set<string> } {
  const applied = new Set<string>();
  const entities = made.map(({ record, entity }) => {
    const changed = changing(entity);
    for (const { name, change } of mutations) if (change(changed, record)) applied.add(name);
    return changed;
  });
  return { entities, applied };
}

const OUTCOMES = ["different", "moved", "only_ours", "only_theirs"] as const;

/** The rows that differ, or the paths of no row, and how. */
export const differing = ({ rows }: WholeComparison): string[] =>
  rows.flatMap((counts) =>
    OUTCOMES.flatMap((outcome) => (counts[outcome] > 0 ? `${counts.row ?? counts.path} ${outcome}` : [])),
  );

export const RECORD = {
  ...{ epkey: "EP1", hardware_uuid: "H1", device_name: "ada-laptop", os_family: "Windows", os_version: "11" },
  ...{
    disk_encryption_status: "On",
    firewall_status: "Off",
    last_seen: "2026-01-01T00:00:00",
    number: "+15035550100",
  },
  ...{ type: "", activated: true, model: "ThinkPad" },
  browsers: [
    { browser_family: "Firefox", browser_version: "140" },
    { browser_family: "Chrome", browser_version: "150" },
  ],
  users: [
    { username: "ada", email: "ada@example.com" },
    { username: "bert", email: "bert@example.com" },
  ],
};

export const changingOf = (record: unknown): Changing => changing(entityOf(record));

export function labelsOf(asset: Record<string, unknown>): unknown[] {
  const { attribute } = asset;
  const labels: unknown = Reflect.get(Object(attribute), "labels");
  return Array.isArray(labels) ? labels : [];
}
