import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapPage } from "../../src/core/map-page.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { compileSchema, type RootSchema } from "../../src/preflight/schema.ts";
import { RESOURCE_SCHEMAS } from "../../src/preflight/schemas/resources.schema.ts";
import { UDM_ENTITY_SCHEMA } from "../../src/preflight/schemas/udm-entity.schema.ts";
import { anyJson, nearPage } from "../support/arbitraries.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";

/** The way to each fault and its keyword, as ajv finds them. */
function judge(schema: RootSchema): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  return (value) => {
    validate(value);
    const faults = (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
      const property: unknown = params["additionalProperty"];
      const steps = instancePath.split("/").slice(1);
      if (typeof property === "string") steps.push(property.replaceAll("~", "~0").replaceAll("/", "~1"));
      return `${steps.join("/")} ${keyword}`;
    });
    return faults.sort();
  };
}

function ours(schema: RootSchema): (value: unknown) => string[] {
  const seeFaults = compileSchema(schema);
  return (value) => {
    const faults: string[] = [];
    seeFaults(value, (keyword, steps) => {
      const way = steps.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1"));
      faults.push(`${way.join("/")} ${keyword}`);
    });
    return faults.sort();
  };
}

/** The value with some of its parts replaced. */
const spoilt = (value: unknown): fc.Arbitrary<unknown> =>
  fc.infiniteStream(fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, anyJson)).map((stream) => {
    const spoil = (one: unknown): unknown => {
      const { value: other } = stream.next();
      if (other !== undefined) return other;
      if (Array.isArray(one)) return one.map(spoil);
      if (typeof one !== "object" || one === null) return one;
      return Object.fromEntries(Object.entries(one).map(([key, below]) => [key, spoil(below)]));
    };
    return spoil(value);
  });

const pages = PAGES.map((page) => readFixture(page));
const records = pages.flatMap((page) =>
  typeof page === "object" && page !== null && "response" in page ? [page.response].flat() : [],
);
const entities = pages.flatMap((page) => mapPage(page, { collectedAt: COLLECTED_AT }).entities);

describe("the faults against a schema are those that ajv finds", () => {
  const record = fc.oneof(anyJson, nearPage, fc.constantFrom(...records).chain(spoilt));

  it.each(["unknown", ...RESOURCES] as const)("%s", (name) => {
    const schema = RESOURCE_SCHEMAS[name];
    const [expected, found] = [judge(schema), ours(schema)];
    fc.assert(
      fc.property(record, (value) => {
        expect(found(value)).toEqual(expected(value));
      }),
    );
  });

  it("udm_entity", () => {
    const [expected, found] = [judge(UDM_ENTITY_SCHEMA), ours(UDM_ENTITY_SCHEMA)];
    const entity = fc.oneof(anyJson, fc.constantFrom(...entities).chain(spoilt));
    fc.assert(
      fc.property(entity, (value) => {
        expect(found(value)).toEqual(expected(value));
      }),
    );
  });
});

describe("a value with very many faults", () => {
  it("gives each of them", () => {
    const software = Array.from({ length: 20_000 }, () => ({ name: 1, colour: 2 }));
    expect(ours(UDM_ENTITY_SCHEMA)({ entity: { asset: { software } } })).toHaveLength(40_000);
  });
});
