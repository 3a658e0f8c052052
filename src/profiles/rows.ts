/** Makes the rows of a profile: fields, constants, labels and relations, each with its logic in words. */

import type { Conditions, PlainRule, Row, Rule, UdmCell } from "../core/profile.ts";

/** A row: the raw field, the place, the rule, and what the row says in words. */
export function row(
  log_field: string,
  udm: UdmCell,
  rule: Rule | PlainRule,
  logic = WORDS[kindOf(rule)] ?? "",
): Row {
  return { log_field, udm, logic, rule: typeof rule === "string" ? { kind: rule } : rule };
}

const kindOf = (rule: Rule | PlainRule): string => (typeof rule === "string" ? rule : rule.kind);

/** What the rules do, in the words of the documentation. */
const WORDS: { readonly [kind: string]: string } = {
  copy: "As it is.",
  filled: 'As it is; "Unknown" counts as absent.',
  epoch: "Epoch seconds as a time in UTC.",
  iso8601: "ISO 8601 as a time in UTC.",
  mailbox: "Every one that is an e-mail address.",
  no_mailbox: "As it is, unless it is an e-mail address.",
  name: "Without the directory that Duo adds to the names of synchronised groups.",
  directory: "The directory that Duo adds to the names of synchronised groups.",
  host: "When it is a host name, but not one that devices come with.",
  no_host: "As it is, unless it is a host name.",
  machine: '"Duo:" and the value, unless it is a placeholder.',
  os: "The operating system that the value names.",
  mobile_os: "MOBILE when the value names iOS or Android.",
  mobile: 'MOBILE when the value contains "mobile".',
  user_status:
    "active and bypass: ACTIVE; disabled and pending deletion: SUSPENDED; locked out: NO_ACTIVE_CREDENTIALS.",
  active: "ACTIVE when it is true.",
  timestamp: "The record's timestamp, else the page's, else the collection time.",
};

/** One line of the table that lists several fields: its issues name the first. */
export function listed(rows: readonly Row[]): readonly Row[] {
  const [first] = rows;
  return first === undefined
    ? []
    : rows.map((one) => ({ ...one, part_of: first.part_of ?? first.log_field }));
}

/** Rows of a relation, told by the list that it is made of. */
export function relation(list: string, rows: readonly Row[]): readonly Row[] {
  return rows.map((one) => (one.log_field === "" ? one : { ...one, part_of: list }));
}

export function constant(udm: UdmCell, value: string, within?: string): Row {
  return {
    log_field: "",
    udm,
    logic: `"${value}"`,
    rule: { kind: "constant", value, ...(within !== undefined && { within }) },
  };
}

type NounName = "asset" | "group" | "user";

/** A label of the entity's noun. */
export function label(noun: NounName, key: string): UdmCell {
  switch (noun) {
    case "asset":
      return `entity.asset.attribute.labels.key: "${key}", entity.asset.attribute.labels.value`;
    case "group":
      return `entity.group.attribute.labels.key: "${key}", entity.group.attribute.labels.value`;
    case "user":
      return `entity.user.attribute.labels.key: "${key}", entity.user.attribute.labels.value`;
  }
}

/** Labels of the same name as the fields. */
export const labels = (noun: NounName, ...fields: readonly string[]): readonly Row[] =>
  fields.map((field) => row(field, label(noun, field), "copy"));

/** The values of a bare object or of each object in a list. */
export const each = (kind: PlainRule, more: Conditions = {}): Rule => ({ kind, of: "each", ...more });

/** Rows that rest on numbered decisions. */
export function decided(decisions: readonly number[], ...rows: readonly Row[]): readonly Row[] {
  return rows.map((one) => ({ ...one, decisions: [...decisions, ...(one.decisions ?? [])] }));
}
