/** What the enriched profile leaves out; `docs/profiles.md` says it in the same words. */

import type { Resource } from "../core/resource.ts";

/** Raw fields of a resource that no row reads, on purpose. */
interface LeftOut {
  readonly resource: Resource;
  readonly fields: readonly string[];
  readonly why: string;
}

export const LEFT_OUT: readonly LeftOut[] = [
  { resource: "users", fields: ["notes", "custom_attributes", "date_of_birth"], why: "personal" },
  { resource: "users", fields: ["u2ftokens", "desktoptokens"], why: "retired by Duo" },
  {
    resource: "groups",
    fields: ["mobile_otp_enabled", "push_enabled", "sms_enabled", "voice_enabled"],
    why: "legacy",
  },
  {
    resource: "phones",
    fields: ["predelay", "postdelay", "creation_date", "last_activated_date"],
    why: "no use for detection",
  },
  { resource: "tokens", fields: ["totp_step"], why: "no use for detection" },
  {
    resource: "endpoints",
    fields: ["browsers[].flash_version", "browsers[].java_version", "browsers[].last_used"],
    why: "no place of their own",
  },
  {
    resource: "webauthncredentials",
    fields: [
      ...["aaguid", "backup_eligible", "backup_status", "registered_as", "transports", "uv_capable"],
      ...["passwordless_authorized", "credential_id", "date_last_used"],
    ],
    why: "a second entity of the user that carries only these might replace the relations of the first",
  },
];
