/** The playground: a page goes in, and what the mapping makes of it is shown beside it. */

import { useMemo, useRef, useState } from "preact/hooks";
import type { Issue } from "../src/core/issue.ts";
import { parseRecordsAt } from "../src/core/page.ts";
import { verdictText } from "../src/preflight/text.ts";
import { DEFAULT_GATE } from "../src/preflight/verdict.ts";
import { jsonOf } from "../src/text/json.ts";
import { fileSource, type Question, textSource, useAnswer } from "./answer.ts";
import { Controls } from "./controls.tsx";
import { useDrop } from "./drop.ts";
import { Entities } from "./entities.tsx";
import { EXAMPLES } from "./examples.ts";
import type { InputRecord } from "./input.ts";
import { InputPanel } from "./input-panel.tsx";
import { Issues } from "./parts/issues.tsx";
import { litBy } from "./parts/lighting.ts";
import { usePointing, useReveal } from "./parts/pointing.ts";
import { RecordList, shownText } from "./parts/record-list.tsx";
import { Rows, wroteText } from "./parts/rows.tsx";
import { holdsText } from "./parts/search.ts";
import { Tree } from "./parts/tree.tsx";
import { PROFILE_TITLES, viewOf } from "./record.ts";
import { ScrubbedCopy } from "./scrubbed.tsx";
import { type Shown, shownOf, shownOfText } from "./shown.ts";

/** What is typed is read at once, but a text of more characters only when typing pauses. */
const READ_AT_ONCE = 100_000;
const PAUSE_MS = 150;

/** The text by which a record is filtered. */
const searched = new WeakMap<InputRecord, string>();

function fits(record: InputRecord, wanted: string): boolean {
  let text = searched.get(record);
  if (text === undefined) {
    text = `${record.title} ${record.detail} ${record.resource} ${jsonOf(record.raw) ?? ""}`.toLowerCase();
    searched.set(record, text);
  }
  return holdsText(text, wanted);
}

/** The hint of an issue that names where the records are. */
const HINTED = /--records-at (\S+) reads/;

