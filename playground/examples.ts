/** The examples to begin with: invented people and devices, from the fixtures. */

import endpoint from "../fixtures/pages/endpoints/managed-mac.json" with { type: "json" };
import group from "../fixtures/pages/groups/directory-sync-name.json" with { type: "json" };
import phone from "../fixtures/pages/phones/shared-by-users.json" with { type: "json" };
import token from "../fixtures/pages/tokens/user-owned.json" with { type: "json" };
import user from "../fixtures/pages/users/factors-and-groups.json" with { type: "json" };
import credential from "../fixtures/pages/webauthncredentials/user-owned.json" with { type: "json" };

export interface Example {
  readonly name: string;
  readonly text: string;
  /** Where the records are, when they are deeper than usual. */
  readonly recordsAt?: string;
}

const pretty = (page: unknown): string => `${JSON.stringify(page, null, 2)}\n`;

/** What a Splunk search exports: the record as text, within a result per line. */
function splunkExport(page: { readonly response: readonly object[] }): string {
  const lines = page.response.map((record, offset) => ({
    preview: false,
    offset,
    result: { _time: "2026-01-31T00:00:00.000+00:00", source: "duo", _raw: JSON.stringify(record) },
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Two pages, the second of which was cut off. */
function brokenPage(): string {
  const whole = pretty(phone);
  return whole + pretty(token).slice(0, 420);
}

export const EXAMPLES: readonly [Example, ...Example[]] = [
  { name: "An endpoint and its owner", text: pretty(endpoint) },
  { name: "A phone that users share", text: pretty(phone) },
  { name: "A user and their devices", text: pretty(user) },
  { name: "A hardware token", text: pretty(token) },
  { name: "A group", text: pretty(group) },
  { name: "A credential: no entity", text: pretty(credential) },
  { name: "A Splunk export", text: splunkExport(endpoint), recordsAt: "result._raw" },
  { name: "A page that was cut off", text: brokenPage() },
];
