/** Values that stand where an identifier is missing, and that many devices share. */

import { standsForNothing } from "../core/rules.ts";
import type { Scalar } from "../core/scalar.ts";

/** Those that no rule of a profile knows: each in lower case, without white space, braces, dots and hyphens. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  // What programs print for nothing
  "n/a",
  "undefined",
  // What firmware carries when nobody filled it in
  "00020003000400050006000700080009",
  "0123456789",
  "123456781234567890abcddeefaabbcc",
  "123456789",
  "1234567890",
  "fefefefefefefefefefefefefefefefe",
  "notavailable",
  "systemserialnumber",
]);

const DROPPED = /[\s{}.-]/g;

/** True of an identifier that identifies nothing. */
export function isPlaceholder(value: Scalar): boolean {
  return standsForNothing(value) || PLACEHOLDERS.has(String(value).toLowerCase().replace(DROPPED, ""));
}
