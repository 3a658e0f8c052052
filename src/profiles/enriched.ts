/**
 * The enriched profile: users, groups and every owner, where the vendor's table makes an asset of every Duo object and
 * keeps one user of many. It is ours, not Google's; `docs/profiles.md` says where each choice comes from. Nothing that
 * strangers share stands in a field on which SecOps merges entities.
 */

import type { Profile, Row, Table } from "../core/profile.ts";
import type { UdmPath } from "../core/udm.ts";
import { constant, decided, each, label, labels, listed, relation, row } from "./rows.ts";

/** The numbered decisions of DECISIONS.md that rows rest on. */
const D = {
  strangers: 70,
  owners: 71,
  credentials: 72,
  members: 73,
  activated: 74,
  bypass: 75,
  addresses: 76,
  groupNames: 78,
  factors: 79,
  usernames: 80,
};

const ALIASES = ["alias1", "alias2", "alias3", "alias4", "alias5", "alias6", "alias7", "alias8", "aliases.*"];

function metadata(key: string, entityType: "ASSET" | "GROUP" | "USER"): readonly Row[] {
  return [
    row(key, "entity.metadata.product_entity_id", "copy"),
    row("timestamp", "entity.metadata.collected_timestamp", "timestamp"),
    constant("entity.metadata.vendor_name", "Duo"),
    constant(
      "entity.metadata.product_name",
      entityType === "ASSET" ? "Duo Entity Context Data" : "Duo User Context",
    ),
    constant("entity.metadata.entity_type", entityType),
  ];
}

/** The owner of an asset: the person in a field of the record (`user`), or each in a list of them (`users[]`). */
function owners(container: string): readonly Row[] {
  const field = (name: string): string => `${container}.${name}`;
  const rows = relation(container, [
    row(field("user_id"), "entity.relations.entity.user.product_object_id", each("copy")),
    row(field("username"), "entity.relations.entity.user.userid", each("copy")),
    row(field("email"), "entity.relations.entity.user.email_addresses", each("mailbox")),
    row(field("username"), "entity.relations.entity.user.email_addresses", each("mailbox")),
    row(field("realname"), "entity.relations.entity.user.user_display_name", each("copy")),
  ]);
  return decided([D.owners], ...rows);
}

const OWNED_BY_USER: readonly Row[] = decided(
  [D.owners],
  constant("entity.relations.entity_type", "USER"),
  constant("entity.relations.relationship", "OWNS"),
);

