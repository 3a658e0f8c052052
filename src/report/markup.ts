/** HTML as a type of its own: what is not HTML yet is escaped on its way in. */

import { printable } from "../text/escape.ts";
import { number } from "../text/numbers.ts";

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type HtmlPart = Html | string | number | readonly Html[];

const ENTITIES: { readonly [unit: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (unit) => ENTITIES[unit] ?? "");
}

function print(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escaped(part);
  return typeof part === "number" ? number(part) : part.map(print).join("\n");
}

/** A template of HTML: strings are escaped, numbers grouped by thousands, lists set out line by line. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(
    strings.map((text, at) => text + (at < parts.length ? print(parts[at] ?? "") : "")).join(""),
  );
}

export const NOTHING = new Html("");

/** A name that may break after its dots and underscores. */
export function breakable(name: string): Html {
  const parts = name.split(/(?<=[._])/).map((part) => html`${part}`);
  return parts.reduce((whole, part) => html`${whole}<wbr>${part}`);
}

/** A text in which the options of the command line stand out, and never break. */
export function withOptions(text: string): Html {
  const parts = text.split(/(--profile [a-z]+|--[a-z][a-z-]*)/);
  const marked = parts.map((part, at) =>
    at % 2 === 1 ? html`<code class="option">${part}</code>` : html`${part}`,
  );
  return marked.reduce((whole, part) => html`${whole}${part}`);
}

/** A UDM cell of a table, shortened. */
export const shortTarget = (udm: string): string =>
  udm
    .replace(/^entity\./, "")
    .replace(/^(?:\w+|(relations\.entity\.\w+))\.attribute\.labels\.key: "(.*)", .*$/, (_, relation, key) =>
      relation === undefined ? `label "${key}"` : `${relation} label "${key}"`,
    );
