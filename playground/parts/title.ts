/** What a person knows a record by. */

import { IDENTIFYING_KEY } from "../../src/core/resource.ts";
import { isObject, present } from "../../src/core/scalar.ts";
import { printable } from "../../src/text/escape.ts";
import { clip } from "../../src/text/layout.ts";

/** What names a thing or a person best. */
const NAMES = ["device_name", "username", "realname", "name", "label", "number", "serial", "credential_name"];
const TITLE = 60;

function firstPresent(record: unknown, fields: readonly string[]): string | undefined {
  if (!isObject(record)) return undefined;
  const field = fields.find((one) => Object.hasOwn(record, one) && present(record[one]) !== undefined);
  return field === undefined ? undefined : clip(printable(String(record[field])), TITLE);
}

/** The title of a record in a list: a name, else an identifier, else its number. */
export function titleOf(raw: unknown, index: number): string {
  return firstPresent(raw, NAMES) ?? firstPresent(raw, Object.values(IDENTIFYING_KEY)) ?? `record ${index}`;
}