const USERS: readonly Row[] = [
  row("user_id", "entity.user.product_object_id", "copy"),
  ...decided([D.usernames], row("username", "entity.user.userid", "copy", "Whole, as it is in events.")),
  ...decided(
    [D.addresses],
    ...listed(
      ["email", "username", ...ALIASES].map((field) => row(field, "entity.user.email_addresses", "mailbox")),
    ),
  ),
  ...listed([
    row("realname", "entity.user.user_display_name", "copy"),
    row("firstname", "entity.user.first_name", "copy"),
    row("lastname", "entity.user.last_name", "copy"),
  ]),
  row("phones[].number", "entity.user.phone_numbers", "copy"),
  ...decided([D.groupNames], row("groups[].name", "entity.user.group_identifiers", "name")),
  ...decided([D.bypass], row("status", "entity.user.user_authentication_status", "user_status")),
  ...listed(
    labels(
      "user",
      ...["status", "lockout_reason", "is_enrolled", "enable_auto_prompt", "has_password"],
      ...["external_id", "directory_key", "entra_federated_user_id"],
    ),
  ),
  row("last_directory_sync", label("user", "last_directory_sync"), "epoch"),
  ...listed([
    row("created", "entity.user.attribute.creation_time", "epoch"),
    row("last_login", "entity.user.last_login_time", "epoch"),
    row("password_last_updated", "entity.user.last_password_change_time", "epoch"),
  ]),
  ...decided(
    [D.addresses],
    ...listed(ALIASES.map((field) => row(field, label("user", "alias"), "no_mailbox"))),
  ),
  ...decided(
    [D.factors],
    ...listed(
      [
        ["phones", "mfa_phones"],
        ["tokens", "mfa_tokens"],
        ["webauthncredentials", "mfa_webauthn"],
        ["desktop_authenticators", "mfa_desktop"],
      ].map(([field = "", key = ""]) =>
        row(field, label("user", key), { kind: "copy", of: "length" }, "How many there are, 0 too."),
      ),
    ),
  ),
  ...decided(
    [D.members],
    ...relation("groups[]", [
      row("groups[].group_id", "entity.relations.entity.group.product_object_id", "copy"),
      ...decided(
        [D.groupNames],
        row("groups[].name", "entity.relations.entity.group.group_display_name", "name"),
      ),
    ]),
  ),
  ...relation("phones[]", [
    row("phones[].phone_id", "entity.relations.entity.asset.product_object_id", "copy"),
    ...decided([D.strangers], row("phones[].phone_id", "entity.relations.entity.asset.asset_id", "machine")),
    row("phones[].type", "entity.relations.entity.asset.type", "mobile"),
    row("phones[].platform", "entity.relations.entity.asset.platform_software.platform", {
      kind: "os",
      quiet: true,
    }),
    row("phones[].model", "entity.relations.entity.asset.hardware.model", "filled"),
  ]),
  ...relation("tokens[]", [
    row("tokens[].token_id", "entity.relations.entity.asset.product_object_id", "copy"),
    ...decided([D.strangers], row("tokens[].token_id", "entity.relations.entity.asset.asset_id", "machine")),
    row("tokens[].serial", "entity.relations.entity.asset.hardware.serial_number", "copy"),
    constant("entity.relations.entity.asset.category", "Hardware token", "tokens"),
  ]),
  ...relation("desktop_authenticators[]", [
    row("desktop_authenticators[].dakey", "entity.relations.entity.asset.product_object_id", "copy"),
    ...decided(
      [D.strangers],
      row("desktop_authenticators[].dakey", "entity.relations.entity.asset.asset_id", "machine"),
    ),
    ...decided(
      [D.strangers],
      row("desktop_authenticators[].device_name", "entity.relations.entity.asset.hostname", "host"),
    ),
    row("desktop_authenticators[].os_family", "entity.relations.entity.asset.platform_software.platform", {
      kind: "os",
      quiet: true,
    }),
  ]),
  ...decided(
    [D.credentials],
    ...relation("webauthncredentials[]", [
      row("webauthncredentials[].webauthnkey", "entity.relations.entity.resource.product_object_id", "copy"),
      row(
        "webauthncredentials[].webauthnkey",
        "entity.relations.entity.resource.name",
        "copy",
        'The key: a name such as "Touch ID" would merge strangers.',
      ),
      row(
        "webauthncredentials[].date_added",
        "entity.relations.entity.resource.attribute.creation_time",
        "epoch",
      ),
      row(
        "webauthncredentials[].label",
        'entity.relations.entity.resource.attribute.labels.key: "label", entity.relations.entity.resource.attribute.labels.value',
        "copy",
      ),
      row(
        "webauthncredentials[].credential_name",
        'entity.relations.entity.resource.attribute.labels.key: "credential_name", entity.relations.entity.resource.attribute.labels.value',
        "copy",
      ),
      constant("entity.relations.entity.resource.resource_type", "CREDENTIAL", "webauthncredentials"),
      constant("entity.relations.entity.resource.resource_subtype", "WebAuthn", "webauthncredentials"),
    ]),
  ),
  constant("entity.relations.entity_type", "GROUP", "groups"),
  constant("entity.relations.entity_type", "ASSET", "phones"),
  constant("entity.relations.entity_type", "ASSET", "tokens"),
  constant("entity.relations.entity_type", "ASSET", "desktop_authenticators"),
  constant("entity.relations.entity_type", "RESOURCE", "webauthncredentials"),
  constant("entity.relations.relationship", "MEMBER", "groups"),
  constant("entity.relations.relationship", "OWNS", "phones"),
  constant("entity.relations.relationship", "OWNS", "tokens"),
  constant("entity.relations.relationship", "OWNS", "desktop_authenticators"),
  constant("entity.relations.relationship", "OWNS", "webauthncredentials"),
  ...decided([D.owners], constant("entity.relations.direction", "UNIDIRECTIONAL")),
  ...metadata("user_id", "USER"),
];

