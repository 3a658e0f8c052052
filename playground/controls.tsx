/** Where the input comes from, and how it is read. */

import { OWNERS } from "../src/profiles/vendor.ts";
import type { Question } from "./answer.ts";
import { EXAMPLES } from "./examples.ts";

interface ControlsProps {
  readonly question: Question;
  /** Whether the place of the records is a path. */
  readonly isPath: boolean;
  readonly ask: (more: Partial<Question>) => void;
  readonly onExample: (name: string) => void;
  readonly onFiles: (files: Iterable<File>) => Promise<void>;
}

export function Controls({ question, isPath, ask, onExample, onFiles }: ControlsProps) {
  const { recordsAt, owner } = question;
  return (
    <div class="controls">
      <label>
        <span>Example</span>
        <select onChange={({ currentTarget }) => onExample(currentTarget.value)}>
          {EXAMPLES.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Or your own files</span>
        <input
          type="file"
          multiple
          accept=".json,.ndjson,.jsonl,.gz"
          onChange={({ currentTarget }) => void onFiles(currentTarget.files ?? [])}
        />
      </label>
      <label>
        <span>Records at</span>
        <input
          type="text"
          class="code"
          value={recordsAt}
          placeholder="result, logs[].data"
          spellcheck={false}
          autocomplete="off"
          aria-invalid={!isPath}
          onInput={({ currentTarget }) => ask({ recordsAt: currentTarget.value.trim() })}
        />
      </label>
      <fieldset>
        <legend>Owner, vendor profile</legend>
        {OWNERS.map((one) => (
          <label key={one} class="radio">
            <input type="radio" name="owner" checked={one === owner} onChange={() => ask({ owner: one })} />
            {one}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
