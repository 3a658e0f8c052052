/** The records of a report, to filter, sort and explain. Numbers of the report lead here by the address. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { profileOf } from "../../src/profiles/index.ts";
import { addressOf, EXPLORER, type RecordSearch, searchOf } from "../../src/report/links.ts";
import { count } from "../../src/text/numbers.ts";
import { RecordList, shownText } from "../parts/record-list.tsx";
import { Detail } from "./detail.tsx";
import { choicesOf, Filters } from "./filters.tsx";
import { find, type Order, ordered } from "./find.ts";
import type { Held } from "./held.ts";

/** What the address asks for, and a way to ask for something else. `onFollow` is called when the address changes. */
function useSearch(onFollow: () => void): [RecordSearch, (search: RecordSearch) => void] {
  const [search, setSearch] = useState<RecordSearch>(() => searchOf(location.hash) ?? {});
  useEffect(() => {
    const follow = (): void => {
      const asked = searchOf(location.hash);
      if (asked === undefined) return;
      setSearch(asked);
      onFollow();
      document.getElementById(EXPLORER)?.scrollIntoView();
      document.querySelector<HTMLElement>(".record-list")?.focus({ preventScroll: true });
    };
    if (location.hash.includes("?")) follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [onFollow]);
  const ask = (wanted: RecordSearch): void => {
    const address = addressOf(wanted);
    history.replaceState(null, "", address);
    setSearch(searchOf(address) ?? {});
  };
  return [search, ask];
}

export function Explorer({ held }: { readonly held: Held }) {
  const { choice, left } = held.explored;
  const profile = profileOf(choice);
  const choices = useMemo(() => choicesOf(held), [held]);
  const [selected, setSelected] = useState(0);
  const [order, setOrder] = useState<Order>("read");
  const first = useMemo(() => () => setSelected(0), []);
  const [search, ask] = useSearch(first);
  const found = useMemo(() => find(held, profile, search), [held, profile, search]);
  const sorted = useMemo(() => ordered(held, found, order), [held, found, order]);
  const listed = useMemo(
    () => ({
      length: sorted.length,
      slice: (from: number, to: number) => sorted.slice(from, to).map((at) => listedRecord(held, at)),
    }),
    [held, sorted],
  );
  const at = sorted[Math.min(selected, sorted.length - 1)];
  return (
    <div class="explorer" data-ready>
      <Filters
        choices={choices}
        profile={profile}
        search={search}
        order={order}
        onSearch={(wanted) => {
          setSelected(0);
          ask(wanted);
        }}
        onOrder={(wanted) => {
          setSelected(0);
          setOrder(wanted);
        }}
      />
      <p class="found" role="status">
        {shownText(sorted.length, held.size)}
        {left > 0 && (
          <span class="quiet"> {count(left, "more record")} of the input did not fit into this file.</span>
        )}
      </p>
      <div class="chosen">
        <RecordList
          label="Records"
          records={listed}
          selected={Math.max(0, Math.min(selected, sorted.length - 1))}
          onSelect={setSelected}
        />
        {at !== undefined && (
          <Detail key={at} record={held.record(at)} title={held.title(at)} profile={profile} />
        )}
      </div>
    </div>
  );
}

function listedRecord(held: Held, at: number) {
  const { resource, reason, gravest } = held.record(at);
  const detail = gravest === undefined || reason !== undefined ? "" : `, ${gravest}`;
  return {
    title: held.title(at),
    detail: `${reason ?? resource}${detail}`,
    isEntity: reason === undefined,
  };
}