const GROUPS: readonly Row[] = [
  row("group_id", "entity.group.product_object_id", "copy"),
  ...decided(
    [D.groupNames],
    row("name", "entity.group.group_display_name", "name"),
    row("name", label("group", "directory"), "directory"),
  ),
  row("desc", "entity.metadata.description", "copy"),
  ...decided([D.bypass], row("status", label("group", "status"), "copy", 'As it is; "Bypass" is a finding.')),
  ...metadata("group_id", "GROUP"),
];

const PHONES: readonly Row[] = [
  row("phone_id", "entity.asset.product_object_id", "copy"),
  ...decided([D.strangers], row("phone_id", "entity.asset.asset_id", "machine")),
  ...decided([D.strangers], ...listed(labels("asset", "name", "number", "extension"))),
  row("type", "entity.asset.type", "mobile"),
  row("type", label("asset", "type"), "copy"),
  row("platform", "entity.asset.platform_software.platform", "os"),
  row("platform", label("asset", "platform"), "copy"),
  row("os_version", "entity.asset.platform_software.platform_version", "filled"),
  row("model", "entity.asset.hardware.model", "filled"),
  row("app_version", "entity.asset.software.version", "filled"),
  constant("entity.asset.software.name", "Duo Mobile"),
  ...decided([D.activated], row("activated", "entity.asset.deployment_status", "active")),
  row("activated", label("asset", "activated"), "copy"),
  row("last_seen", "entity.asset.last_discover_time", "iso8601"),
  ...listed(
    labels(
      "asset",
      ...["encrypted", "fingerprint", "screenlock", "tampered", "quarantined", "sms_passcodes_sent"],
    ),
  ),
  row("capabilities[]", label("asset", "capability"), "copy", "A label for each."),
  ...owners("users[]"),
  ...OWNED_BY_USER,
  ...metadata("phone_id", "ASSET"),
];

const ENDPOINTS: readonly Row[] = [
  row("epkey", "entity.asset.product_object_id", "copy"),
  ...decided(
    [D.strangers],
    row(
      "hardware_uuid",
      "entity.asset.asset_id",
      { kind: "machine", or: ["epkey"] },
      '"Duo:" and hardware_uuid, else epkey, unless it is a placeholder.',
    ),
  ),
  ...decided(
    [D.strangers],
    row("device_name", "entity.asset.hostname", "host"),
    row("device_name", label("asset", "device_name"), "no_host"),
  ),
  row("model", "entity.asset.hardware.model", "filled"),
  row("os_family", "entity.asset.platform_software.platform", "os"),
  ...listed([
    row("type", "entity.asset.type", "mobile"),
    row("os_family", "entity.asset.type", { kind: "mobile_os", fallback: true }),
  ]),
  ...listed([
    row("os_version", "entity.asset.platform_software.platform_version", "filled"),
    row("os_build", "entity.asset.platform_software.platform_patch_level", "filled"),
  ]),
  ...relation("browsers[]", [
    row("browsers[].browser_family", "entity.asset.software.name", "copy"),
    row("browsers[].browser_version", "entity.asset.software.version", "copy"),
    row("security_agents[].security_agent", "entity.asset.software.name", "copy"),
    row("security_agents[].version", "entity.asset.software.version", "copy"),
  ]),
  row("health_app_client_version", "entity.asset.software.version", "filled"),
  constant("entity.asset.software.name", "Duo Desktop", ""),
  ...listed([
    row("last_updated", "entity.asset.last_discover_time", "epoch"),
    row("health_data_last_collected", "entity.asset.system_last_update_time", "epoch"),
  ]),
  ...listed(
    labels(
      "asset",
      ...["disk_encryption_status", "firewall_status", "password_status", "trusted_endpoint"],
      ...["computer_sid", "domain_sid", "machine_guid", "cpu_id", "device_id", "device_identifier"],
      ...["device_identifier_type", "device_udid", "device_username", "device_username_type"],
    ),
  ),
  row("alternative_ids[]", label("asset", "alternative_id"), "copy", "A label for each."),
  ...decided(
    [D.owners],
    ...listed([
      row("email", "entity.relations.entity.user.email_addresses", "mailbox"),
      row("username", "entity.relations.entity.user.email_addresses", "mailbox"),
      row("username", "entity.relations.entity.user.userid", "copy"),
    ]),
  ),
  ...OWNED_BY_USER,
  ...metadata("epkey", "ASSET"),
];

