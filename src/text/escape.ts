/**
 * One filter for all text from outside that people get to see. Control characters could command the terminal, and
 * marks that turn the reading direction change what is seen: both are shown as `\uXXXX` instead.
 */

/**
 * Control characters (C0, DEL and C1); characters without width, such as direction marks and the byte-order mark; the
 * line and paragraph separators; and surrogates without their other half.
 */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matching control characters is its purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Text from outside as it may be shown, on one line. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** JSON as it may be shown: the same value, with the same characters escaped. Line ends between values stay. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (unit) => (unit === "\n" ? unit : escaped(unit)));
}

/** A value from outside as JSON that may be shown. */
export function valueText(value: unknown): string {
  return printableJson(JSON.stringify(value) ?? String(value));
}
