/**
 * The mapping table: the 32 rows of Google's "Collect Duo entity context logs" page for the log type
 * DUO_CONTEXT, in its order. `log_field`, `udm` and `logic` are its words; `rule` says the logic to the machine.
 * Mapping, explanations, coverage and documentation all read this table, and no other list of fields exists.
 */

import type { Profile, Row, Table } from "../core/profile.ts";

export const TABLE = [
  {
    log_field: "activated",
    udm: "entity.asset.deployment_status",
    logic: `If 'activated' is false, set to "DECOMISSIONED", otherwise "ACTIVE".`,
    rule: { kind: "deployment_status" },
  },
  {
    log_field: "browsers.browser_family",
    udm: "entity.asset.software.name",
    logic: "Extracted from the 'browsers' array in the raw log.",
    rule: { kind: "copy", of: "each" },
  },
  {
    log_field: "browsers.browser_version",
    udm: "entity.asset.software.version",
    logic: "Extracted from the 'browsers' array in the raw log.",
    rule: { kind: "copy", of: "each" },
  },
  {
    log_field: "device_name",
    udm: "entity.asset.hostname",
    logic: "Directly mapped from the raw log.",
    rule: { kind: "copy" },
    decisions: [5],
  },
  {
    log_field: "disk_encryption_status",
    udm: 'entity.asset.attribute.labels.key: "disk_encryption_status", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "email",
    udm: "entity.user.email_addresses",
    logic: `Directly mapped from the raw log if it contains "@", otherwise uses 'username' or 'username1' if they contain "@".`,
    rule: { kind: "address", or: ["username", ["username1", "users.username"]] },
    decisions: [1, 3],
  },
  {
    log_field: "encrypted",
    udm: 'entity.asset.attribute.labels.key: "Encrypted", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "epkey",
    udm: "entity.asset.product_object_id",
    logic: "Used as 'product_object_id' if present, otherwise uses 'phone_id' or 'token_id'.",
    rule: { kind: "copy" },
    decisions: [5],
  },
  {
    log_field: "fingerprint",
    udm: 'entity.asset.attribute.labels.key: "Finger Print", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "firewall_status",
    udm: 'entity.asset.attribute.labels.key: "firewall_status", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "hardware_uuid",
    udm: "entity.asset.asset_id",
    logic: "Used as 'asset_id' if present, otherwise uses 'user_id'.",
    rule: { kind: "copy" },
    decisions: [5],
  },
  {
    log_field: "last_seen",
    udm: "entity.asset.last_discover_time",
    logic: "Parsed as an ISO8601 timestamp and mapped.",
    rule: { kind: "iso8601" },
    decisions: [6],
  },
  {
    log_field: "model",
    udm: "entity.asset.hardware.model",
    logic: "Directly mapped from the raw log.",
    rule: { kind: "copy" },
  },
  {
    log_field: "number",
    udm: "entity.user.phone_numbers",
    logic: "Directly mapped from the raw log.",
    rule: { kind: "copy" },
    decisions: [1],
  },
  {
    log_field: "os_family",
    udm: "entity.asset.platform_software.platform",
    logic: 'Mapped to "WINDOWS", "LINUX", or "MAC" based on the value, case-insensitive.',
    rule: { kind: "platform" },
  },
  {
    log_field: "os_version",
    udm: "entity.asset.platform_software.platform_version",
    logic: "Directly mapped from the raw log.",
    rule: { kind: "copy" },
  },
  {
    log_field: "password_status",
    udm: 'entity.asset.attribute.labels.key: "password_status", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "phone_id",
    udm: "entity.asset.product_object_id",
    logic: "Used as 'product_object_id' if 'epkey' is not present, otherwise uses 'token_id'.",
    rule: { kind: "copy", unless: ["epkey"] },
    decisions: [5],
  },
  {
    log_field: "security_agents.security_agent",
    udm: "entity.asset.software.name",
    logic: "Extracted from the 'security_agents' array in the raw log.",
    rule: { kind: "copy", of: "each" },
  },
  {
    log_field: "security_agents.version",
    udm: "entity.asset.software.version",
    logic: "Extracted from the 'security_agents' array in the raw log.",
    rule: { kind: "copy", of: "each" },
  },
  {
    log_field: "timestamp",
    udm: "entity.metadata.collected_timestamp",
    logic: "Populates the 'collected_timestamp' field within the 'metadata' object.",
    rule: { kind: "timestamp" },
    decisions: [6],
  },
  {
    log_field: "token_id",
    udm: "entity.asset.product_object_id",
    logic: "Used as 'product_object_id' if 'epkey' and 'phone_id' are not present.",
    rule: { kind: "copy", unless: ["epkey", "phone_id"] },
    decisions: [5],
  },
  {
    log_field: "trusted_endpoint",
    udm: 'entity.asset.attribute.labels.key: "trusted_endpoint", entity.asset.attribute.labels.value',
    logic: "Directly mapped from the raw log, converted to lowercase.",
    rule: { kind: "lower_case" },
  },
  {
    log_field: "type",
    udm: "entity.asset.type",
    logic: `If the raw log 'type' contains "mobile" (case-insensitive), set to "MOBILE", otherwise "LAPTOP".`,
    rule: { kind: "asset_type" },
  },
  {
    log_field: "user_id",
    udm: "entity.asset.asset_id",
    logic: "Used as 'asset_id' if 'hardware_uuid' is not present.",
    rule: { kind: "copy", unless: ["hardware_uuid"] },
    decisions: [5],
  },
  {
    log_field: "users.email",
    udm: "entity.user.email_addresses",
    logic: `Used as 'email_addresses' if it's the first user in the 'users' array and contains "@".`,
    rule: { kind: "address", of: "first" },
    decisions: [1, 2],
  },
  {
    log_field: "users.username",
    udm: "entity.user.userid",
    logic: `Extracted username before "@" and used as 'userid' if it's the first user in the 'users' array.`,
    rule: { kind: "local_part", of: "first" },
    decisions: [1, 2],
  },
  {
    log_field: "",
    udm: "entity.metadata.vendor_name",
    logic: '"Duo"',
    rule: { kind: "constant", value: "Duo" },
  },
  {
    log_field: "",
    udm: "entity.metadata.product_name",
    logic: '"Duo Entity Context Data"',
    rule: { kind: "constant", value: "Duo Entity Context Data" },
  },
  {
    log_field: "",
    udm: "entity.metadata.entity_type",
    logic: "ASSET",
    rule: { kind: "constant", value: "ASSET" },
  },
  {
    log_field: "",
    udm: "entity.relations.entity_type",
    logic: "USER",
    rule: { kind: "constant", value: "USER" },
    decisions: [1],
  },
  {
    log_field: "",
    udm: "entity.relations.relationship",
    logic: "OWNS",
    rule: { kind: "constant", value: "OWNS" },
    decisions: [4],
  },
] as const satisfies readonly Row[];

