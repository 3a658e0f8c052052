/** What the records are filtered and sorted by. */

import type { Profile } from "../../src/core/profile.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { rowsFor } from "../../src/coverage/coverage.ts";
import type { RecordSearch } from "../../src/report/links.ts";
import { shortTarget } from "../../src/report/markup.ts";
import { number } from "../../src/text/numbers.ts";
import { ORDERS, type Order } from "./find.ts";
import type { Held } from "./held.ts";

interface Choice {
  readonly value: string;
  readonly words: string;
}

interface ChoosingProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

function Choosing({ label, choices, value, onChange }: ChoosingProps) {
  return (
    <label class="choosing">
      <span>{label}</span>
      <select value={value ?? ""} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The values that occur, the most frequent first. */
function counted(values: Iterable<string>): Choice[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Array.from(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([value, many]) => ({ value, words: `${value} (${number(many)})` }));
}

const ORDER: readonly string[] = [...RESOURCES, "unknown"];

/** The choices that the records offer. They stay the same while the page is open. */
export function choicesOf({ explored: { records } }: Held) {
  const inOrder = ({ value }: Choice): number => ORDER.indexOf(value);
  return {
    resource: counted(records.map(({ resource }) => resource)).sort((a, b) => inOrder(a) - inOrder(b)),
    reason: counted(records.flatMap(({ reason }) => reason ?? [])),
    issue: counted(records.flatMap(({ codes }) => codes)),
  };
}

/** A row of a resource's table, as a person knows it. */
function rowText(profile: Profile, { resource, row }: RecordSearch): string {
  const one = rowsFor(profile, RESOURCES.find((name) => name === resource) ?? "unknown")[Number(row)];
  return one === undefined ? `row ${row}` : `${one.log_field} → ${shortTarget(one.udm)}`;
}

/** The filters that came with a number of the report. */
function chipsOf(profile: Profile, search: RecordSearch): { text: string; without: RecordSearch }[] {
  const { drop, row, field, chart, value, issue = "" } = search;
  return [
    ...(issue.includes(" ") ? [{ text: issue, without: { ...search, issue: "" } }] : []),
    ...(drop === undefined ? [] : [{ text: "SecOps may drop", without: { ...search, drop: "" } }]),
    ...(row === undefined
      ? []
      : [{ text: `wrote ${rowText(profile, search)}`, without: { ...search, row: "" } }]),
    ...(field === undefined ? [] : [{ text: `has ${field}`, without: { ...search, field: "" } }]),
    ...(chart === undefined
      ? []
      : [{ text: `${chart}: ${value}`, without: { ...search, chart: "", value: "" } }]),
  ];
}

interface FiltersProps {
  readonly choices: ReturnType<typeof choicesOf>;
  readonly profile: Profile;
  readonly search: RecordSearch;
  readonly order: Order;
  readonly onSearch: (search: RecordSearch) => void;
  readonly onOrder: (order: Order) => void;
}

export function Filters({ choices, profile, search, order, onSearch, onOrder }: FiltersProps) {
  const any = { value: "", words: "any" };
  const chips = chipsOf(profile, search);
  const isFiltered = Object.values(search).some((value) => value !== "");
  return (
    <search class="filters">
      <label class="choosing wide">
        <span>Text</span>
        <input
          type="search"
          value={search.text ?? ""}
          placeholder="Any name, address or value"
          onInput={({ currentTarget }) => onSearch({ ...search, text: currentTarget.value })}
        />
      </label>
      <Choosing
        label="Resource"
        choices={[any, ...choices.resource]}
        value={search.resource}
        // Rows and charts are those of a resource.
        onChange={(resource) => onSearch({ ...search, resource, row: "", chart: "", value: "" })}
      />
      <Choosing
        label="Entity"
        choices={[
          any,
          { value: "yes", words: "made" },
          { value: "no", words: "none" },
          ...choices.reason.map(({ value, words }) => ({ value, words: `none: ${words}` })),
        ]}
        value={search.made}
        onChange={(made) => onSearch({ ...search, made })}
      />
      <Choosing
        label="Owner"
        choices={[any, { value: "yes", words: "named" }, { value: "no", words: "missing" }]}
        value={search.owner}
        onChange={(owner) => onSearch({ ...search, owner })}
      />
      <Choosing
        label="Issue"
        choices={[any, ...choices.issue]}
        value={search.issue?.replace(/ .*/s, "")}
        onChange={(issue) => onSearch({ ...search, issue })}
      />
      <Choosing
        label="Order"
        choices={ORDERS.map(({ name, words }) => ({ value: name, words }))}
        value={order}
        onChange={(name) => onOrder(ORDERS.find((one) => one.name === name)?.name ?? "read")}
      />
      {isFiltered && (
        <div class="chips">
          {chips.map(({ text, without }) => (
            <button key={text} type="button" class="quiet-button" onClick={() => onSearch(without)}>
              {text} <span aria-hidden="true">×</span>
              <span class="unseen">: remove this filter</span>
            </button>
          ))}
          <button type="button" class="quiet-button" onClick={() => onSearch({})}>
            Show all records
          </button>
        </div>
      )}
    </search>
  );
}
