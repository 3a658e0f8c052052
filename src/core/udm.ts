/**
 * The part of the Unified Data Model that a Duo record can fill, in the proto's field names
 * (`google.backstory.Entity`). The types check the table: a UDM path that is not here does not compile.
 */

export const Platform = { WINDOWS: "WINDOWS", LINUX: "LINUX", MAC: "MAC" } as const;
export type Platform = (typeof Platform)[keyof typeof Platform];

export const AssetType = { LAPTOP: "LAPTOP", MOBILE: "MOBILE" } as const;
export type AssetType = (typeof AssetType)[keyof typeof AssetType];

/** One M in the second: the enum's own spelling. */
export const DeploymentStatus = { ACTIVE: "ACTIVE", DECOMISSIONED: "DECOMISSIONED" } as const;
export type DeploymentStatus = (typeof DeploymentStatus)[keyof typeof DeploymentStatus];

/** An RFC 3339 time in UTC, `YYYY-MM-DDTHH:MM:SS[.mmm]Z`. */
export type UdmTimestamp = string;

export interface Label {
  key: string;
  value: string;
}

export interface Software {
  name?: string;
  version?: string;
}

export interface Asset {
  asset_id?: string;
  attribute?: { labels: Label[] };
  deployment_status?: DeploymentStatus;
  hardware?: { model: string }[];
  hostname?: string;
  last_discover_time?: UdmTimestamp;
  platform_software?: { platform?: Platform; platform_version?: string };
  product_object_id?: string;
  software?: Software[];
  type?: AssetType;
}

export interface User {
  email_addresses?: string[];
  phone_numbers?: string[];
  userid?: string;
}

export interface EntityMetadata {
  collected_timestamp: UdmTimestamp;
  entity_type: "ASSET";
  product_name: string;
  vendor_name: string;
}

export interface Relation {
  entity: { user: User };
  entity_type: "USER";
  relationship: "OWNS";
}

/** One UDM entity record: an asset, and the user who owns it when the record names one. */
export interface UdmEntity {
  entity: { asset: Asset };
  metadata: EntityMetadata;
  relations?: Relation[];
}

type Element<T> = T extends readonly (infer E)[] ? E : T;

type LeafPath<T, P extends string> = T extends string
  ? P
  : { [K in keyof T & string]-?: LeafPath<Element<NonNullable<T[K]>>, `${P}.${K}`> }[keyof T & string];

/** The dotted paths of the vendor's UDM column, which prints every part of an entity below `entity.`. */
export type UdmPath =
  | LeafPath<Asset, "entity.asset">
  | LeafPath<User, "entity.user">
  | LeafPath<EntityMetadata, "entity.metadata">
  | LeafPath<Omit<Relation, "entity">, "entity.relations">;

type RepeatedIn<T, P extends string> = T extends string
  ? never
  : {
      [K in keyof T & string]-?: NonNullable<T[K]> extends readonly (infer E)[]
        ? `${P}${K}` | RepeatedIn<E, `${P}${K}.`>
        : RepeatedIn<NonNullable<T[K]>, `${P}${K}.`>;
    }[keyof T & string];

/** The repeated fields of an entity, by their path in the record. */
export const REPEATED: { readonly [P in RepeatedIn<UdmEntity, "">]: true } = {
  "entity.asset.attribute.labels": true,
  "entity.asset.hardware": true,
  "entity.asset.software": true,
  relations: true,
  "relations.entity.user.email_addresses": true,
  "relations.entity.user.phone_numbers": true,
};
