import fc from "fast-check";
import { expect, test } from "vitest";
import { DECISIONS, type Decision } from "../../src/compare/differences.ts";
import { documentsOf, readPage } from "../../src/core/page.ts";
import { type ParserDifference, parseLog } from "../../src/simulator/parser.ts";
import { answer, compare } from "../support/comparing.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";

const pages = PAGES.map(readFixture);
const records = pages.flatMap((page) => documentsOf(page).flatMap((one) => readPage(one).records));

const OF_ENTITIES = ["first_user", "case", "default_type", "default_status"] as const;
const differences = fc
  .tuple(
    fc.constantFrom<ParserDifference[]>([], ["owner=noun"], ["owner=both"]),
    fc.subarray([...OF_ENTITIES]),
  )
  .map(([owner, others]) => [...owner, ...others]);

function answersTo(logs: readonly unknown[], chosen: readonly ParserDifference[]) {
  return answer(
    ...logs.map((log) => ({ log, entities: parseLog(JSON.stringify(log), chosen, COLLECTED_AT) })),
  );
}

const named = (chosen: readonly ParserDifference[]): Decision[] =>
  DECISIONS.filter((decision) => chosen.some((one) => one === decision));

test("every difference that the simulated parser can have is named, alone and together, in both forms", async () => {
  await fc.assert(
    fc.asyncProperty(differences, fc.constantFrom(records, pages), async (chosen, logs) => {
      const { summary, explained_by } = await compare(pages, [answersTo(logs, chosen)]);
      expect(summary).toMatchObject({ only_ours: 0, only_theirs: 0 });
      expect(explained_by).toEqual(named(chosen));
    }),
    { numRuns: 20 },
  );
});

test("pages that the simulated parser leaves closed are told, and its records are equal", async () => {
  expect((await compare(pages, [answersTo(pages, ["response=closed"])])).explained_by).toEqual(["response"]);
  const { summary } = await compare(pages, [answersTo(records, ["response=closed"])]);
  expect(summary).toMatchObject({ different: 0, only_ours: 0, only_theirs: 0 });
});
