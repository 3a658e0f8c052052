/** Tables made for a test, and profiles that have one table for everything. */

import type { Profile, Row, Rule, Table, UdmCell } from "../../src/core/profile.ts";
import { VENDOR_TABLE } from "../../src/profiles/vendor.ts";

/** A row without words. */
export const row = (log_field: string, udm: UdmCell, rule: Rule): Row => ({
  log_field,
  udm,
  logic: "",
  rule,
});
export const constant = (udm: UdmCell, value: string, within?: string): Row =>
  row("", udm, { kind: "constant", value, ...(within !== undefined && { within }) });

export const KEY = row("epkey", "entity.asset.product_object_id", { kind: "copy" });
const METADATA: readonly Row[] = [
  row("timestamp", "entity.metadata.collected_timestamp", { kind: "timestamp" }),
  constant("entity.metadata.entity_type", "ASSET"),
];
/** The constants of a relation. */
export const RELATION: readonly Row[] = [
  constant("entity.relations.entity_type", "USER"),
  constant("entity.relations.relationship", "OWNS"),
];

/** A table of some rows, and of those that every table needs. */
export const tableOf = (...rows: readonly Row[]): Table => ({
  ...VENDOR_TABLE,
  rows: [KEY, ...rows, ...METADATA],
});

/** The profile that maps every record by one table. */
export function profileOf(table: Table): Profile {
  return {
    name: "test",
    tables: {
      users: table,
      groups: table,
      phones: table,
      endpoints: table,
      tokens: table,
      webauthncredentials: table,
      desktop_authenticators: table,
      unknown: table,
    },
  };
}