/** Where the vendor profile puts the owner: in the relation's noun, in the entity's own, or in both (DECISIONS.md, 1). */
export const OWNERS = ["relation", "noun", "both"] as const;
export type Owner = (typeof OWNERS)[number];

const PLACES: { readonly [O in Owner]: readonly string[] } = {
  relation: ["relations.entity.user"],
  noun: ["entity.user"],
  both: ["relations.entity.user", "entity.user"],
};

/** The vendor's table: the same for all resources. */
function vendorTable(owner: Owner): Table {
  return {
    rows: TABLE,
    // The vendor prints all of an entity below `entity.`; metadata and relations stand at the top of the record.
    places: {
      "entity.metadata": ["metadata"],
      "entity.relations": ["relations"],
      "entity.user": PLACES[owner],
    },
    // An asset needs one of those by which assets are merged (DECISIONS.md, 5).
    identity: ["entity.asset.asset_id", "entity.asset.product_object_id", "entity.asset.hostname"],
    distinct: false,
    blankElements: "wrong",
    unidentified: "NO_ASSET_IDENTITY",
  };
}

/** The table of the vendor profile as it is by default: the owner stands in the relation. */
export const VENDOR_TABLE: Table = vendorTable("relation");

/** The vendor's profile, with the owner at the given place. */
export function vendorProfile(owner: Owner): Profile {
  const table = owner === "relation" ? VENDOR_TABLE : vendorTable(owner);
  return {
    name: "vendor",
    tables: {
      users: table,
      groups: table,
      phones: table,
      endpoints: table,
      tokens: table,
      webauthncredentials: table,
      desktop_authenticators: table,
      unknown: table,
    },
  };
}

export const VENDOR: Profile = vendorProfile("relation");
