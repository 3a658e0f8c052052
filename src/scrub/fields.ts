/**
 * What the fields of the reference may tell about people and devices. A name means the same wherever it stands, in
 * any resource.
 * - `identifying`: names, addresses, numbers, identifiers and hosts. Replaced.
 * - `free_text`: whatever somebody wrote. Replaced.
 * - `technical`: states, products, versions and times. Left, except for identifying values within.
 * - `holder`: objects and lists of the fields above.
 */

export type FieldClass = "identifying" | "free_text" | "technical" | "holder";

const NAMES: { readonly [C in FieldClass]: string } = {
  identifying: `
    admin_id alias1 alias2 alias3 alias4 alias5 alias6 alias7 alias8 alternative_ids computer_sid cpu_id
    credential_id daid dakey date_of_birth device_id device_identifier device_name device_udid device_username
    directory_key domain_sid email entra_federated_user_id epkey extension external_id firstname group_id
    hardware_uuid lastname machine_guid number phone_id realname registration_id serial token_id user_id username
    username1 webauthnkey
  `,
  free_text: "credential_name custom_attributes desc label message message_detail name notes",
  technical: `
    aaguid activated app_version backup_eligible backup_status browser_family browser_version capabilities code
    created creation_date date_added date_last_used device_identifier_type device_username_type
    disk_encryption_status duo_desktop_version enable_auto_prompt encrypted fingerprint firewall_status
    flash_version has_password health_app_client_version health_data_last_collected is_enrolled java_version
    last_activated_date last_directory_sync last_login last_seen last_updated last_used lockout_reason
    mobile_otp_enabled model next_offset os_build os_family os_version password_last_updated password_status
    passwordless_authorized platform postdelay predelay prev_offset push_enabled quarantined registered_as
    screenlock security_agent sms_enabled sms_passcodes_sent stat status tampered timestamp total_objects totp_step
    transports trusted_endpoint type uv_capable version voice_enabled
  `,
  holder: `
    admin admins aliases browsers desktop_authenticators desktoptokens groups metadata phones response
    security_agents tokens u2ftokens user users webauthncredentials
  `,
};

const CLASSES: ReadonlyMap<string, FieldClass> = new Map(
  (["identifying", "free_text", "technical", "holder"] as const).flatMap((one) =>
    NAMES[one]
      .trim()
      .split(/\s+/)
      .map((name) => [name, one] as const),
  ),
);

/** What a field of the reference may tell; undefined of a name that is not in it. */
export function fieldClass(name: string): FieldClass | undefined {
  return CLASSES.get(name);
}