export function App() {
  const [question, setQuestion] = useState<Question>(() => ({
    sources: [textSource(EXAMPLES[0].text)],
    recordsAt: "",
    owner: "relation",
    checked: "vendor",
  }));
  const ask = (more: Partial<Question>): void => setQuestion((before) => ({ ...before, ...more }));
  const { loaded, isCurrent } = useAnswer(question);
  const { owner, checked } = question;

  const [shown, setShown] = useState<Shown>(() => shownOfText(EXAMPLES[0].text));
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [isTyping, setTyping] = useState(false);

  /** Reads something else. */
  const take = (next: Shown, more: Partial<Question>): void => {
    clearTimeout(pause.current);
    setTyping(false);
    setShown(next);
    setSelected(0);
    setFilter("");
    ask(more);
  };
  const onText = (text: string): void => take(shownOfText(text), { sources: [textSource(text)] });
  const onType = (text: string): void => {
    if (text.length <= READ_AT_ONCE) {
      onText(text);
      return;
    }
    clearTimeout(pause.current);
    setTyping(true);
    pause.current = setTimeout(() => onText(text), PAUSE_MS);
  };
  const onExample = (name: string): void => {
    const example = EXAMPLES.find((one) => one.name === name);
    if (example === undefined) return;
    const { text, recordsAt = "" } = example;
    take(shownOfText(text), { sources: [textSource(text)], recordsAt });
  };
  const onFiles = async (files: Iterable<File>): Promise<void> => {
    const sources = await Promise.all(Array.from(files, fileSource));
    if (sources.length === 0) return;
    take(await shownOf(sources), { sources });
  };

  const isDropping = useDrop((files) => void onFiles(files));

  const [filter, setFilter] = useState("");
  const [selected, setSelected] = useState(0);
  const records = loaded?.records ?? [];
  const fitting = useMemo(
    () => (filter.trim() === "" ? records : records.filter((one) => fits(one, filter.trim().toLowerCase()))),
    [records, filter],
  );
  const at = Math.min(selected, fitting.length - 1);
  const record = fitting[at];
  const views = useMemo(
    () => (record === undefined ? [] : [viewOf(record, "vendor", owner), viewOf(record, "enriched", owner)]),
    [record, owner],
  );

  const [target, pointing] = usePointing();
  const lit = useMemo(
    () =>
      litBy(
        target,
        views.map(({ trace }) => trace),
      ),
    [target, views],
  );
  const rawPanel = useReveal(lit, target?.kind === "raw");
  const entitiesPanel = useReveal(lit, target?.kind === "value");
  const rowsPanel = useReveal(lit, target?.kind === "row");

  const summary = loaded?.summary;
  const verdict = summary === undefined ? "" : verdictText(summary, DEFAULT_GATE);
  const isReady = verdict.startsWith("READY");
  const isBusy = isTyping || !isCurrent;
  const isPath = question.recordsAt === "" || parseRecordsAt(question.recordsAt) !== undefined;

  const actionOf = (issue: Issue) => {
    const [, path] = HINTED.exec(issue.hint ?? "") ?? [];
    if (path !== undefined) return { text: `Read records at ${path}`, run: () => ask({ recordsAt: path }) };
    const place = records.findIndex(
      (one) => issue.record === one.record && issue.document === one.document && issue.source === one.source,
    );
    if (place < 0 || records.length < 2) return undefined;
    return {
      text: "Show the record",
      run: () => {
        setFilter("");
        setSelected(place);
      },
    };
  };

  return (
    <>
      <header>
        <div class="title">
          <h1>duo-udm playground</h1>
          <p class="quiet">What the mapping makes of Duo pages. Nothing you paste leaves the browser.</p>
        </div>
        <Controls question={question} isPath={isPath} ask={ask} onExample={onExample} onFiles={onFiles} />
      </header>
      <main aria-busy={isBusy}>
        <div class="bar" role="status">
          {summary !== undefined && (
            <>
              <span class={`badge ${isReady ? "good" : "bad"}`}>{isReady ? "READY" : "NOT READY"}</span>
              <span>{verdict.replace(/^(?:NOT )?READY:? ?/, "")}</span>
            </>
          )}
          {!isPath && (
            <span class="severity error">Records at: that is not a path such as result or logs[].data.</span>
          )}
        </div>
        <div class="panels">
          <div class="left">
            <InputPanel shown={shown} onType={onType} onLong={onText} />
            {records.length > 1 && (
              <section class="card" aria-labelledby="records-title">
                <h2 id="records-title">{shownText(fitting.length, records.length)}</h2>
                <input
                  type="search"
                  placeholder="Filter by any value"
                  aria-label="Filter the records"
                  value={filter}
                  onInput={({ currentTarget }) => {
                    setFilter(currentTarget.value);
                    setSelected(0);
                  }}
                />
                <RecordList
                  label="Records"
                  records={fitting.map(({ title, detail, reason }) => ({
                    title,
                    detail,
                    isEntity: reason === undefined,
                  }))}
                  selected={at}
                  onSelect={setSelected}
                />
              </section>
            )}
            <section class="card grows" aria-labelledby="raw-title">
              <div class="heading">
                <h2 id="raw-title">Raw record</h2>
                {record !== undefined && <ScrubbedCopy record={record} />}
              </div>
              <div class="scroll" ref={rawPanel}>
                {record !== undefined && (
                  <>
                    <Tree
                      key={at}
                      label="Raw record"
                      value={record.raw}
                      of={{ kind: "raw" }}
                      lit={lit}
                      pointing={pointing}
                    />
                    {record.pageTimestamp !== undefined && (
                      <Tree
                        label="Page"
                        value={{ envelope: { timestamp: record.pageTimestamp } }}
                        of={{ kind: "raw" }}
                        lit={lit}
                        pointing={pointing}
                      />
                    )}
                  </>
                )}
              </div>
            </section>
          </div>
          <section class="card" data-panel="entities" aria-labelledby="entities-title">
            <h2 id="entities-title">Entities</h2>
            <div class="scroll" ref={entitiesPanel}>
              {views.length === 0 ? (
                <p class="quiet">{isBusy ? "Reading…" : "There is no record to map."}</p>
              ) : (
                <Entities views={views} lit={lit} pointing={pointing} />
              )}
            </div>
          </section>
          <section class="card" data-panel="rows" aria-labelledby="rows-title">
            <h2 id="rows-title">Rows</h2>
            <div class="scroll" ref={rowsPanel}>
              {views.map(({ trace, profile }) => (
                <div key={profile}>
                  <h3>
                    {PROFILE_TITLES[profile]} <span class="quiet">{wroteText(trace)}</span>
                  </h3>
                  <Rows trace={trace} lit={lit} pointing={pointing} />
                </div>
              ))}
            </div>
          </section>
        </div>
        <section class="card" data-panel="issues" aria-labelledby="issues-title">
          <div class="heading">
            <h2 id="issues-title">Issues</h2>
            <span class="choice">
              <label class="choice-label">
                <span>as check reports them, by profile</span>
                <select
                  value={checked}
                  onChange={({ currentTarget }) =>
                    ask({ checked: currentTarget.value === "enriched" ? "enriched" : "vendor" })
                  }
                >
                  <option value="vendor">vendor</option>
                  <option value="enriched">enriched</option>
                </select>
              </label>
            </span>
          </div>
          {summary !== undefined && summary.groups().length === 0 && <p class="quiet">No issues.</p>}
          {summary !== undefined && <Issues summary={summary} action={actionOf} />}
        </section>
      </main>
      {isDropping && <div class="dropping">Drop the files to read them</div>}
    </>
  );
}
