import { describe, expect, it } from "vitest";
import type { IssueCode } from "../../src/core/issue.ts";
import { type CheckTotals, DEFAULT_GATE, type Gate, verdictOf } from "../../src/preflight/verdict.ts";

const FOUND: CheckTotals = {
  documents: 1,
  records: 10,
  entities: 9,
  errors: 0,
  warnings: 2,
  codes: new Map<IssueCode, number>([["HOSTNAME_FORMAT", 2]]),
};

const judge = (gate: Partial<Gate>, found: Partial<CheckTotals> = {}) =>
  verdictOf({ ...FOUND, ...found }, { ...DEFAULT_GATE, ...gate });

const READY = { isReady: true, reasons: [] };
const notReady = (...reasons: string[]) => ({ isReady: false, reasons });

describe("the verdict", () => {
  it("is ready when there is no error", () => {
    expect(judge({})).toEqual(READY);
    expect(judge({}, { errors: 1 })).toEqual(notReady());
  });

  it("lets warnings count where the check is strict", () => {
    expect(judge({ strict: true })).toEqual(notReady("--strict"));
    expect(judge({ strict: true }, { warnings: 0 })).toEqual(READY);
  });

  it("takes as many warnings as are allowed", () => {
    expect(judge({ maxWarnings: 2 })).toEqual(READY);
    expect(judge({ maxWarnings: 1 })).toEqual(notReady("--max-warnings 1"));
    expect(judge({ maxWarnings: 0 }, { warnings: 0 })).toEqual(READY);
  });

  it("wants an entity, or as many as are asked for", () => {
    const atLeast = (value: number, isPercent = false): Partial<Gate> => ({
      minEntities: { value, isPercent },
    });
    expect(judge({}, { entities: 0 })).toEqual(notReady("--min-entities 1"));
    expect(judge(atLeast(0), { entities: 0 })).toEqual(READY);
    expect(judge(atLeast(9))).toEqual(READY);
    expect(judge(atLeast(10))).toEqual(notReady("--min-entities 10"));
    expect(judge(atLeast(90, true))).toEqual(READY);
    expect(judge(atLeast(91, true))).toEqual(notReady("--min-entities 91%"));
  });

  it("is never ready without any input", () => {
    const none = { documents: 0, records: 0, entities: 0, warnings: 0 };
    for (const isPercent of [false, true]) {
      expect(judge({ minEntities: { value: 0, isPercent } }, none).isReady).toBe(false);
    }
    const empty = { ...none, documents: 1 };
    expect(judge({ minEntities: { value: 50, isPercent: true } }, empty).isReady).toBe(false);
  });

  it("fails on a code that is named, unless it is ignored", () => {
    const failOn = new Set<IssueCode>(["HOSTNAME_FORMAT", "PHONE_FORMAT"]);
    expect(judge({ failOn })).toEqual(notReady("--fail-on HOSTNAME_FORMAT"));
    expect(judge({ failOn, ignore: new Set<IssueCode>(["HOSTNAME_FORMAT"]) })).toEqual(READY);
  });

  it("names everything that stands against it", () => {
    const gate = { strict: true, maxWarnings: 1, failOn: new Set<IssueCode>(["HOSTNAME_FORMAT"]) };
    expect(judge(gate, { entities: 0 }).reasons).toEqual([
      "--strict",
      "--max-warnings 1",
      "--min-entities 1",
      "--fail-on HOSTNAME_FORMAT",
    ]);
  });
});
