/** The rows of a table: what each did with a record, and its documentation to be folded out. */

import { useState } from "preact/hooks";
import type { RawRead, RowTrace } from "../../src/core/notes.ts";
import { ruleInWords } from "../../src/profiles/documentation.ts";
import { valueText } from "../../src/text/escape.ts";
import { clip } from "../../src/text/layout.ts";
import { count } from "../../src/text/numbers.ts";
import { keyOf, type Target, type Trace } from "./lighting.ts";
import { type Pointing, pointed } from "./pointing.ts";
import { useRoving } from "./roving.ts";

/** The most characters of a value, and the most values of a row, that are shown. */
const MOST_CHARACTERS = 120;
const MOST_VALUES = 20;

const FOUND: { readonly [F in RawRead["found"]]: string } = {
  value: "",
  missing: "missing",
  null: "null",
  blank: "blank",
  wrong_type: "of a type that cannot be read",
};

/** What became of a row, in a few words. */
function outcomeText({ outcome, by, because }: RowTrace): string {
  switch (outcome) {
    case "outranked":
      return `outranked by ${by}`;
    case "repeated":
      return `the same as ${by}`;
    case "no_owner":
      return "no owner";
    case "default":
      return "wrote its default";
    case "invalid":
      return because === undefined ? "invalid" : `invalid: ${because}`;
    default:
      return outcome;
  }
}

function Documentation({ trace, id }: { readonly trace: RowTrace; readonly id: string }) {
  const { row, reads, writes } = trace;
  const more = (all: readonly unknown[]) =>
    all.length > MOST_VALUES ? <dd>and {all.length - MOST_VALUES} more</dd> : null;
  return (
    <dl id={id} class="documentation">
      <dt>Log field</dt>
      <dd>{row.log_field === "" ? "none: a constant" : <code>{row.log_field}</code>}</dd>
      <dt>UDM field</dt>
      <dd>
        <code>{row.udm}</code>
      </dd>
      {row.logic !== "" && (
        <>
          <dt>Logic</dt>
          <dd>{row.logic}</dd>
        </>
      )}
      <dt>Rule</dt>
      <dd>{ruleInWords(row.rule)}</dd>
      {row.decisions !== undefined && (
        <>
          <dt>Decisions</dt>
          <dd>{row.decisions.map((number) => `D${number}`).join(", ")} in DECISIONS.md</dd>
        </>
      )}
      {reads.length > 0 && (
        <>
          <dt>Read</dt>
          {reads.slice(0, MOST_VALUES).map(({ path, found, value }) => (
            <dd key={path}>
              <code>{path}</code> {found === "value" ? clip(valueText(value), MOST_CHARACTERS) : FOUND[found]}
            </dd>
          ))}
          {more(reads)}
        </>
      )}
      {writes.length > 0 && (
        <>
          <dt>Wrote</dt>
          {writes.slice(0, MOST_VALUES).map(({ path, value }) => (
            <dd key={path}>
              <code>{path}</code> {clip(valueText(value), MOST_CHARACTERS)}
            </dd>
          ))}
          {more(writes)}
        </>
      )}
    </dl>
  );
}

/** How many rows of a trace wrote something: `7 of 32 rows wrote`. */
export function wroteText({ rows }: Trace): string {
  if (rows.length === 0) return "no table maps this record";
  const wrote = rows.filter(({ writes }) => writes.length > 0).length;
  return `${wrote} of ${count(rows.length, "row")} wrote`;
}

interface RowsProps {
  readonly trace: Trace;
  readonly lit: ReadonlySet<string>;
  readonly pointing: Pointing;
}

const LABEL = /\.labels\.key: "([^"]*)", .*$/;

/** The UDM cell in short: without `entity.`, and a label by its key. */
function targetText(udm: string): string {
  return udm.replace(LABEL, '.labels["$1"]').replace(/^entity\./, "");
}

export function Rows({ trace, lit, pointing }: RowsProps) {
  const { profile, rows } = trace;
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const roving = useRoving<HTMLUListElement>(rows.length);
  const toggle = (at: number): void => {
    const next = new Set(open);
    if (!next.delete(at)) next.add(at);
    setOpen(next);
  };
  return (
    <ul class="rows" aria-label={`Rows of the ${profile} table`} {...roving.list}>
      {rows.map((one, at) => {
        const target: Target = { kind: "row", profile, row: at };
        const { onFocus, ...events } = pointed(pointing, target);
        const id = `row-${profile}-${at}`;
        const isOpen = open.has(at);
        const state = one.writes.length > 0 ? "wrote" : "silent";
        return (
          <li key={id}>
            <button
              type="button"
              class={`row ${state} ${one.outcome} ${lit.has(keyOf(target)) ? "lit" : ""}`}
              data-row={one.row.log_field}
              aria-expanded={isOpen}
              {...(isOpen && { "aria-controls": id })}
              onClick={() => toggle(at)}
              {...events}
              {...roving.item(at)}
              tabIndex={roving.tabIndex(at)}
              onFocus={() => {
                roving.moveTo(at);
                onFocus();
              }}
            >
              <span class="field code">{one.row.log_field === "" ? "constant" : one.row.log_field}</span>
              <span class="target code">{targetText(one.row.udm)}</span>
              <span class="outcome">{outcomeText(one)}</span>
            </button>
            {isOpen && <Documentation trace={one} id={id} />}
          </li>
        );
      })}
    </ul>
  );
}
