import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pairing, type Side } from "../../src/compare/pairing.ts";

interface Named {
  readonly name: string;
  readonly keys: readonly string[];
}

function paired(ours: readonly Named[], theirs: readonly Named[]) {
  const pairs: string[] = [];
  const only: Record<Side, string[]> = { ours: [], theirs: [] };
  let held = 0;
  const pairing = new Pairing<Named>({
    hold: (item) => item,
    pair: (a, b) => pairs.push(`${a.name}=${b.name}`),
    only: (side, { name }) => only[side].push(name),
  });
  for (let at = 0; at <= Math.max(ours.length, theirs.length); at++) {
    for (const [side, items] of [
      ["ours", ours],
      ["theirs", theirs],
    ] as const) {
      const item = items[at];
      if (item !== undefined) pairing.add(side, item);
      else if (at === items.length) pairing.end(side);
    }
    held = Math.max(held, pairing.held);
  }
  return { pairs: pairs.sort(), only, held };
}

const named = (name: string, ...keys: string[]): Named => ({ name, keys });

describe("pairs", () => {
  test("are made of the same key, several of one key in their order", () => {
    const { pairs, only } = paired(
      [named("a1", "a"), named("b1", "b"), named("a2", "a"), named("a3", "a")],
      [named("a4", "a"), named("a5", "a"), named("c1", "c"), named("b2", "b")],
    );
    expect(pairs).toEqual(["a1=a4", "a2=a5", "b1=b2"]);
    expect(only).toEqual({ ours: ["a3"], theirs: ["c1"] });
  });

  test("ignore case only where nothing else pairs", () => {
    const { pairs } = paired(
      [named("1", "id=A"), named("2", "id=a")],
      [named("3", "id=a"), named("4", "id=aA"), named("5", "id=a")],
    );
    expect(pairs).toEqual(["1=5", "2=3"]);
  });

  test("are made by a lower key only where one side lacks the higher one", () => {
    const { pairs, only } = paired(
      [named("1", "id=1", "host=h"), named("2", "host=g"), named("3", "id=3", "host=f")],
      [named("4", "id=9", "host=h"), named("5", "id=8", "host=g"), named("6", "host=f")],
    );
    expect(pairs).toEqual(["2=5", "3=6"]);
    expect(only).toEqual({ ours: ["1"], theirs: ["4"] });
  });

  test("are made of a user and the asset that stands for it, only where nothing else pairs", () => {
    const asset = named("1", "asset.asset_id=DU1");
    const user = named("2", "user.product_object_id=DU1", "user.userid=ada");
    expect(paired([asset], [user]).pairs).toEqual(["1=2"]);
    expect(paired([user], [asset]).pairs).toEqual(["2=1"]);
    expect(paired([asset], [user, named("3", "asset.asset_id=du1")])).toMatchObject({
      pairs: ["1=3"],
      only: { theirs: ["2"] },
    });
    const others = [
      named("4", "user.product_object_id=DU2"),
      named("5", "user.userid=DU1"),
      named("6", "group.product_object_id=DU1"),
      named("7", "asset.product_object_id=DP1", "asset.asset_id=DU2"),
    ];
    expect(paired([asset], others).pairs).toEqual([]);
  });

  test("are made in order of what has no key at all", () => {
    expect(paired([named("1"), named("2")], [named("3")])).toMatchObject({
      pairs: ["1=3"],
      only: { ours: ["2"] },
    });
  });

  test("do not depend on the order of the sides, and nothing is lost", () => {
    const items = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "A", "B"));
    fc.assert(
      fc.property(items, items, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (ours, theirs, order) => {
        const of = (names: readonly string[]): Named[] => names.map((name) => named(name, `id=${name}`));
        const shuffled = theirs
          .map((name, at) => ({ name, at: order[at] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ name }) => name);
        const one = paired(of(ours), of(theirs));
        const other = paired(of(ours), of(shuffled));
        expect(other.pairs).toEqual(one.pairs);
        expect(one.pairs.length + one.only.ours.length).toBe(ours.length);
        expect(one.pairs.length + one.only.theirs.length).toBe(theirs.length);
      }),
    );
  });
});

describe("what waits", () => {
  const many = Array.from({ length: 1000 }, (_, at) => named(String(at), `id=${at}`));

  test("is nothing where the orders agree", () => {
    expect(paired(many, many).held).toBe(0);
  });

  test("is as much as the orders differ by", () => {
    expect(paired(many, many.slice(10)).held).toBeLessThanOrEqual(21);
  });

  test("is nothing that cannot pair, when the other side has ended", () => {
    expect(paired(many, [])).toMatchObject({ held: 1, pairs: [] });
  });
});
