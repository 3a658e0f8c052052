/** Makes pairs of the entities of two sides as they come, and holds no more of them than the sides' order asks for. */

import { userOf } from "./identity.ts";

export type Side = "ours" | "theirs";
export const OTHER_SIDE = { ours: "theirs", theirs: "ours" } as const;

/** What pairs are made by: the keys of an entity, by falling rank. It is known by the first. */
export interface Paired {
  readonly keys: readonly string[];
}

export interface PairingEvents<T extends Paired> {
  /** What is kept of an item that has to wait. */
  hold(item: T): T;
  pair(ours: T, theirs: T): void;
  /** Nothing on the other side pairs with it. */
  only(side: Side, item: T): void;
}

/** Most items that may wait as they are. */
const FEW = 1_000;

/** Entities that wait, those of one key in their order. */
class Waiting<T extends Paired> {
  readonly #items = new Map<string, T[]>();
  count = 0;

  add(item: T): void {
    const key = knownBy(item);
    const queue = this.#items.get(key);
    if (queue === undefined) this.#items.set(key, [item]);
    else queue.push(item);
    this.count++;
  }

  /** The first that is known by the key; it waits no longer. */
  take(key: string): T | undefined {
    const queue = this.#items.get(key);
    const item = queue?.shift();
    if (item === undefined) return undefined;
    if (queue?.length === 0) this.#items.delete(key);
    this.count--;
    return item;
  }

  all(): T[] {
    return [...this.#items.values()].flat();
  }
}

/** Entities without any key pair in their order. */
const knownBy = ({ keys }: Paired): string => keys[0] ?? "";
const folded = (key: string): string => key.toLowerCase();

/** All that may make a pair of an item. */
function textsOf({ keys }: Paired): string[] {
  return [...keys, ...keys.map(folded), userOf(keys) ?? []].flat();
}

/** Items by a text, of which one may have several; those that are gone are passed over. */
class Lookup<T> {
  readonly #items = new Map<string, T[]>();
  readonly #left: ReadonlySet<T>;

  constructor(left: ReadonlySet<T>, textsOf: (item: T) => readonly string[]) {
    this.#left = left;
    for (const item of left) {
      for (const text of textsOf(item)) {
        const items = this.#items.get(text);
        if (items === undefined) this.#items.set(text, [item]);
        else items.push(item);
      }
    }
  }

  first(text: string): T | undefined {
    const items = this.#items.get(text) ?? [];
    while (items[0] !== undefined && !this.#left.has(items[0])) items.shift();
    return items[0];
  }
}

export class Pairing<T extends Paired> {
  readonly #events: PairingEvents<T>;
  readonly #waiting = { ours: new Waiting<T>(), theirs: new Waiting<T>() };
  readonly #isEnded = { ours: false, theirs: false };
  /** Every key, also folded, of what waits on a side that has ended. */
  readonly #known: { [S in Side]?: ReadonlySet<string> } = {};

  constructor(events: PairingEvents<T>) {
    this.#events = events;
  }

  /** How many entities wait for their counterparts. */
  get held(): number {
    return this.#waiting.ours.count + this.#waiting.theirs.count;
  }

  add(side: Side, item: T): void {
    const other = OTHER_SIDE[side];
    const found = this.#waiting[other].take(knownBy(item));
    if (found !== undefined) this.#pair(side, item, found);
    else if (this.#isEnded[other] && !this.#mayPair(other, item)) this.#events.only(side, item);
    else this.#waiting[side].add(this.held < FEW ? item : this.#events.hold(item));
  }

  /** No more entities come on this side. */
  end(side: Side): void {
    this.#isEnded[side] = true;
    if (this.#isEnded[OTHER_SIDE[side]]) this.#finish();
  }

  #pair(side: Side, item: T, found: T): void {
    if (side === "ours") this.#events.pair(item, found);
    else this.#events.pair(found, item);
  }

  #mayPair(other: Side, item: T): boolean {
    let known = this.#known[other];
    if (known === undefined) {
      known = new Set(this.#waiting[other].all().flatMap(textsOf));
      this.#known[other] = known;
    }
    return textsOf(item).some((text) => known.has(text));
  }

  /**
   * Pairs what is left: first by a lower key, where one side lacks the higher ones; then by keys in any case; then a
   * user with the asset that stands for the same user.
   */
  #finish(): void {
    const ours = new Set(this.#waiting.ours.all());
    const theirs = new Set(this.#waiting.theirs.all());
    const known = new Lookup(theirs, (item) => [knownBy(item)]);
    const any = new Lookup(theirs, ({ keys }) => keys);
    this.#pairLeft(ours, theirs, ({ keys: [first, ...others] }) => {
      const found = first === undefined ? undefined : any.first(first);
      return found ?? others.map((key) => known.first(key)).find((one) => one !== undefined);
    });
    const byCase = new Lookup(theirs, (item) => [folded(knownBy(item))]);
    this.#pairLeft(ours, theirs, (item) => byCase.first(folded(knownBy(item))));
    const byUser = new Lookup(theirs, ({ keys }) => [userOf(keys) ?? []].flat());
    this.#pairLeft(ours, theirs, ({ keys }) => {
      const user = userOf(keys);
      return user === undefined ? undefined : byUser.first(user);
    });
    for (const item of ours) this.#events.only("ours", item);
    for (const item of theirs) this.#events.only("theirs", item);
  }

  #pairLeft(ours: Set<T>, theirs: Set<T>, counterpartOf: (item: T) => T | undefined): void {
    for (const item of [...ours]) {
      const found = counterpartOf(item);
      if (found === undefined) continue;
      ours.delete(item);
      theirs.delete(found);
      this.#events.pair(item, found);
    }
  }
}
