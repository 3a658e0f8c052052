/** What another parser may do differently: each changes entities of ours as such a parser would have made them. */

import { isComposite } from "../../src/core/scalar.ts";
import type { User } from "../../src/core/udm.ts";
import { mapRecord, type UdmEntity } from "../../src/index.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An entity that may be changed into what our mapping never makes. */
export interface Changing {
  entity: { asset: Record<string, unknown>; user?: User };
  metadata: Record<string, unknown>;
  relations?: { entity: { user: Mutable<User> }; entity_type: string; relationship: string }[];
}

export function changing(entity: UdmEntity): Changing {
  return JSON.parse(JSON.stringify(entity));
}

export interface Mutation {
  readonly name: string;
  /** Changes the entity that a record made, and says whether it did. */
  readonly change: (entity: Changing, record: unknown) => boolean;
}

function ownerIn(entity: Changing): User | undefined {
  return entity.relations?.[0]?.entity.user ?? entity.entity.user;
}

export const OWNER_IN_NOUN: Mutation = {
  name: "owner=noun",
  change: (entity) => {
    const user = ownerIn(entity);
    if (user === undefined) return false;
    entity.entity.user = user;
    delete entity.relations;
    return true;
  },
};

export const OWNER_IN_BOTH: Mutation = {
  name: "owner=both",
  change: (entity) => {
    const user = ownerIn(entity);
    if (user === undefined) return false;
    entity.entity.user = { ...user };
    return true;
  },
};

/** The last user of the record is the owner. It must come before the owner's place is changed. */
export const LAST_USER: Mutation = {
  name: "first_user",
  change: (entity, record) => {
    const users = isComposite(record) ? record["users"] : undefined;
    const [relation] = entity.relations ?? [];
    if (relation === undefined || !Array.isArray(users) || users.length < 2) return false;
    const turned = mapRecord(Object.assign({}, record, { users: users.slice(-1) }), {
      collectedAt: "2026-01-02T03:04:05Z",
    });
    const user = turned.kind === "entity" ? turned.entity.relations?.[0]?.entity.user : undefined;
    if (user === undefined || JSON.stringify(user) === JSON.stringify(relation.entity.user)) return false;
    relation.entity.user = user;
    return true;
  },
};

function inUpperCase(holder: object, field: string): boolean {
  const value: unknown = Reflect.get(holder, field);
  if (typeof value !== "string" || value === value.toUpperCase()) return false;
  Reflect.set(holder, field, value.toUpperCase());
  return true;
}

export const HOSTNAME_IN_UPPER_CASE: Mutation = {
  name: "case",
  change: (entity) => inUpperCase(entity.entity.asset, "hostname"),
};

export const KEY_IN_LOWER_CASE: Mutation = {
  name: "case",
  change: ({ entity: { asset } }) => {
    const { product_object_id: id } = asset;
    if (typeof id !== "string" || id === id.toLowerCase()) return false;
    asset["product_object_id"] = id.toLowerCase();
    return true;
  },
};

export const USERID_IN_UPPER_CASE: Mutation = {
  name: "case",
  change: (entity) => {
    const user = ownerIn(entity);
    return user !== undefined && inUpperCase(user, "userid");
  },
};

export const NO_DEFAULT_TYPE: Mutation = {
  name: "default_type",
  change: ({ entity: { asset } }) => asset["type"] === "LAPTOP" && delete asset["type"],
};

export const NO_DEFAULT_STATUS: Mutation = {
  name: "default_status",
  change: ({ entity: { asset } }) =>
    asset["deployment_status"] === "ACTIVE" && delete asset["deployment_status"],
};
