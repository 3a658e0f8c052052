/** What identifies an entity, by falling rank: the keys that pairs are made by. */

import { isComposite, ownField } from "../core/scalar.ts";

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
export function keysOf(entity: unknown): string[] {
  const noun = isComposite(entity) ? ownField(entity, "entity") : undefined;
  if (!isComposite(noun)) return [];
  for (const { noun: name, fields } of NOUNS) {
    const object = ownField(noun, name);
    if (!isComposite(object)) continue;
    const keys = fields.flatMap((one) => {
      const value = ownField(object, one);
      return typeof value === "string" && value !== "" ? [`${name}.${one}=${value}`] : [];
    });
    if (keys.length > 0) return keys;
  }
  return [];
}
