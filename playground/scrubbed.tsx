/** A record with invented people and devices, for a bug report. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Scrubber } from "../src/scrub/scrub.ts";
import { TooDeep } from "../src/scrub/walk.ts";
import { printableJson } from "../src/text/escape.ts";
import type { InputRecord } from "./input.ts";
import { randomDigest } from "./platform/digest.ts";

/** The record scrubbed as `scrub` does it. */
function scrubbedText({ raw, source }: InputRecord): string {
  const scrubber = new Scrubber(randomDigest(), new Set());
  try {
    const text = JSON.stringify(raw, null, 2);
    scrubber.learn(text, raw, source);
    return printableJson(scrubber.replace(text, raw, source));
  } catch (error) {
    // A RangeError: not even JSON.stringify gets to the bottom of it.
    if (error instanceof TooDeep || error instanceof RangeError)
      return "The record is nested too deep to be scrubbed.";
    throw error;
  }
}

export function ScrubbedCopy({ record }: { readonly record: InputRecord }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState<string>();
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (text !== undefined) dialog.current?.showModal();
  }, [text]);
  const copy = async (): Promise<void> => {
    area.current?.select();
    try {
      await navigator.clipboard.writeText(text ?? "");
      setSaid("Copied.");
    } catch {
      setSaid("The browser does not let this page copy. The text is selected: press Ctrl+C.");
    }
  };
  const open = (): void => {
    setSaid("");
    setText(scrubbedText(record));
  };
  return (
    <>
      <button type="button" class="quiet-button" onClick={open}>
        Scrubbed copy
      </button>
      {text !== undefined && (
        <dialog ref={dialog} aria-labelledby="scrubbed-title" onClose={() => setText(undefined)}>
          <h2 id="scrubbed-title">A scrubbed copy for a bug report</h2>
          <p>
            Every name, address, number, identifier, host and free text is replaced by an invented one. What
            every row does with the record stays the same. Read it through before you share it.
          </p>
          <textarea
            ref={area}
            readOnly
            rows={16}
            aria-label="Scrubbed record"
            value={text}
            spellcheck={false}
          />
          <p class="buttons">
            <button type="button" class="button" onClick={copy}>
              Copy
            </button>
            <button type="button" class="quiet-button" onClick={() => dialog.current?.close()}>
              Close
            </button>
            <span role="status">{said}</span>
          </p>
        </dialog>
      )}
    </>
  );
}
