/** Finding who is at fault where one fault refuses all. */

import type { ImportVerdict } from "./client.ts";

/**
 * Sends items, all of them at first, until each is either accepted or refused on its own. A group that is refused
 * is halved until one item is left; what was cut off on the way waits for its turn. After the first find all that
 * wait are sent at once; each further refusal halves the next group, each success doubles it, so that one item in
 * 500 takes 12 requests at most, and 500 in 500 take little more than 500.
 *
 * @returns the refused items, in their order
 */
export async function findRefused<T>(
  items: readonly T[],
  send: (group: readonly T[]) => Promise<ImportVerdict>,
): Promise<T[]> {
  const refused = new Set<T>();
  let waiting = items;
  let size = 2 * items.length;
  let most = items.length;
  while (waiting.length > 0) {
    let group = waiting.slice(0, Math.min(size, most));
    waiting = waiting.slice(group.length);
    let verdict = await send(group);
    if (verdict === "accepted") {
      size *= 2;
      continue;
    }
    size = Math.max(1, Math.floor(size / 2));
    // The half that is left when the other was accepted is at fault, but was not sent by itself.
    let isSent = true;
    while (group.length > 1 && verdict !== "too large") {
      const middle = Math.floor(group.length / 2);
      const [first, second] = [group.slice(0, middle), group.slice(middle)];
      verdict = await send(first);
      isSent = verdict !== "accepted";
      group = isSent ? first : second;
      if (isSent) waiting = [...second, ...waiting];
    }
    if (group.length > 1) {
      // Whether one of them is at fault, nobody has looked.
      most = Math.floor(group.length / 2);
      waiting = [...group, ...waiting];
      continue;
    }
    if (!isSent) verdict = await send(group);
    // Nothing smaller can be sent; what was too large by itself may have been so for another reason.
    if (verdict === "too large") verdict = await send(group);
    if (verdict !== "accepted") for (const item of group) refused.add(item);
  }
  return items.filter((item) => refused.has(item));
}
