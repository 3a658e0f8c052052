import { describe, expect, it } from "vitest";
import { RESOURCES } from "../../src/core/resource.ts";
import { standsForNothing } from "../../src/core/rules.ts";
import { isObject, ownField, type RawObject } from "../../src/core/scalar.ts";
import { mapRecord } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { Account, sizesFor } from "../../src/simulator/data.ts";

/** The fields on which SecOps merges entities, as its page on the entity graph lists them. */
const MERGED_ON: { readonly [noun: string]: readonly string[] } = {
  asset: ["product_object_id", "hostname", "asset_id", "mac"],
  user: ["product_object_id", "userid", "windows_sid", "email_addresses", "employee_id"],
  group: ["product_object_id", "email_addresses", "windows_sid"],
};

interface Held {
  readonly value: string;
  readonly identity: string;
  readonly raw: RawObject;
}

const textsOf = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === "string");

/** The merge keys of a noun, and of the nouns that it is related to. */
function heldBy(raw: RawObject, entity: object): Held[] {
  const nouns = [ownField(entity, "entity")];
  for (const relation of [ownField(entity, "relations") ?? []].flat())
    nouns.push(ownField(relation, "entity"));
  return nouns.flatMap((holder) =>
    Object.entries(MERGED_ON).flatMap(([noun, fields]) => {
      const value = ownField(holder, noun);
      if (!isObject(value)) return [];
      const held = fields.flatMap((field) => textsOf(value[field]).map((text) => [field, text] as const));
      const [first] = held;
      return held.map(([field, text]) => ({
        value: `${noun}.${field} ${text}`,
        identity: first?.[1] ?? "",
        raw,
      }));
    }),
  );
}

function peopleIn(raw: unknown): string[] {
  if (!isObject(raw)) return [];
  const own = textsOf(raw["username"]);
  return [...own, ...[raw["users"] ?? [], raw["user"] ?? []].flat().flatMap(peopleIn)];
}

/** What real devices say, and what therefore many of them say. */
const SHARED: { readonly [field: string]: readonly string[] } = {
  hardware_uuid: [
    ...["00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "None"],
    ...["Default string", "To be filled by O.E.M.", "03000200-0400-0500-0006-000700080009"],
  ],
  device_name: ["iPhone", "MacBook-Pro", "localhost", "iPad", "DESKTOP", "unknown"],
};

/** The record, every third with a value that devices of strangers share. */
function withShared(raw: unknown, at: number): unknown {
  if (!isObject(raw) || at % 3 > 0) return raw;
  const shared = Object.entries(SHARED).filter(([field]) => Object.hasOwn(raw, field));
  return {
    ...raw,
    ...Object.fromEntries(
      shared.map(([field, values]) => [field, values[Math.floor(at / 3) % values.length]]),
    ),
  };
}

describe("the merge keys of an account, some of whose devices have no name and number of their own,", () => {
  const account = new Account(7, sizesFor(600));
  const held = RESOURCES.flatMap((resource) =>
    account
      .page(resource, 0, account.sizes[resource])
      .map(withShared)
      .flatMap((raw) => {
        const mapped = mapRecord(raw, { collectedAt: "2026-01-02T03:04:05Z", profile: ENRICHED, resource });
        return isObject(raw) && mapped.kind === "entity" ? heldBy(raw, mapped.entity) : [];
      }),
  );

  it("hold no placeholder", () => {
    const values = held.map(({ value }) => value.replace(/^\S+ (?:Duo:)?/, ""));
    expect(values.length).toBeGreaterThan(5000);
    expect(values.filter(standsForNothing)).toEqual([]);
  });

  it("are shared by records of different identity only where these are of one person", () => {
    const holders = new Map<string, Held[]>();
    for (const one of held) holders.set(one.value, [...(holders.get(one.value) ?? []), one]);
    const strangers = [...holders].filter(([, those]) => {
      if (new Set(those.map(({ identity }) => identity)).size === 1) return false;
      const people = those.map(({ raw }) => peopleIn(raw));
      return !people[0]?.some((person) => people.every((others) => others.includes(person)));
    });
    expect(strangers.map(([value]) => value)).toEqual([]);
  });
});
