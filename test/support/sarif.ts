/** SARIF logs, held to the published schema. */

import { Ajv } from "ajv";
import { readJson } from "./files.ts";

/** The schema is of draft 4. `id` is the only keyword in it that later drafts write differently. */
const { $schema: _, id: _id, ...SARIF_SCHEMA } = Object(readJson("fixtures/schemas/sarif-2.1.0-rtm.5.json"));

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  // One of its patterns is not valid with the flag `u`.
  unicodeRegExp: false,
  formats: {
    "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
    uri: /^[a-z0-9]+:\/\/[^\s]+$/,
    "uri-reference": /^[\w.~!$&'()*+,;=:@%/?#[\]-]*$/,
  },
});
const validate = ajv.compile(SARIF_SCHEMA);

/** What the schema has against a log. */
export function sarifFaults(log: unknown): readonly object[] {
  return validate(log) ? [] : (validate.errors ?? []);
}
