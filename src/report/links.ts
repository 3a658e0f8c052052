/** From a number of the report to its records: what is searched for, as part of an address. */

import { type Html, html } from "./markup.ts";

/**
 * What records are searched for:
 * - `text`: anywhere in the record
 * - `resource`
 * - `made`: `yes`, `no`, or why there is no entity
 * - `owner`: `yes`, or `no` for an entity without one
 * - `drop`: `yes` for an entity that SecOps may drop
 * - `issue`: a code, or a code and the row that it is about
 * - `row`: the number of a row that wrote a value, in the table of the resource
 * - `field`: the raw path of a field
 * - `chart` and `value`: a value of the chart
 */
export const SEARCHED = [
  "text",
  "resource",
  "made",
  "owner",
  "drop",
  "issue",
  "row",
  "field",
  "chart",
  "value",
] as const;
export type RecordSearch = { readonly [S in (typeof SEARCHED)[number]]?: string };

/** The place of the page that shows records. */
export const EXPLORER = "records";

/** The address of a search on the page. */
export function addressOf(search: RecordSearch): string {
  const given = new URLSearchParams();
  for (const name of SEARCHED) {
    const value = search[name];
    if (value !== undefined && value !== "") given.set(name, value);
  }
  const query = given.toString();
  return query === "" ? `#${EXPLORER}` : `#${EXPLORER}?${query}`;
}

/** The search that an address holds; none where it is another place of the page. */
export function searchOf(address: string): RecordSearch | undefined {
  const [place, query = ""] = address.replace(/^#/, "").split(/\?(.*)/s);
  if (place !== EXPLORER) return undefined;
  const given = new URLSearchParams(query);
  return Object.fromEntries(
    SEARCHED.flatMap((name) => {
      const value = given.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    }),
  );
}

/** Shows how many records a search finds. */
export type Link = (count: number, search: RecordSearch, shown?: Html) => Html;

/** The page without records has numbers only. */
export const noLink: Link = (count, _, shown = html`${count}`) => shown;

/** The page with records leads from each number to them. Issues of documents have no records. */
export function linkTo(codes: ReadonlySet<string>): Link {
  return (count, search, shown = html`${count}`) => {
    const isLinked = count > 0 && (search.issue === undefined || codes.has(search.issue.replace(/ .*/s, "")));
    return isLinked ? html`<a href="${addressOf(search)}">${shown}</a>` : shown;
  };
}
