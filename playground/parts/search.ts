/** Searching records for text. */

/**
 * Whether JSON in lower case holds a text, which is in lower case too: as it is, or as JSON writes it, with a backslash
 * before each backslash and quotation mark.
 */
export function holdsText(json: string, wanted: string): boolean {
  return json.includes(wanted) || json.includes(JSON.stringify(wanted).slice(1, -1));
}
