/** Reads the cells of a table: a log field as the raw value it names, a UDM cell as a place in the entity record. */

import type { Of, UdmCell } from "./profile.ts";

/** A raw value: `field` of the record itself, or of what stands in its field `container`. */
export interface LogField {
  readonly field: string;
  readonly container: string | undefined;
  /** What the spelling tells: `phones[].number` is read of each, `capabilities[]` are items, `aliases.*` values. */
  readonly of: Of | undefined;
}

/** `users.email` -> field `email` of the container `users`; `epkey` -> field `epkey` of the record. */
export function parseLogField(logField: string): LogField {
  const dot = logField.indexOf(".");
  if (dot < 0) {
    return logField.endsWith("[]")
      ? { field: "", container: logField.slice(0, -2), of: "items" }
      : { field: logField, container: undefined, of: undefined };
  }
  const container = logField.slice(0, dot);
  const field = logField.slice(dot + 1);
  if (field === "*") return { field: "", container, of: "values" };
  return container.endsWith("[]")
    ? { field, container: container.slice(0, -2), of: "each" }
    : { field, container, of: undefined };
}

/** Where an element stands in its container: its index, its key, or nothing where the container is a bare object. */
export type At = number | string | undefined;

/** What Duo calls a user's aliases. Any other key of a map is somebody's data. */
export const ALIAS_NAME = /^alias[1-8]$/;

/**
 * The raw path of what stands in a container. A key stands there as it is, whatever is in it.
 *
 * @param isMasked whether `*` stands for a key that is somebody's data
 */
export function elementPath(container: string, at: At, isMasked = false): string {
  if (at === undefined) return container;
  if (typeof at === "number") return `${container}[${at}]`;
  return `${container}.${isMasked && !ALIAS_NAME.test(at) ? "*" : at}`;
}

/** The raw path of a value, `at` being where its object stands in the container. */
export function rawPath({ container, field }: LogField, at: At, isMasked = false): string {
  if (container === undefined) return field;
  const element = elementPath(container, at, isMasked);
  return field === "" ? element : `${element}.${field}`;
}

/** Where a row writes: the field names from the top of the entity record, and the key when the place is a label. */
export interface Target {
  readonly path: readonly string[];
  readonly label?: string;
}

const LABEL_CELL = /^(.+)\.key: "([^"]*)", \1\.value$/;

/** The UDM path of a cell; of a label, the path of the list. */
export function cellPath(cell: UdmCell): string {
  return LABEL_CELL.exec(cell)?.[1] ?? cell;
}

/** The places that a path stands for: its longest known beginning is replaced. */
function resolve(path: string, places: { readonly [path: string]: readonly string[] }): readonly string[] {
  const known = Object.keys(places)
    .filter((start) => path === start || path.startsWith(`${start}.`))
    .sort((a, b) => b.length - a.length);
  const [start] = known;
  if (start === undefined) return [path];
  return (places[start] ?? []).map((place) => place + path.slice(start.length));
}

/** The places that a UDM cell names. */
export function parseUdmCell(
  cell: UdmCell,
  places: { readonly [path: string]: readonly string[] },
): readonly Target[] {
  const [, , label] = LABEL_CELL.exec(cell) ?? [];
  return resolve(cellPath(cell), places).map((place) => ({
    path: place.split("."),
    ...(label !== undefined && { label }),
  }));
}
