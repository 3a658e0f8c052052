/**
 * The part of the Unified Data Model that a Duo record can fill, in the proto's field names
 * (`google.backstory.Entity`). The types check the tables: a UDM path that is not here does not compile.
 */

export const Platform = {
  WINDOWS: "WINDOWS",
  LINUX: "LINUX",
  MAC: "MAC",
  IOS: "IOS",
  ANDROID: "ANDROID",
  CHROME_OS: "CHROME_OS",
} as const;
export type Platform = (typeof Platform)[keyof typeof Platform];

export const AssetType = { LAPTOP: "LAPTOP", MOBILE: "MOBILE" } as const;
export type AssetType = (typeof AssetType)[keyof typeof AssetType];

/** The enum itself spells `DECOMISSIONED` with one M. */
export const DeploymentStatus = { ACTIVE: "ACTIVE", DECOMISSIONED: "DECOMISSIONED" } as const;
export type DeploymentStatus = (typeof DeploymentStatus)[keyof typeof DeploymentStatus];

export const AuthenticationStatus = {
  ACTIVE: "ACTIVE",
  SUSPENDED: "SUSPENDED",
  NO_ACTIVE_CREDENTIALS: "NO_ACTIVE_CREDENTIALS",
} as const;
export type AuthenticationStatus = (typeof AuthenticationStatus)[keyof typeof AuthenticationStatus];

/** An RFC 3339 time in UTC, `YYYY-MM-DDTHH:MM:SS[.mmm]Z`. */
export type UdmTimestamp = string;

export interface Label {
  key: string;
  value: string;
}

export interface Attribute {
  creation_time?: UdmTimestamp;
  labels?: Label[];
}

export interface Software {
  name?: string;
  version?: string;
}

export interface Hardware {
  manufacturer?: string;
  model?: string;
  serial_number?: string;
}

export interface PlatformSoftware {
  platform?: Platform;
  platform_patch_level?: string;
  platform_version?: string;
}

export interface Asset {
  asset_id?: string;
  attribute?: Attribute;
  category?: string;
  deployment_status?: DeploymentStatus;
  hardware?: Hardware[];
  hostname?: string;
  last_discover_time?: UdmTimestamp;
  platform_software?: PlatformSoftware;
  product_object_id?: string;
  software?: Software[];
  system_last_update_time?: UdmTimestamp;
  type?: AssetType;
}

export interface User {
  attribute?: Attribute;
  email_addresses?: string[];
  first_name?: string;
  group_identifiers?: string[];
  last_login_time?: UdmTimestamp;
  last_name?: string;
  last_password_change_time?: UdmTimestamp;
  phone_numbers?: string[];
  product_object_id?: string;
  user_authentication_status?: AuthenticationStatus;
  user_display_name?: string;
  userid?: string;
}

export interface Group {
  attribute?: Attribute;
  group_display_name?: string;
  product_object_id?: string;
}

/** A credential, as a user's relation names it. */
export interface ResourceNoun {
  attribute?: Attribute;
  name?: string;
  product_object_id?: string;
  resource_subtype?: string;
  resource_type?: "CREDENTIAL";
}

/** What an entity is about, or what it is related to. */
export interface Noun {
  asset?: Asset;
  group?: Group;
  resource?: ResourceNoun;
  user?: User;
}

export type EntityType = "ASSET" | "GROUP" | "RESOURCE" | "USER";

export interface EntityMetadata {
  collected_timestamp: UdmTimestamp;
  description?: string;
  entity_type: EntityType;
  product_entity_id?: string;
  product_name: string;
  vendor_name: string;
}

export interface Relation {
  direction?: "UNIDIRECTIONAL";
  entity: Noun;
  entity_type: EntityType;
  relationship: "MEMBER" | "OWNS";
}

/** One UDM entity record, and what it is related to. */
export interface UdmEntity {
  entity: Noun;
  metadata: EntityMetadata;
  relations?: Relation[];
}

/** The shape of a message: a text, a message of fields, or a list of either. */
export type Shape = "text" | readonly [Shape] | { readonly [field: string]: Shape };

type ShapeOf<T> = T extends string
  ? "text"
  : T extends readonly (infer E)[]
    ? readonly [ShapeOf<E>]
    : { readonly [K in keyof T]-?: ShapeOf<NonNullable<T[K]>> };

const ATTRIBUTE = { creation_time: "text", labels: [{ key: "text", value: "text" }] } as const;

const NOUN = {
  asset: {
    asset_id: "text",
    attribute: ATTRIBUTE,
    category: "text",
    deployment_status: "text",
    hardware: [{ manufacturer: "text", model: "text", serial_number: "text" }],
    hostname: "text",
    last_discover_time: "text",
    platform_software: { platform: "text", platform_patch_level: "text", platform_version: "text" },
    product_object_id: "text",
    software: [{ name: "text", version: "text" }],
    system_last_update_time: "text",
    type: "text",
  },
  group: { attribute: ATTRIBUTE, group_display_name: "text", product_object_id: "text" },
  resource: {
    attribute: ATTRIBUTE,
    name: "text",
    product_object_id: "text",
    resource_subtype: "text",
    resource_type: "text",
  },
  user: {
    attribute: ATTRIBUTE,
    email_addresses: ["text"],
    first_name: "text",
    group_identifiers: ["text"],
    last_login_time: "text",
    last_name: "text",
    last_password_change_time: "text",
    phone_numbers: ["text"],
    product_object_id: "text",
    user_authentication_status: "text",
    user_display_name: "text",
    userid: "text",
  },
} as const;

/** The shape of an entity record: every place that a row may write to. */
export const ENTITY_SHAPE = {
  entity: NOUN,
  metadata: {
    collected_timestamp: "text",
    description: "text",
    entity_type: "text",
    product_entity_id: "text",
    product_name: "text",
    vendor_name: "text",
  },
  relations: [{ direction: "text", entity: NOUN, entity_type: "text", relationship: "text" }],
} as const satisfies ShapeOf<UdmEntity>;

type TextPath<S, P extends string> = S extends "text"
  ? P
  : S extends readonly [infer E]
    ? TextPath<E, P>
    : { [K in keyof S & string]: TextPath<S[K], `${P}.${K}`> }[keyof S & string];

/** The dotted paths of the vendor's UDM column, which prints every part of an entity below `entity.`. */
export type UdmPath =
  | TextPath<typeof NOUN, "entity">
  | TextPath<(typeof ENTITY_SHAPE)["metadata"], "entity.metadata">
  | TextPath<(typeof ENTITY_SHAPE)["relations"], "entity.relations">;
