/** Values that stand where an identifier is missing, and that many devices share. */

/** Each in lower case, without white space, braces, dots and hyphens. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  // What programs print for nothing
  "",
  "n/a",
  "none",
  "null",
  "undefined",
  "unknown",
  // What firmware carries when nobody filled it in
  "00020003000400050006000700080009",
  "0123456789",
  "03000200040005000006000700080009",
  "123456781234567890abcddeefaabbcc",
  "123456789",
  "1234567890",
  "defaultstring",
  "fefefefefefefefefefefefefefefefe",
  "notapplicable",
  "notavailable",
  "notspecified",
  "systemserialnumber",
  "tobefilledbyoem",
]);

const DROPPED = /[\s{}.-]/g;
const ALL_ONE = /^(?:0+|f+)$/;

/** True of an identifier that identifies nothing. */
export function isPlaceholder(value: string): boolean {
  const rest = value.toLowerCase().replace(DROPPED, "");
  return ALL_ONE.test(rest) || PLACEHOLDERS.has(rest);
}
