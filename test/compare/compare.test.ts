import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareSides, type WholeComparison } from "../../src/compare/compare.ts";
import { DECISIONS } from "../../src/compare/differences.ts";
import { placesOf } from "../../src/compare/places.ts";
import { eventsOf } from "../../src/compare/sides.ts";
import type { SideEvent } from "../../src/compare/comparison.ts";
import { mapRecord, TABLE } from "../../src/index.ts";
import { readPage } from "../../src/core/page.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import {
  type Changing,
  changing,
  HOSTNAME_IN_UPPER_CASE,
  KEY_IN_LOWER_CASE,
  LAST_USER,
  type Mutation,
  NO_DEFAULT_STATUS,
  NO_DEFAULT_TYPE,
  OWNER_IN_BOTH,
  OWNER_IN_NOUN,
  USERID_IN_UPPER_CASE,
} from "../support/mutations.ts";

const places = placesOf(TABLE);

function events(documents: readonly unknown[], source: string): SideEvent[] {
  return documents.flatMap((document, index) =>
    [...eventsOf(document, { places, source, document: index, collectedAt: COLLECTED_AT })].flatMap((told) =>
      told.kind === "issue" ? [] : [told],
    ),
  );
}

function compare(ours: readonly unknown[], theirs: readonly unknown[], withTimestamps = false, showValues = false) {
  return compareSides(events(ours, "ours"), events(theirs, "theirs"), { places, withTimestamps, showValues });
}

/** All fixtures, each entity with the record that made it. */
const pages = PAGES.map(readFixture);
const made = pages.flatMap((page) => {
  const { records, timestamp } = readPage(page);
  return records.flatMap((record) => {
    const mapped = mapRecord(record, { collectedAt: COLLECTED_AT, pageTimestamp: timestamp });
    return mapped.kind === "entity" ? [{ record, entity: mapped.entity }] : [];
  });
});

function mutated(mutations: readonly Mutation[]): { entities: Changing[]; applied: Set<string> } {
  const applied = new Set<string>();
  const entities = made.map(({ record, entity }) => {
    const changed = changing(entity);
    for (const { name, change } of mutations) if (change(changed, record)) applied.add(name);
    return changed;
  });
  return { entities, applied };
}

const rowsThatDiffer = ({ rows }: WholeComparison) =>
  rows.filter(({ different, moved, only_ours, only_theirs }) => different + moved + only_ours + only_theirs > 0);

describe("two sides that are the same", () => {
  test("are equal, each value in its row", async () => {
    const { summary, rows, explained_by, pairs } = await compare(pages, mutated([]).entities);
    const count = made.length;
    expect(summary).toEqual({ ours: count, theirs: count, equal: count, different: 0, only_ours: 0, only_theirs: 0 });
    expect(explained_by).toEqual([]);
    expect(pairs).toEqual([]);
    expect(rows.find(({ row }) => row === "activated")).toEqual({
      row: "activated",
      path: "entity.asset.deployment_status",
      equal: count,
      different: 0,
      moved: 0,
      only_ours: 0,
      only_theirs: 0,
    });
  });
});

describe("a decision that is taken otherwise", () => {
  const each = [
    OWNER_IN_NOUN,
    OWNER_IN_BOTH,
    LAST_USER,
    HOSTNAME_IN_UPPER_CASE,
    KEY_IN_LOWER_CASE,
    USERID_IN_UPPER_CASE,
    NO_DEFAULT_TYPE,
    NO_DEFAULT_STATUS,
  ];
  test.each(each)("$name is found and named", async (mutation) => {
    const { entities, applied } = mutated([mutation]);
    expect(applied).toEqual(new Set([mutation.name]));
    const result = await compare(pages, entities);
    expect(result.explained_by).toEqual([mutation.name]);
    expect(result.summary).toMatchObject({ only_ours: 0, only_theirs: 0 });
    expect(rowsThatDiffer(result)).toMatchSnapshot();
  });

  test("is found whichever side takes it", async () => {
    for (const mutation of each) {
      const { entities } = mutated([mutation]);
      expect((await compare(entities, pages)).explained_by).toEqual([mutation.name]);
    }
  });

  test("any of them together are found and named, and no others", async () => {
    const subsets = fc
      .tuple(fc.constantFrom([], [OWNER_IN_NOUN], [OWNER_IN_BOTH]), fc.subarray(each.slice(3)), fc.boolean())
      .map(([owner, others, isLast]): Mutation[] => [...(isLast ? [LAST_USER] : []), ...owner, ...others]);
    await fc.assert(
      fc.asyncProperty(subsets, fc.boolean(), async (mutations, isTheirs) => {
        const { entities, applied } = mutated(mutations);
        const result = await (isTheirs ? compare(pages, entities) : compare(entities, pages));
        expect(result.explained_by).toEqual(DECISIONS.filter((decision) => applied.has(decision)));
      }),
      { numRuns: 60 },
    );
  });
});
