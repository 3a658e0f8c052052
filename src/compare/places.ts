/** What a profile says about places: which row writes where, and what it writes when a record says nothing. */

import { parseLogField, parseUdmCell } from "../core/cell.ts";
import type { Profile, Row, Table } from "../core/profile.ts";
import { RULES } from "../core/rules.ts";
import { leafId } from "./canonical.ts";

/** The row that is named for a place; constants and places of no row have none. */
export interface PlaceRow {
  readonly row: string;
  /** Where the row stands in the table. */
  readonly order: number;
}

export interface Places {
  readonly profile: Profile;
  rowAt(path: string, label: string | undefined): PlaceRow | undefined;
  /** The text that a row writes where a record says nothing, by path. */
  readonly defaults: ReadonlyMap<string, string>;
  /** The paths that hold constants. */
  readonly constants: ReadonlySet<string>;
  /** The raw lists of which only the first element counts. */
  readonly firstOf: ReadonlySet<string>;
}

/** The tables of a profile, each once. */
function tablesOf({ tables }: Profile): Set<Table> {
  return new Set(Object.values(tables).filter((table) => typeof table !== "string"));
}

/** The paths that a row writes at, and the key where they are those of a label. */
function targetsOf({ udm }: Row, { places }: Table): { path: string; label: string | undefined }[] {
  return parseUdmCell(udm, places).map(({ path, label }) => ({
    path: [...path, ...(label === undefined ? [] : ["value"])].join("."),
    label,
  }));
}

/** Several rows may write one place: it is told at the first of them. */
export function placesOf(profile: Profile): Places {
  const rows = new Map<string, PlaceRow>();
  const defaults = new Map<string, string>();
  const constants = new Set<string>();
  const firstOf = new Set<string>();
  let order = 0;
  for (const table of tablesOf(profile)) {
    for (const row of table.rows) {
      const { log_field, rule, part_of } = row;
      order++;
      for (const { path, label } of targetsOf(row, table)) {
        if (rule.kind === "constant") constants.add(path);
        else {
          const id = leafId(path, label);
          if (!rows.has(id)) rows.set(id, { row: part_of ?? log_field, order });
          const { otherwise } = RULES[rule.kind];
          if (otherwise !== undefined) defaults.set(path, otherwise);
        }
      }
      const { container } = parseLogField(log_field);
      if ("of" in rule && rule.of === "first" && container !== undefined) firstOf.add(container);
    }
  }
  return { profile, rowAt: (path, label) => rows.get(leafId(path, label)), defaults, constants, firstOf };
}
