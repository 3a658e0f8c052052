/**
 * What tells entities of a run from each other, and what SecOps merges them on. A check hands out the keys of
 * each entity; whoever sees the whole run asks {@link RunKeys} what they mean.
 */

import type { Place } from "../core/issue.ts";
import { isObject, present, type RawObject } from "../core/scalar.ts";
import type { Finding } from "./finding.ts";

/** A value by which an entity is known. */
interface Key {
  /** The kind of the entity and the field: `ASSET hostname`. */
  readonly field: string;
  readonly path: string;
  readonly value: string;
}

/** The keys of one entity: plain data, which can be sent to another thread. */
export interface EntityKeys {
  /** The first of the values that identify the entity. */
  readonly identity: Key;
  /** The value that no other entity of the run should have. */
  readonly unique?: Key;
  /** The values on which SecOps merges entities of this kind. */
  readonly merge: readonly Key[];
}

/** Where an entity is; `id` is what identifies its record, where the caller asks for values. */
export interface KeyPlace extends Place {
  readonly id?: string;
}

/** A field of a noun, and what is made of it once for all entities. */
interface KeyField {
  readonly name: string;
  readonly field: string;
  readonly path: string;
}

/** The nouns whose entities SecOps merges. */
interface MergedNoun {
  readonly kind: string;
  /** The field of the entity that holds it. */
  readonly field: string;
  /** What identifies it, the strongest first. */
  readonly identity: readonly KeyField[];
  /** Those of them that no other entity of a run should share. */
  readonly unique: readonly KeyField[];
  /** What SecOps merges it on. */
  readonly merge: readonly KeyField[];
}

function nounOf(kind: string, field: string, identity: string, unique: string, merge: string): MergedNoun {
  const fields = (names: string): KeyField[] =>
    names.split(" ").map((name) => ({ name, field: `${kind} ${name}`, path: `entity.${field}.${name}` }));
  return { kind, field, identity: fields(identity), unique: fields(unique), merge: fields(merge) };
}

/** As Google's page on the entity graph lists them. */
const NOUNS: readonly MergedNoun[] = [
  nounOf(
    "ASSET",
    "asset",
    "product_object_id asset_id hostname mac",
    "product_object_id asset_id",
    "hostname asset_id",
  ),
  nounOf(
    "USER",
    "user",
    "product_object_id userid email_addresses",
    "product_object_id userid",
    "userid email_addresses",
  ),
  nounOf(
    "GROUP",
    "group",
    "product_object_id group_display_name email_addresses",
    "product_object_id",
    "email_addresses",
  ),
];

/** The keys in a field, a list giving one for each of its texts. */
function addKeys(noun: RawObject, { name, field, path }: KeyField, keys: Key[]): void {
  const value = noun[name];
  if (typeof value === "string") {
    if (present(value) !== undefined) keys.push({ field, path, value });
  } else if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const one: unknown = value[at];
      if (typeof one === "string" && present(one) !== undefined) {
        keys.push({ field, path: `${path}[${at}]`, value: one });
      }
    }
  }
}

function firstKey(noun: RawObject, fields: readonly KeyField[]): Key | undefined {
  const keys: Key[] = [];
  for (const field of fields) {
    addKeys(noun, field, keys);
    if (keys.length > 0) return keys[0];
  }
  return undefined;
}

/** The noun that an entity is about: what its type says, else the first there is. */
function primary(entity: RawObject): { noun: RawObject; is: MergedNoun } | undefined {
  const { metadata, entity: nouns } = entity;
  if (!isObject(nouns)) return undefined;
  const type = isObject(metadata) ? metadata["entity_type"] : undefined;
  let found: { noun: RawObject; is: MergedNoun } | undefined;
  for (const is of NOUNS) {
    const noun = nouns[is.field];
    if (isObject(noun) && (found === undefined || is.kind === type)) found = { noun, is };
  }
  return found;
}

/** The keys of an entity in its canonical spelling, when it has any. */
export function keysOf(entity: unknown): EntityKeys | undefined {
  const found = isObject(entity) ? primary(entity) : undefined;
  if (found === undefined) return undefined;
  const { noun, is } = found;
  const identity = firstKey(noun, is.identity);
  if (identity === undefined) return undefined;
  const unique = firstKey(noun, is.unique);
  const merge: Key[] = [];
  for (const field of is.merge) addKeys(noun, field, merge);
  return unique === undefined ? { identity, merge } : { identity, unique, merge };
}

/** Remembers the keys of a run, and nothing else of its entities. */
export class RunKeys {
  readonly #seen = new Map<string, Set<string>>();
  /** By field, the identity of the first entity with each value. */
  readonly #holders = new Map<string, Map<string, string>>();

  /** What the entities before it say of an entity. */
  see({ identity, unique, merge }: EntityKeys): Finding[] {
    const findings: Finding[] = [];
    if (unique !== undefined && this.#isRepeated(unique)) {
      findings.push({ code: "DUPLICATE_ENTITY", path: unique.path });
    }
    for (const key of merge) {
      if (this.#holder(key, identity) !== identity.value) {
        findings.push({ code: "MERGE_COLLISION", path: key.path });
      }
    }
    return findings;
  }

  #isRepeated({ field, value }: Key): boolean {
    let seen = this.#seen.get(field);
    if (seen === undefined) {
      seen = new Set();
      this.#seen.set(field, seen);
    }
    const before = seen.size;
    return seen.add(value).size === before;
  }

  /** The identity of the first entity with the value: this one's, where there was none. */
  #holder({ field, value }: Key, identity: Key): string {
    let holders = this.#holders.get(field);
    if (holders === undefined) {
      holders = new Map();
      this.#holders.set(field, holders);
    }
    const holder = holders.get(value);
    if (holder !== undefined) return holder;
    holders.set(value, identity.value);
    return identity.value;
  }
}
