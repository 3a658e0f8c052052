/** A list of records to choose from. Only those in view are in the document, however many there are. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { count, number } from "../../src/text/numbers.ts";

interface ListedRecord {
  /** What the record is known by. */
  readonly title: string;
  readonly detail: string;
  /** Whether it makes an entity. */
  readonly isEntity: boolean;
}

/** The records: an array, or what makes those in view when they come into view. */
interface ListedRecords {
  readonly length: number;
  slice(from: number, to: number): readonly ListedRecord[];
}

interface RecordListProps {
  readonly label: string;
  readonly records: ListedRecords;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

/** The height of a record in pixels, as the style has it. */
const HEIGHT = 34;
/** How many records above and below those in view are in the document too. */
const BEYOND = 6;
/** How many records a page key moves by. */
const PAGE = 8;

const STEPS: ReadonlyMap<string, (at: number, last: number) => number> = new Map([
  ["ArrowDown", (at: number) => at + 1],
  ["ArrowUp", (at: number) => at - 1],
  ["PageDown", (at: number) => at + PAGE],
  ["PageUp", (at: number) => at - PAGE],
  ["Home", () => 0],
  ["End", (_: number, last: number) => last],
]);

export function RecordList({ label, records, selected, onSelect }: RecordListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 10 * HEIGHT });
  const look = (): void => {
    const { current } = frame;
    if (current !== null) setView({ top: current.scrollTop, height: current.clientHeight });
  };
  useLayoutEffect(look, [records.length]);
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const top = selected * HEIGHT;
    if (top < current.scrollTop) current.scrollTop = top;
    else if (top + HEIGHT > current.scrollTop + current.clientHeight) {
      current.scrollTop = top + HEIGHT - current.clientHeight;
    }
  }, [selected, records]);
  const first = Math.max(0, Math.floor(view.top / HEIGHT) - BEYOND);
  const last = Math.min(records.length, Math.ceil((view.top + view.height) / HEIGHT) + BEYOND);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS.get(event.key);
    if (step === undefined || records.length === 0) return;
    event.preventDefault();
    onSelect(Math.max(0, Math.min(step(selected, records.length - 1), records.length - 1)));
  };
  const idOf = (at: number): string => `record-${at}`;
  return (
    <div
      class="record-list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      ref={frame}
      onScroll={look}
      onKeyDown={onKeyDown}
      {...(selected >= first && selected < last && { "aria-activedescendant": idOf(selected) })}
    >
      <div role="presentation" style={{ height: `${records.length * HEIGHT}px` }}>
        {records.slice(first, last).map(({ title, detail, isEntity }, offset) => {
          const at = first + offset;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its option
            <div
              key={at}
              id={idOf(at)}
              class={`record ${isEntity ? "entity" : "skipped"}`}
              role="option"
              aria-selected={at === selected}
              aria-posinset={at + 1}
              aria-setsize={records.length}
              style={{ top: `${at * HEIGHT}px` }}
              onClick={() => onSelect(at)}
            >
              <span class="title">{title}</span>
              <span class="detail">{detail}</span>
            </div>
          );
        })}
      </div>
      {records.length === 0 && <p class="quiet">No record fits the filter.</p>}
    </div>
  );
}

/** `3 of 8,000 records` */
export function shownText(shown: number, all: number): string {
  return shown === all ? count(all, "record") : `${number(shown)} of ${count(all, "record")}`;
}
