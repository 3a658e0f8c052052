/** HTML as a type of its own: what is not HTML yet is escaped on its way in. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

const ENTITIES: { readonly [unit: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls, and marks that turn the reading direction, would change what is seen without being seen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[&<>"']/g, (unit) => ENTITIES[unit] ?? "");
}

function print(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escaped(part);
  return typeof part === "number" ? part.toLocaleString("en-US") : part.map(print).join("\n");
}

/** A template of HTML: strings are escaped, numbers grouped by thousands, lists set out line by line. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, at) => text + (at < parts.length ? print(parts[at] ?? "") : "")).join(""),
  );
}

export const NOTHING = new Html("");
