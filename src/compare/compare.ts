/** Compares two sides that come as streams, each in its own order. */

import {
  Comparing,
  type Comparison,
  type ComparisonOptions,
  type PairReport,
  type SideEvent,
} from "./comparison.ts";

type Events = AsyncIterable<SideEvent> | Iterable<SideEvent>;

function iteratorOf(events: Events): AsyncIterator<SideEvent> | Iterator<SideEvent> {
  return Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
}

/** Reads both sides in step, so that only as many entities wait as the orders differ by. */
export async function readInStep(ours: Events, theirs: Events, comparing: Comparing): Promise<void> {
  const reading = new Map([
    ["ours" as const, iteratorOf(ours)],
    ["theirs" as const, iteratorOf(theirs)],
  ]);
  try {
    while (reading.size > 0) {
      for (const [side, events] of reading) {
        const next = await events.next();
        if (next.done !== true) {
          comparing.add(side, next.value);
          continue;
        }
        reading.delete(side);
        comparing.end(side);
      }
    }
  } finally {
    for (const events of reading.values()) await events.return?.();
  }
}

/** A comparison with all pairs that are not equal, as JSON has it. */
export interface WholeComparison extends Comparison {
  readonly pairs: readonly PairReport[];
}

/** Compares two sides and keeps every pair that is not equal. */
export async function compareSides(
  ours: Events,
  theirs: Events,
  options: Omit<ComparisonOptions, "onPair">,
): Promise<WholeComparison> {
  const pairs: PairReport[] = [];
  const comparing = new Comparing({ ...options, onPair: (pair) => pairs.push(pair) });
  await readInStep(ours, theirs, comparing);
  return { ...comparing.result(), pairs };
}
