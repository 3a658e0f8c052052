/**
 * The raw records of each resource: the fields that the Duo Admin API's reference and recorded answers show,
 * and the values of those that are enumerated. Null, blank and absent always pass. A nested object is reduced,
 * as Duo reduces it: a phone's users have no phones.
 */

import { planOf } from "../../core/plan.ts";
import type { Resource } from "../../core/resource.ts";
import { VENDOR_TABLE } from "../../profiles/vendor.ts";
import { BLANK, type RawSchema } from "./raw-schema.ts";

type Fields = { readonly [field: string]: RawSchema };

const TEXT: RawSchema = { type: ["string", "null"] };
const FLAG_VALUES: RawSchema = { enum: [true, false, "", null] };
/** Any scalar is a value, listed or not. */
const FLAG: RawSchema = { type: ["boolean", "null", "number", "string"], ...FLAG_VALUES };
const INTEGER: RawSchema = { type: ["integer", "null", "string"], pattern: BLANK };
const INTEGER_OR_TEXT: RawSchema = { type: ["integer", "null", "string"] };
const OBJECT: RawSchema = { type: ["object", "null", "string"], pattern: BLANK };
const LIST: RawSchema = { type: ["array", "null", "string"], pattern: BLANK };

const oneOf = (...values: readonly string[]): RawSchema => ({ ...TEXT, enum: [...values, "", null] });
const listOf = (items: RawSchema): RawSchema => ({ ...LIST, items });

function fields(schema: RawSchema, names: string): Fields {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, schema]),
  );
}

function object(properties: Fields): RawSchema {
  return { ...OBJECT, properties, additionalProperties: false };
}

const GROUP: Fields = {
  ...fields(TEXT, "desc group_id name"),
  ...fields(FLAG, "mobile_otp_enabled push_enabled sms_enabled voice_enabled"),
  status: oneOf("Active", "Bypass", "Disabled"),
};

/** A user as it stands in a phone, token or credential. */
const NESTED_USER: Fields = {
  ...fields(TEXT, "alias1 alias2 alias3 alias4 date_of_birth directory_key email entra_federated_user_id"),
  ...fields(TEXT, "external_id firstname lastname notes realname user_id username"),
  ...fields(FLAG, "enable_auto_prompt has_password is_enrolled"),
  ...fields(INTEGER, "created last_directory_sync last_login password_last_updated"),
  aliases: object(fields(TEXT, "alias1 alias2 alias3 alias4 alias5 alias6 alias7 alias8")),
  custom_attributes: OBJECT,
  lockout_reason: oneOf("Failed Attempts", "Not enrolled", "Admin disabled", "Admin API disabled"),
  status: oneOf("active", "bypass", "disabled", "locked out", "pending deletion"),
};

const ADMIN: Fields = {
  ...fields(TEXT, "admin_id email name"),
  ...fields(INTEGER, "created last_login"),
};

/** A phone as it stands in a user. */
const NESTED_PHONE: Fields = {
  ...fields(TEXT, "app_version creation_date extension last_activated_date last_seen model name number"),
  ...fields(TEXT, "os_version phone_id"),
  ...fields(FLAG, "activated quarantined sms_passcodes_sent"),
  ...fields(INTEGER_OR_TEXT, "postdelay predelay"),
  capabilities: listOf(oneOf("auto", "push", "sms", "phone", "mobile_otp")),
  encrypted: oneOf("Encrypted", "Unencrypted", "Unknown"),
  fingerprint: oneOf("Configured", "Disabled", "Unknown"),
  platform: oneOf(
    "Unknown",
    "Google Android",
    "Apple iOS",
    "Windows Phone 7",
    "RIM Blackberry",
    "Java J2ME",
    "Palm WebOS",
    "Symbian OS",
    "Windows Mobile",
    "Generic Smartphone",
  ),
  screenlock: oneOf("Locked", "Unlocked", "Unknown"),
  tampered: oneOf("Not tampered", "Tampered", "Unknown"),
  type: oneOf("Mobile", "Landline", "Unknown"),
};

const NESTED_TOKEN: Fields = {
  ...fields(TEXT, "serial token_id"),
  totp_step: INTEGER,
  type: oneOf("h6", "h8", "yk", "d1"),
};

