import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapPage } from "../../src/core/map-page.ts";
import { canonicalEntity, importedEntities, isEntity } from "../../src/preflight/canonical.ts";
import { ENUM_NUMBERS } from "../../src/preflight/schemas/enum-numbers.ts";
import { UDM_ENTITY_SCHEMA, type UdmSchema } from "../../src/preflight/schemas/udm-entity.schema.ts";
import { anyJson } from "../support/arbitraries.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { deepFreeze, schemaErrors } from "../support/invariants.ts";

/** Every field name of a value in lowerCamelCase. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  const name = (key: string): string => key.replace(/_([a-z0-9])/g, (_, one: string) => one.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [name(key), camel(below)]));
}

describe("the canonical spelling of an entity", () => {
  it("is that of the entities the mapping makes, which are given back as they are", () => {
    for (const page of PAGES) {
      for (const entity of mapPage(readFixture(page), { collectedAt: COLLECTED_AT }).entities) {
        expect(canonicalEntity(entity)).toBe(entity);
      }
    }
  });

  it("comes from lowerCamelCase, also mixed with snake_case", () => {
    for (const page of PAGES) {
      for (const entity of mapPage(readFixture(page), { collectedAt: COLLECTED_AT }).entities) {
        expect(canonicalEntity(camel(entity))).toEqual(entity);
        expect(canonicalEntity({ ...entity, entity: camel(entity.entity) })).toEqual(entity);
      }
    }
  });

  it("has names for the numbers of enums", () => {
    const written = {
      entity: { asset: { type: 9, deploymentStatus: 3, platformSoftware: { platform: 8 } } },
      metadata: { entityType: 10000, sourceType: 1 },
      relations: [{ entityType: 10001, relationship: 3, direction: 2, entityLabel: 1 }],
    };
    expect(canonicalEntity(written)).toEqual({
      entity: {
        asset: {
          type: "MOBILE",
          deployment_status: "DECOMISSIONED",
          platform_software: { platform: "ANDROID" },
        },
      },
      metadata: { entity_type: "USER", source_type: "ENTITY_CONTEXT" },
      relations: [
        {
          entity_type: "GROUP",
          relationship: "MEMBER",
          direction: "UNIDIRECTIONAL",
          entity_label: "PRINCIPAL",
        },
      ],
    });
  });

  it("leaves a number that the enum does not have", () => {
    expect(canonicalEntity({ metadata: { entity_type: 99 } })).toEqual({ metadata: { entity_type: 99 } });
  });

  it("has 64-bit integers as digits, other numbers as numbers", () => {
    const hardware = { ram: 1024, cpuNumberCores: "08", cpu_clock_speed: "fast" };
    expect(
      canonicalEntity({
        entity: {
          asset: { hardware: [hardware], vulnerabilities: [{ cvss_base_score: "9.5" }] },
          port: "443",
        },
      }),
    ).toEqual({
      entity: {
        asset: {
          hardware: [{ ram: "1024", cpu_number_cores: "8", cpu_clock_speed: "fast" }],
          vulnerabilities: [{ cvss_base_score: 9.5 }],
        },
        port: 443,
      },
    });
  });

  it.each([
    ["2026-01-31T01:00:00+01:00", "2026-01-31T00:00:00Z"],
    ["2026-01-31T00:00:00.500000Z", "2026-01-31T00:00:00.500Z"],
    ["2025-12-31T19:00:00.1234-05:00", "2026-01-01T00:00:00.123400Z"],
    ["2026-01-31T00:00:00.000Z", "2026-01-31T00:00:00Z"],
    ["0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"],
    ["9999-12-31T23:30:00-01:00", "9999-12-31T23:30:00-01:00"],
    ["2026-01-31T00:00:00", "2026-01-31T00:00:00"],
    ["2026-31-31T00:00:00+01:00", "2026-31-31T00:00:00+01:00"],
  ])("has times in UTC: %s", (written, canonical) => {
    expect(canonicalEntity({ metadata: { collectedTimestamp: written } })).toEqual({
      metadata: { collected_timestamp: canonical },
    });
  });

  it("leaves out a field that is null, as proto JSON writes what is not set", () => {
    const entity = { user: null, asset: { asset_id: "a:b", assetId: null, hardware: null } };
    const metadata = { interval: null, entityType: "ASSET", entity_type: null };
    expect(canonicalEntity({ entity, metadata, relations: null, additional: null })).toEqual({
      entity: { asset: { asset_id: "a:b" } },
      metadata: { entity_type: "ASSET" },
    });
    const kept = { colour: null, relations: [null], additional: { note: null } };
    expect(canonicalEntity(kept)).toBe(kept);
  });

  it("keeps what the schema does not know, and a field that stands in both spellings", () => {
    const value = {
      entity: { asset: { assetId: "a", asset_id: "b", ownColour: 1 } },
      additional: { someKey: { assetId: 2 } },
    };
    expect(canonicalEntity(value)).toEqual(value);
    const odd: unknown = JSON.parse('{"entity": {"__proto__": {"assetId": 1}, "assetId": "a"}}');
    expect(JSON.stringify(canonicalEntity(odd))).toBe(
      '{"entity":{"__proto__":{"assetId":1},"asset_id":"a"}}',
    );
  });

  it("exists for any JSON value, which it leaves alone, and is its own canonical spelling", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        deepFreeze(value);
        for (const one of [value, { entity: value, metadata: value, relations: value }]) {
          const canonical = canonicalEntity(one);
          expect(canonicalEntity(canonical)).toEqual(canonical);
        }
      }),
    );
  });
});

describe("the numbers of enums", () => {
  it("are those of fields in the schema, and name all their values", () => {
    const definitions: { readonly [name: string]: UdmSchema } = UDM_ENTITY_SCHEMA.$defs;
    const violations = Object.entries(ENUM_NUMBERS).flatMap(([place, numbers]) => {
      const [message = "", field = ""] = place.split(".");
      const names = definitions[message]?.properties?.[field]?.enum ?? [];
      const same = names.toSorted().join() === Object.values(numbers).toSorted().join();
      return same ? [] : [place];
    });
    expect(violations).toEqual([]);
    expect(schemaErrors(canonicalEntity({ metadata: { entityType: 1 } }))).toEqual([]);
  });
});

describe("an import request's body", () => {
  const entity = { entity: { asset: { assetId: "a:b" } }, metadata: {} };

  it("is opened in either spelling, and without its source", () => {
    for (const body of [
      { inline_source: { entities: [entity], log_type: "DUO_CONTEXT" } },
      { inlineSource: { entities: [entity], logType: "DUO_CONTEXT" } },
      { entities: [entity] },
    ]) {
      expect(importedEntities(body)).toEqual([entity]);
    }
  });

  it("is not seen in other objects", () => {
    for (const other of [
      entity,
      {},
      [],
      null,
      { entities: [] },
      { entities: [{ epkey: "E" }] },
      { inline_source: 1 },
    ]) {
      expect(importedEntities(other)).toBeUndefined();
    }
  });

  it("holds entities, which raw records are not", () => {
    expect(isEntity(entity)).toBe(true);
    expect(isEntity({ epkey: "E" })).toBe(false);
    expect(isEntity({ entity: "x" })).toBe(false);
    expect(isEntity([entity])).toBe(false);
  });
});
