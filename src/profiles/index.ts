/** The profiles by their names. */

import type { Profile } from "../core/profile.ts";
import { VENDOR } from "./vendor.ts";

export const PROFILES = { vendor: VENDOR } as const satisfies Readonly<Record<string, Profile>>;
export type ProfileName = keyof typeof PROFILES;

const isName = (name: string): name is ProfileName => Object.hasOwn(PROFILES, name);
export const PROFILE_NAMES = Object.keys(PROFILES).filter(isName);
