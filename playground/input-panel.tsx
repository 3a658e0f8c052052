/** The panel that a page is typed or pasted into. It shows only the beginning of a long text, to stay quick. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { MOST_SHOWN, type Shown } from "./shown.ts";

interface InputPanelProps {
  readonly shown: Shown;
  /** Told of all that the panel holds, at every change. */
  readonly onType: (text: string) => void;
  /** Told of a text that is too long for the panel. */
  readonly onLong: (text: string) => void;
}

export function InputPanel({ shown, onType, onLong }: InputPanelProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (area.current !== null) area.current.value = shown.text;
  }, [shown]);
  const onBeforeInput = (event: InputEvent & { readonly currentTarget: HTMLTextAreaElement }): void => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const isAll = selectionStart === 0 && selectionEnd === value.length;
    const data = event.data ?? "";
    if (data.length > MOST_SHOWN) {
      event.preventDefault();
      onLong(value.slice(0, selectionStart) + data + value.slice(selectionEnd));
    } else if (shown.isCut && !isAll) {
      // What is not shown would be lost.
      event.preventDefault();
    }
  };
  return (
    <section class="card input">
      <h2>
        <label for="input">Input</label>
      </h2>
      <textarea
        id="input"
        data-panel="input"
        ref={area}
        spellcheck={false}
        autocomplete="off"
        placeholder="Paste a page, records, NDJSON"
        onBeforeInput={onBeforeInput}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
      {shown.isCut && (
        <p class="quiet">
          This is the beginning; all of it is read. To type something else, select everything.
        </p>
      )}
    </section>
  );
}
