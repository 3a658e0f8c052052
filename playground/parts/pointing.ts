/** Tells what is pointed at, with the mouse or with the keyboard. */

import type { Target } from "./lighting.ts";

/** What panels tell their page: the pointer and the focus each point at one thing, or at nothing. */
export interface Pointing {
  readonly onHover: (target: Target | undefined) => void;
  readonly onFocus: (target: Target | undefined) => void;
}

/** The events of an element that can be pointed at. */
export function pointed({ onHover, onFocus }: Pointing, target: Target) {
  return {
    onPointerEnter: () => onHover(target),
    onPointerLeave: () => onHover(undefined),
    onFocus: () => onFocus(target),
    onBlur: () => onFocus(undefined),
  };
}

/** Scrolls what is lit into view: within its panel only, so that what is pointed at stays where it is. */
export function reveal(panel: HTMLElement): void {
  const lit = Array.from(panel.querySelectorAll<HTMLElement>(".lit"));
  const frame = panel.getBoundingClientRect();
  const places = lit.map((one) => one.getBoundingClientRect());
  const isSeen = places.some(({ top, bottom }) => top >= frame.top && bottom <= frame.bottom);
  const [first] = places;
  if (isSeen || first === undefined || panel.scrollHeight <= panel.clientHeight) return;
  panel.scrollTop += first.top - frame.top - panel.clientHeight / 3;
}