/** A credential as it stands in a user. */
const NESTED_WEBAUTHN: Fields = {
  ...fields(TEXT, "aaguid credential_id credential_name label webauthnkey"),
  ...fields(INTEGER, "date_added date_last_used"),
  ...fields(FLAG, "backup_eligible backup_status passwordless_authorized uv_capable"),
  registered_as: oneOf("platform", "cross-platform", "unknown"),
  transports: listOf(TEXT),
};

/** An authenticator as it stands in a user. */
const NESTED_DESKTOP: Fields = {
  ...fields(TEXT, "dakey device_name duo_desktop_version os_family"),
  daid: INTEGER_OR_TEXT,
};

const ON_OFF = oneOf("On", "Off", "Unknown");

const FIELDS: { readonly [R in Resource]: Fields } = {
  users: {
    ...NESTED_USER,
    desktop_authenticators: listOf(object(NESTED_DESKTOP)),
    desktoptokens: LIST,
    groups: listOf(object(GROUP)),
    phones: listOf(object(NESTED_PHONE)),
    tokens: listOf(object(NESTED_TOKEN)),
    u2ftokens: listOf(object({ date_added: INTEGER, registration_id: TEXT })),
    webauthncredentials: listOf(object(NESTED_WEBAUTHN)),
  },
  groups: GROUP,
  phones: { ...NESTED_PHONE, users: listOf(object(NESTED_USER)) },
  endpoints: {
    ...fields(TEXT, "computer_sid cpu_id device_id device_identifier device_name device_udid"),
    ...fields(TEXT, "device_username domain_sid email epkey hardware_uuid health_app_client_version"),
    ...fields(TEXT, "machine_guid model os_build os_family os_version type username"),
    ...fields(INTEGER, "health_data_last_collected last_updated"),
    alternative_ids: LIST,
    browsers: listOf(
      object({
        ...fields(TEXT, "browser_family browser_version flash_version java_version"),
        last_used: INTEGER,
      }),
    ),
    device_identifier_type: oneOf("hardware_uuid", "fqdn", "hardware_serial", "device_udid"),
    device_username_type: oneOf("os_username", "upn", "username", "email"),
    disk_encryption_status: ON_OFF,
    firewall_status: ON_OFF,
    password_status: oneOf("Set", "Unset", "Unknown"),
    security_agents: listOf(object(fields(TEXT, "security_agent version"))),
    trusted_endpoint: oneOf("yes", "no", "unknown"),
  },
  tokens: { ...NESTED_TOKEN, admins: listOf(object(ADMIN)), users: listOf(object(NESTED_USER)) },
  webauthncredentials: { ...NESTED_WEBAUTHN, admin: object(ADMIN), user: object(NESTED_USER) },
  desktop_authenticators: { ...NESTED_DESKTOP, user: object(NESTED_USER) },
};

/** Any field that the vendor's table reads may stand in any record. One that is boolean somewhere is so everywhere. */
const READ: Fields = Object.fromEntries(
  planOf(VENDOR_TABLE).steps.map(({ field }) => {
    const isFlag = Object.values(FIELDS).some((known) => known[field] === FLAG);
    return [field, isFlag ? FLAG_VALUES : {}];
  }),
);

/** The fields of all resources. One that resources define differently may hold anything. */
function allFields(): Fields {
  const all = new Map<string, RawSchema>();
  for (const [field, schema] of Object.values(FIELDS).flatMap(Object.entries<RawSchema>)) {
    const isSame = JSON.stringify(all.get(field) ?? schema) === JSON.stringify(schema);
    all.set(field, isSame ? schema : {});
  }
  return Object.fromEntries(all);
}

function resourceSchema(resource: Resource | "unknown") {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:duo-udm:${resource}`,
    title: `A raw record of ${resource}, as the Duo reference has it`,
    type: "object",
    properties: { ...READ, ...(resource === "unknown" ? allFields() : FIELDS[resource]) },
    additionalProperties: false,
  } as const;
}

export const RESOURCE_SCHEMAS = {
  users: resourceSchema("users"),
  groups: resourceSchema("groups"),
  phones: resourceSchema("phones"),
  endpoints: resourceSchema("endpoints"),
  tokens: resourceSchema("tokens"),
  webauthncredentials: resourceSchema("webauthncredentials"),
  desktop_authenticators: resourceSchema("desktop_authenticators"),
  unknown: resourceSchema("unknown"),
} as const satisfies { readonly [R in Resource | "unknown"]: object };
