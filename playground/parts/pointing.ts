/** Tells what is pointed at, with the mouse or the keyboard, and brings what it lights up into view. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { keyOf, type Target } from "./lighting.ts";

/** What panels tell their page. The pointer and the focus each point at one thing, or at nothing. */
export interface Pointing {
  readonly onHover: (target: Target | undefined) => void;
  readonly onFocus: (target: Target | undefined) => void;
}

/** The events of an element that can be pointed at. A pointer that rests while the page moves below it points at nothing new. */
export function pointed({ onHover, onFocus }: Pointing, target: Target) {
  return {
    onPointerMove: () => onHover(target),
    onPointerLeave: () => onHover(undefined),
    onFocus: () => onFocus(target),
    onBlur: () => onFocus(undefined),
  };
}

interface Pointers {
  readonly hovered?: Target | undefined;
  readonly focused?: Target | undefined;
  readonly isFocusLast: boolean;
}

const same = (one: Target | undefined, other: Target | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && keyOf(one) === keyOf(other));

/** What is pointed at: the mouse or the focus, whichever moved last. */
export function usePointing(): readonly [Target | undefined, Pointing] {
  const [{ hovered, focused, isFocusLast }, set] = useState<Pointers>({ isFocusLast: false });
  const pointing = useMemo<Pointing>(
    () => ({
      onHover: (target) =>
        set((before) =>
          same(before.hovered, target) && !before.isFocusLast
            ? before
            : { ...before, hovered: target, isFocusLast: target === undefined },
        ),
      onFocus: (target) =>
        set((before) => ({ ...before, focused: target, isFocusLast: target !== undefined })),
    }),
    [],
  );
  return [isFocusLast ? (focused ?? hovered) : (hovered ?? focused), pointing];
}

/** Scrolls what is lit into view: within its panel only, so that what is pointed at stays where it is. */
function reveal(panel: HTMLElement): void {
  const lit = Array.from(panel.querySelectorAll<HTMLElement>(".lit"));
  const frame = panel.getBoundingClientRect();
  const places = lit.map((one) => one.getBoundingClientRect());
  const isSeen = places.some(({ top, bottom }) => top >= frame.top && bottom <= frame.bottom);
  const [first] = places;
  if (isSeen || first === undefined || panel.scrollHeight <= panel.clientHeight) return;
  panel.scrollTop += first.top - frame.top - panel.clientHeight / 3;
}

/**
 * For the element that scrolls in a panel: what is lit in it comes into view.
 *
 * @param isOwn whether what is pointed at is in this panel, which then stays as it is
 */
export function useReveal(lit: ReadonlySet<string>, isOwn: boolean) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOwn && lit.size > 0 && panel.current !== null) reveal(panel.current);
  }, [lit, isOwn]);
  return panel;
}
