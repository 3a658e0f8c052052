import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImportVerdict } from "../../src/secops/client.ts";
import { findRefused } from "../../src/secops/halving.ts";

/** Items 0 to n - 1 into an API that refuses a group for one bad item, and a group of more than `most`. */
async function tryOut(n: number, bad: ReadonlySet<number>, most = Number.POSITIVE_INFINITY) {
  const accepted: number[] = [];
  let requests = 0;
  const refused = await findRefused(
    Array.from({ length: n }, (_, item) => item),
    async (group): Promise<ImportVerdict> => {
      requests++;
      expect(group.length).toBeGreaterThan(0);
      if (group.length > most) return "too large";
      if (group.some((item) => bad.has(item))) return "refused";
      accepted.push(...group);
      return "accepted";
    },
  );
  return { accepted, refused, requests };
}

const bound = (n: number, bad: number): number => 2 * bad * Math.log2(n) + 1;

const numbers = (items: Iterable<number>): number[] => [...items].sort((a, b) => a - b);
const good = (n: number, bad: ReadonlySet<number>): number[] =>
  Array.from({ length: n }, (_, item) => item).filter((item) => !bad.has(item));

describe("finding who is refused", () => {
  it("takes one request when nobody is", async () => {
    expect(await tryOut(500, new Set())).toMatchObject({ refused: [], requests: 1 });
  });

  it("sends nothing when there is nothing", async () => {
    expect(await tryOut(0, new Set())).toMatchObject({ refused: [], requests: 0 });
  });

  it("takes twelve requests at most for one in 500", async () => {
    const requests = await Promise.all(
      Array.from({ length: 500 }, async (_, item) => (await tryOut(500, new Set([item]))).requests),
    );
    expect(Math.max(...requests)).toBe(12);
  });

  it("takes little more than one request an item when all are", async () => {
    const all = new Set(Array.from({ length: 500 }, (_, item) => item));
    const { refused, requests } = await tryOut(500, all);
    expect(refused).toEqual([...all]);
    expect(requests).toBeLessThan(550);
  });

  it("finds every set of up to ten items within the bound, and has all others accepted once", async () => {
    for (let n = 1; n <= 10; n++) {
      for (let mask = 0; mask < 2 ** n; mask++) {
        const bad = new Set(
          Array.from({ length: n }, (_, item) => item).filter((item) => (mask >> item) & 1),
        );
        const { accepted, refused, requests } = await tryOut(n, bad);
        expect(refused).toEqual([...bad]);
        expect(numbers(accepted)).toEqual(good(n, bad));
        expect(requests).toBeLessThanOrEqual(bound(n, bad.size));
      }
    }
  });

  it("holds to the bound for any set of any size", () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 600 })
          .chain((n) =>
            fc.tuple(fc.constant(n), fc.uniqueArray(fc.nat(n - 1), { maxLength: Math.min(n, 60) })),
          ),
        async ([n, items]) => {
          const bad = new Set(items);
          const { accepted, refused, requests } = await tryOut(n, bad);
          expect(refused).toEqual(numbers(bad));
          expect(numbers(accepted)).toEqual(good(n, bad));
          expect(requests).toBeLessThanOrEqual(bound(n, bad.size));
        },
      ),
    ));

  it("halves what is too large until it is not, and still finds the refused", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        fc.uniqueArray(fc.nat(99), { maxLength: 5 }),
        async (n, most, items) => {
          const bad = new Set(items.filter((item) => item < n));
          const { accepted, refused } = await tryOut(n, bad, most);
          expect(refused).toEqual(numbers(bad));
          expect(numbers(accepted)).toEqual(good(n, bad));
        },
      ),
    ));

  it("believes that an item is too large by itself when it is told twice", async () => {
    const verdicts: ImportVerdict[] = ["too large", "accepted"];
    expect(await findRefused([1], async () => verdicts.shift() ?? "refused")).toEqual([]);
    expect(verdicts).toEqual([]);
  });

  it("finds an item that is too large by itself", async () => {
    expect(await tryOut(3, new Set(), 0)).toMatchObject({ accepted: [], refused: [0, 1, 2] });
  });

  it("refuses nobody where only the whole was refused", async () => {
    let requests = 0;
    const refused = await findRefused([1, 2, 3, 4], async (group) => {
      requests++;
      return group.length > 2 ? "refused" : "accepted";
    });
    expect(refused).toEqual([]);
    expect(requests).toBeLessThan(8);
  });
});
