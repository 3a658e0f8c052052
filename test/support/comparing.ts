/** Two sides as documents, compared as the command compares them. */

import { compareSides, type WholeComparison } from "../../src/compare/compare.ts";
import type { SideEvent } from "../../src/compare/comparison.ts";
import { placesOf } from "../../src/compare/places.ts";
import { eventsOf } from "../../src/compare/sides.ts";
import { mapRecord, type UdmEntity } from "../../src/index.ts";
import { VENDOR } from "../../src/profiles/vendor.ts";
import { COLLECTED_AT } from "./fixtures.ts";

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
