/** What holds of every mapping, and the small tools to say it. */

import { Ajv2020 } from "ajv/dist/2020.js";
import type { RowTrace } from "../../src/core/notes.ts";
import { UDM_ENTITY_SCHEMA } from "../../src/preflight/schemas/udm-entity.schema.ts";

/** Freezes a value and all below it, so that a write to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const below of Object.values(value)) deepFreeze(below);
    Object.freeze(value);
  }
  return value;
}

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** The values at the ends of a JSON value, empty lists and objects too, by their path. */
export function leavesOf(value: unknown, path = ""): Leaf[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((element, at) => leavesOf(element, `${path}[${at}]`));
  }
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return [{ path, value }];
  return entries.flatMap(([key, below]) => leavesOf(below, path === "" ? key : `${path}.${key}`));
}

/**
 * Every leaf that rows wrote, by the rows' own account. A row with a label's key in its UDM cell writes the key
 * beside the value.
 */
export function writtenLeaves(rows: readonly RowTrace[]): Leaf[] {
  return rows.flatMap(({ row, writes }) => {
    const label = /\.key: "([^"]*)", /.exec(row.udm)?.[1];
    return writes.flatMap((write) => {
      const leaf = { path: write.path, value: write.value };
      if (label === undefined) return [leaf];
      return [leaf, { path: write.path.replace(/\.value$/, ".key"), value: label }];
    });
  });
}

/** Leaves in the order of their paths, as lines to compare. */
export function sortLeaves(leaves: readonly Leaf[]): string[] {
  return leaves.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).sort();
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  UDM_ENTITY_SCHEMA,
);

/** What the UDM entity schema has against a value. */
export function schemaErrors(value: unknown): string[] {
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Runs `action` while `Object.prototype` has the properties given; they are gone afterwards, whatever happens. */
export function withPollutedPrototype<T>(properties: Readonly<Record<string, unknown>>, action: () => T): T {
  const added: string[] = [];
  try {
    for (const [key, value] of Object.entries(properties)) {
      if (Object.hasOwn(Object.prototype, key)) continue;
      Object.defineProperty(Object.prototype, key, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
      added.push(key);
    }
    return action();
  } finally {
    for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  }
}
