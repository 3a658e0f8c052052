/** One tab stop for a list whose items arrow keys move between. */

import { useRef, useState } from "preact/hooks";

/** Marks the items of the list. */
const ITEM = "[data-item]";

const STEPS: ReadonlyMap<string, (at: number, last: number) => number> = new Map([
  ["ArrowDown", (at: number, last: number) => Math.min(at + 1, last)],
  ["ArrowUp", (at: number) => Math.max(at - 1, 0)],
  ["Home", () => 0],
  ["End", (_: number, last: number) => last],
]);

interface Roving<E extends HTMLElement> {
  /** For the element around the items. */
  readonly list: {
    readonly ref: { current: E | null };
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
  /** For each item. */
  readonly item: (at: number) => { readonly "data-item": number };
  readonly tabIndex: (at: number) => 0 | -1;
  /** Makes an item the tab stop. */
  readonly moveTo: (at: number) => void;
}

/** @param count how many items there are */
export function useRoving<E extends HTMLElement>(count: number): Roving<E> {
  const ref = useRef<E>(null);
  const [current, moveTo] = useState(0);
  const stop = Math.min(current, count - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS.get(event.key);
    const { target } = event;
    if (step === undefined || !(target instanceof Element) || target.closest(ITEM) === null) return;
    event.preventDefault();
    const items = Array.from(ref.current?.querySelectorAll<HTMLElement>(ITEM) ?? []);
    const at = Number(target.closest<HTMLElement>(ITEM)?.dataset["item"] ?? 0);
    const next = step(at, items.length - 1);
    moveTo(next);
    items[next]?.focus();
  };
  return {
    list: { ref, onKeyDown },
    item: (at) => ({ "data-item": at }),
    tabIndex: (at) => (at === stop ? 0 : -1),
    moveTo,
  };
}
