/** What identifies an entity, by falling rank: the keys that pairs are made by. */

import { ownField } from "../core/scalar.ts";
import { UDM_ENTITY_SCHEMA } from "../preflight/schemas/udm-entity.schema.ts";

/** The fields that identify a noun, by falling rank. */
const NOUNS = [
  { noun: "asset", fields: ["product_object_id", "asset_id", "hostname"] },
  { noun: "user", fields: ["product_object_id", "userid"] },
  { noun: "group", fields: ["product_object_id", "group_display_name"] },
  { noun: "resource", fields: ["product_object_id", "name"] },
] as const;

/**
 * The keys of an entity, the first of which it is known by. They are those of its first noun that has any; where
 * the asset has none, a user beside it may.
 */
export function pairingKeys(entity: unknown): string[] {
  const nouns = ownField(entity, "entity");
  for (const { noun, fields } of NOUNS) {
    const object = ownField(nouns, noun);
    const keys = fields.flatMap((one) => {
      const value = ownField(object, one);
      return typeof value === "string" && value !== "" ? [`${noun}.${one}=${value}`] : [];
    });
    if (keys.length > 0) return keys;
  }
  return [];
}

/** A user's identifier: the vendor's table makes an asset of a user, and it is the asset's `asset_id`. */
const USER = /^(?:asset\.asset_id|user\.product_object_id)=/;

/** The Duo user that an entity may stand for, whatever its type, by the key that it is known by. */
export function userOf([key = ""]: readonly string[]): string | undefined {
  const [start] = USER.exec(key) ?? [];
  return start === undefined ? undefined : key.slice(start.length);
}

const TYPES: ReadonlySet<string> = new Set(
  UDM_ENTITY_SCHEMA.$defs.EntityMetadata.properties?.["entity_type"]?.enum,
);

/** The type of an entity, as its metadata has it. What is not in the enum may be anybody's data, and is none. */
export function typeOf(entity: unknown): string | undefined {
  const type = ownField(ownField(entity, "metadata"), "entity_type");
  return typeof type === "string" && TYPES.has(type) ? type : undefined;
}

/**
 * Whether an entity is one of the enriched profile, by what the vendor's table never writes: users and groups of their
 * own, and the prefix of an `asset_id`.
 */
export function isEnriched(entity: unknown): boolean {
  const metadata = ownField(entity, "metadata");
  if (ownField(metadata, "vendor_name") !== "Duo") return false;
  if (ownField(metadata, "product_name") === "Duo User Context") return true;
  const id = ownField(ownField(ownField(entity, "entity"), "asset"), "asset_id");
  return typeof id === "string" && id.startsWith("Duo:");
}