const MODELS = {
  h6: "HOTP 6 digits",
  h8: "HOTP 8 digits",
  t6: "TOTP 6 digits",
  t8: "TOTP 8 digits",
  yk: "YubiKey",
  d1: "Duo D-100",
};

const TOKENS: readonly Row[] = [
  row("token_id", "entity.asset.product_object_id", "copy"),
  ...decided([D.strangers], row("token_id", "entity.asset.asset_id", "machine")),
  row("serial", "entity.asset.hardware.serial_number", "copy"),
  row(
    "type",
    "entity.asset.hardware.model",
    { kind: "lookup", values: MODELS, rest: "copy" },
    `${Object.entries(MODELS)
      .map(([type, model]) => `${type}: ${model}`)
      .join("; ")}; else as it is.`,
  ),
  row(
    "type",
    "entity.asset.hardware.manufacturer",
    { kind: "lookup", values: { yk: "Yubico" } },
    '"Yubico" for yk.',
  ),
  row("type", label("asset", "token_type"), "copy"),
  constant("entity.asset.category", "Hardware token"),
  ...owners("users[]"),
  ...relation("admins[]", [
    row("admins[].admin_id", "entity.relations.entity.user.product_object_id", "copy"),
    row("admins[].email", "entity.relations.entity.user.email_addresses", "mailbox"),
    row("admins[].name", "entity.relations.entity.user.user_display_name", "copy"),
    constant(
      'entity.relations.entity.user.attribute.labels.key: "duo_admin", entity.relations.entity.user.attribute.labels.value',
      "true",
      "admins",
    ),
  ]),
  ...OWNED_BY_USER,
  ...metadata("token_id", "ASSET"),
];

const DESKTOP_AUTHENTICATORS: readonly Row[] = [
  row("dakey", "entity.asset.product_object_id", "copy"),
  ...decided([D.strangers], row("dakey", "entity.asset.asset_id", "machine")),
  row(
    "daid",
    label("asset", "daid"),
    "copy",
    "As it is: a small number that counts within the account, not an identifier.",
  ),
  ...decided(
    [D.strangers],
    row("device_name", "entity.asset.hostname", "host"),
    row("device_name", label("asset", "device_name"), "no_host"),
  ),
  row("os_family", "entity.asset.platform_software.platform", "os"),
  row("duo_desktop_version", "entity.asset.software.version", "filled"),
  constant("entity.asset.software.name", "Duo Desktop"),
  ...owners("user"),
  ...OWNED_BY_USER,
  ...metadata("dakey", "ASSET"),
];

function table(rows: readonly Row[], ...identity: readonly UdmPath[]): Table {
  return {
    rows,
    places: { "entity.metadata": ["metadata"], "entity.relations": ["relations"] },
    identity,
    distinct: true,
    blankElements: "absent",
    unidentified: "RECORD_UNRECOGNIZED",
  };
}

function assets(rows: readonly Row[]): Table {
  return table(rows, "entity.asset.product_object_id", "entity.asset.asset_id", "entity.asset.hostname");
}

export const ENRICHED: Profile = {
  name: "enriched",
  tables: {
    users: table(USERS, "entity.user.product_object_id", "entity.user.userid", "entity.user.email_addresses"),
    groups: table(GROUPS, "entity.group.product_object_id"),
    phones: assets(PHONES),
    endpoints: assets(ENDPOINTS),
    tokens: assets(TOKENS),
    // A second entity of the user that carries the credential alone could replace the relations of the first.
    webauthncredentials: "COVERED_BY_OWNER",
    desktop_authenticators: assets(DESKTOP_AUTHENTICATORS),
    unknown: "RECORD_UNRECOGNIZED",
  },
};
