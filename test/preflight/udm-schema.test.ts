import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  TIME_PATTERN,
  UDM_ENTITY_SCHEMA,
  type UdmSchema,
} from "../../src/preflight/schemas/udm-entity.schema.ts";
import { schemaErrors } from "../support/invariants.ts";

const definitions: { readonly [name: string]: UdmSchema } = UDM_ENTITY_SCHEMA.$defs;

/** The names of the messages that a schema refers to. */
function refsOf(schema: UdmSchema): string[] {
  const own = schema.$ref === undefined ? [] : [schema.$ref.slice("#/$defs/".length)];
  const below = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  return [...own, ...below.flatMap(refsOf)];
}

function reachable(): Set<string> {
  const found = new Set<string>();
  const todo = ["Entity"];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    todo.push(...refsOf(definitions[name] ?? {}));
  }
  return found;
}

describe("the UDM entity schema", () => {
  it("defines every message that can be reached from Entity, and no other", () => {
    expect([...reachable()].sort()).toEqual(Object.keys(definitions).sort());
  });

  it("refuses unknown fields in every message", () => {
    const open = Object.entries(definitions).filter(
      ([, { additionalProperties }]) => additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  it("has in every enum values that are all different", () => {
    const repeated = Object.entries(definitions).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).flatMap(([field, schema]) => {
        const values = (schema.items ?? schema).enum ?? [];
        return new Set(values).size === values.length ? [] : [`${name}.${field}`];
      }),
    );
    expect(repeated).toEqual([]);
  });

  it("accepts what an entity may hold", () => {
    const entity = {
      entity: {
        asset: { deployment_status: "DECOMISSIONED", hardware: [{ ram: "1024", cpu_number_cores: 8 }] },
      },
      metadata: { entity_type: "ASSET", collected_timestamp: "2026-01-02T03:04:05.123456789+01:00" },
      relations: [{ entity: { user: { userid: "ada" } }, entity_type: "USER", relationship: "OWNS" }],
    };
    expect(schemaErrors(entity)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    [
      "an unknown field",
      { entity: { asset: { host: "x" } } },
      ["/entity/asset must NOT have additional properties"],
    ],
    [
      "the dictionary's spelling of an enum value",
      { entity: { asset: { deployment_status: "DECOMMISSIONED" } } },
      ["/entity/asset/deployment_status must be equal to one of the allowed values"],
    ],
    ["a value for a list", { entity: { asset: { ip: "192.0.2.1" } } }, ["/entity/asset/ip must be array"]],
    ["a number for text", { entity: { asset: { hostname: 1 } } }, ["/entity/asset/hostname must be string"]],
    [
      "a time without a zone",
      { metadata: { collected_timestamp: "2026-01-02T03:04:05" } },
      [`/metadata/collected_timestamp must match pattern "${TIME_PATTERN}"`],
    ],
    ["a list", [], [" must be object"]],
  ])("refuses %s", (_, value, errors) => {
    expect(schemaErrors(value)).toEqual(errors);
  });
});

describe("a time", () => {
  const isTime = (text: string): boolean => new RegExp(TIME_PATTERN, "u").test(text);
  const digits = (most: number, width: number) =>
    fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(width, "0"));

  it("has a date that there is, by the calendar of JavaScript", () => {
    const date = fc.tuple(digits(9999, 4), digits(13, 2), digits(32, 2));
    fc.assert(
      fc.property(date, ([year, month, day]) => {
        const text = `${year}-${month}-${day}`;
        const at = new Date(`${text}T00:00:00Z`);
        const isDate = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
        expect(isTime(`${text}T00:00:00Z`)).toBe(isDate && year !== "0000");
      }),
    );
  });

  it.each(["2024-02-29", "2000-02-29", "2026-02-28", "2026-12-31"])("may be of %s", (date) => {
    expect(isTime(`${date}T23:59:59.123456789-23:59`)).toBe(true);
  });

  it.each([
    ...["2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "0000-01-01T00:00:00Z"],
    ...["2026-01-02T24:00:00Z", "2026-01-02T00:60:00Z", "2026-01-02T00:00:60Z", "2026-01-02T00:00:00+24:00"],
  ])("is not %s", (text) => {
    expect(isTime(text)).toBe(false);
  });
});
