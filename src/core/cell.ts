/** Reads the table's cells: a log field as the raw value it names, a UDM cell as a place in the record. */

import type { Of, UdmCell } from "./row.ts";

/** A raw value: `field` of the record itself, or of the objects in its field `container`. */
export interface Source {
  readonly field: string;
  readonly container?: string;
}

/** `users.email` -> field `email` of the container `users`; `epkey` -> field `epkey` of the record. */
export function parseLogField(logField: string): Source {
  const dot = logField.indexOf(".");
  return dot < 0
    ? { field: logField }
    : { container: logField.slice(0, dot), field: logField.slice(dot + 1) };
}

/** The raw path of a source, `at` being the element's index where the container is an array. */
export function rawPath({ container, field }: Source, of?: Of, at?: number): string {
  if (container === undefined) return field;
  const index = of === "first" ? 0 : at;
  return index === undefined ? `${container}.${field}` : `${container}[${index}].${field}`;
}

/** Where a row writes: the field names from the record's top, and the key when the place is a label. */
export interface Target {
  readonly path: readonly string[];
  readonly label?: string;
}

const LABEL_CELL = /^entity\.(.+)\.key: "([^"]*)", entity\.\1\.value$/;

/**
 * The vendor prints all of an entity below `entity.`. The asset is there; metadata and relations stand at the
 * record's top, and the user is the owner, in the relation (DECISIONS.md, 1).
 */
function resolve(dotted: string): string[] {
  const [top = "", ...rest] = dotted.split(".");
  if (top === "asset") return ["entity", top, ...rest];
  return top === "user" ? ["relations", "entity", top, ...rest] : [top, ...rest];
}

export function parseUdmCell(cell: UdmCell): Target {
  const [, labels, label] = LABEL_CELL.exec(cell) ?? [];
  if (labels !== undefined && label !== undefined) return { path: resolve(labels), label };
  return { path: resolve(cell.slice("entity.".length)) };
}
