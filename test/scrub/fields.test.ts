import { expect, test } from "vitest";
import { RESOURCE_SCHEMAS } from "../../src/preflight/schemas/resources.schema.ts";
import { fieldClass } from "../../src/scrub/fields.ts";

interface Schema {
  readonly properties?: { readonly [field: string]: Schema };
  readonly items?: Schema;
}

function namesIn({ properties = {}, items }: Schema): string[] {
  const below = Object.entries(properties).flatMap(([name, schema]) => [name, ...namesIn(schema)]);
  return items === undefined ? below : [...below, ...namesIn(items)];
}

function holdersIn({ properties = {}, items }: Schema): string[] {
  const below = Object.entries(properties).flatMap(([name, schema]) =>
    schema.properties !== undefined || schema.items?.properties !== undefined
      ? [name, ...holdersIn(schema)]
      : [],
  );
  return items === undefined ? below : [...below, ...holdersIn(items)];
}

test("every field of the reference is classified", () => {
  const names = Object.values(RESOURCE_SCHEMAS).flatMap(namesIn);
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => fieldClass(name) === undefined)).toEqual([]);
});

test("what the reference has as objects holds fields, and is no value itself", () => {
  const holders = Object.values(RESOURCE_SCHEMAS).flatMap(holdersIn);
  expect(holders.filter((name) => fieldClass(name) !== "holder")).toEqual([]);
});

test("a name that is not in the reference has no class", () => {
  for (const name of ["site", "constructor", "__proto__", ""]) expect(fieldClass(name)).toBeUndefined();
});
