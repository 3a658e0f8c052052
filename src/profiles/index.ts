/** The profiles by their names. */

import type { Profile } from "../core/profile.ts";
import { ENRICHED } from "./enriched.ts";
import { type Owner, VENDOR, vendorProfile } from "./vendor.ts";

export const PROFILES = { vendor: VENDOR, enriched: ENRICHED } as const satisfies Readonly<
  Record<string, Profile>
>;
export type ProfileName = keyof typeof PROFILES;

const isName = (name: string): name is ProfileName => Object.hasOwn(PROFILES, name);
export const PROFILE_NAMES = Object.keys(PROFILES).filter(isName);

/** Which profile maps, as plain data, which can be sent to another thread. */
export interface ProfileChoice {
  readonly profile?: ProfileName | undefined;
  /** Where the vendor profile puts the owner. Default: in the relation. */
  readonly owner?: Owner | undefined;
}

const byOwner: { readonly [O in Owner]: Profile } = {
  relation: VENDOR,
  noun: vendorProfile("noun"),
  both: vendorProfile("both"),
};

/** The profile of a choice; one object for each. */
export function profileOf({ profile = "vendor", owner = "relation" }: ProfileChoice): Profile {
  return profile === "vendor" ? byOwner[owner] : PROFILES[profile];
}
