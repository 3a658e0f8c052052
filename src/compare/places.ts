/** What a profile says about places: which row writes where, and what it writes when a record says nothing. */

import { parseLogField, parseUdmCell } from "../core/cell.ts";
import type { Profile, Row, Table } from "../core/profile.ts";
import { RESOURCES, type Resource } from "../core/resource.ts";
import { RULES } from "../core/rules.ts";
import { leafId } from "./canonical.ts";

/** The row that is named for a place; constants and places of no row have none. */
export interface PlaceRow {
  readonly row: string;
  /** Where the row stands in the profile. */
  readonly order: number;
}

export interface Places {
  readonly profile: Profile;
  /** The row of the table for the resource; where that is not known, the first of all tables. */
  rowAt(path: string, label: string | undefined, resource?: Resource | "unknown"): PlaceRow | undefined;
  /** The resource whose records make entities of a type, where it is the only one. */
  resourceOf(type: string | undefined): Resource | "unknown" | undefined;
  /** The text that a row writes where a record says nothing, by path. */
  readonly defaults: ReadonlyMap<string, string>;
  /** The paths that hold constants. */
  readonly constants: ReadonlySet<string>;
  /** The raw lists of which only the first element counts. */
  readonly firstOf: ReadonlySet<string>;
}

/** The paths that a row writes at, and the key where they are those of a label. */
function targetsOf({ udm }: Row, { places }: Table): { path: string; label: string | undefined }[] {
  return parseUdmCell(udm, places).map(({ path, label }) => ({
    path: [...path, ...(label === undefined ? [] : ["value"])].join("."),
    label,
  }));
}

/** The type of a table's entities. */
function typeOf({ rows }: Table): string | undefined {
  const row = rows.find(({ udm }) => udm === "entity.metadata.entity_type");
  return row?.rule.kind === "constant" ? row.rule.value : undefined;
}

/** What a profile says about places. A place that several rows write counts for the first of them. */
export function placesOf(profile: Profile): Places {
  const all = new Map<string, PlaceRow>();
  const tables = new Map<Table, Map<string, PlaceRow>>();
  /** By row and path: a row that writes to one path in several tables counts once. */
  const seen = new Map<string, PlaceRow>();
  const defaults = new Map<string, string>();
  const constants = new Set<string>();
  const firstOf = new Set<string>();
  const types = new Map<string | undefined, (Resource | "unknown")[]>();
  for (const resource of [...RESOURCES, "unknown" as const]) {
    const table = profile.tables[resource];
    if (typeof table === "string") continue;
    const type = typeOf(table);
    types.set(type, [...(types.get(type) ?? []), resource]);
    if (tables.has(table)) continue;
    const rows = new Map<string, PlaceRow>();
    tables.set(table, rows);
    for (const row of table.rows) {
      const { log_field, rule, part_of } = row;
      for (const { path, label } of targetsOf(row, table)) {
        if (rule.kind === "constant") {
          constants.add(path);
          continue;
        }
        const name = part_of ?? log_field;
        const id = leafId(path, label);
        const one = seen.get(`${name} ${path}`) ?? { row: name, order: seen.size };
        seen.set(`${name} ${path}`, one);
        for (const known of [rows, all]) if (!known.has(id)) known.set(id, one);
        const { otherwise } = RULES[rule.kind];
        if (otherwise !== undefined) defaults.set(path, otherwise);
      }
      const { container } = parseLogField(log_field);
      if ("of" in rule && rule.of === "first" && container !== undefined) firstOf.add(container);
    }
  }
  const rowAt: Places["rowAt"] = (path, label, resource) => {
    const table = resource === undefined ? undefined : profile.tables[resource];
    const rows = table === undefined || typeof table === "string" ? all : (tables.get(table) ?? all);
    return rows.get(leafId(path, label));
  };
  const resourceOf: Places["resourceOf"] = (type) => {
    const [only, ...others] = types.get(type) ?? [];
    return others.length === 0 ? only : undefined;
  };
  return { profile, rowAt, resourceOf, defaults, constants, firstOf };
}
