/** What a mapping table says about places: which row writes where, and what it writes when a record says nothing. */

import { parseLogField, parseUdmCell } from "../core/cell.ts";
import type { Table } from "../core/profile.ts";
import { RULES } from "../core/rules.ts";
import { leafId } from "./canonical.ts";

/** The row that is named for a place; constants and places of no row have none. */
export interface PlaceRow {
  readonly row: string;
  /** Where the row stands in the table. */
  readonly order: number;
}

export interface Places {
  rowAt(path: string, label: string | undefined): PlaceRow | undefined;
  /** The text that a row writes where a record says nothing, by path. */
  readonly defaults: ReadonlyMap<string, string>;
  /** The paths that hold constants. */
  readonly constants: ReadonlySet<string>;
  /** The raw lists of which only the first element counts. */
  readonly firstOf: ReadonlySet<string>;
}

/** Several rows may write one place: it is told at the first of them. */
export function placesOf(table: Table): Places {
  const rows = new Map<string, PlaceRow>();
  const defaults = new Map<string, string>();
  const constants = new Set<string>();
  const firstOf = new Set<string>();
  for (const [order, { log_field, udm, rule }] of table.rows.entries()) {
    for (const { path, label } of parseUdmCell(udm, table.places)) {
      const dotted = label === undefined ? path.join(".") : `${path.join(".")}.value`;
      if (rule.kind === "constant") {
        constants.add(dotted);
        continue;
      }
      const id = leafId(dotted, label);
      if (!rows.has(id)) rows.set(id, { row: log_field, order });
      const { otherwise } = RULES[rule.kind];
      if (otherwise !== undefined) defaults.set(dotted, otherwise);
      const { container } = parseLogField(log_field);
      if ("of" in rule && rule.of === "first" && container !== undefined) firstOf.add(container);
    }
  }
  return { rowAt: (path, label) => rows.get(leafId(path, label)), defaults, constants, firstOf };
}
