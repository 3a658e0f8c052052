/** Who may own a device whose entity has no owner: the fields of its record that name somebody and that no row reads. */

import type { Profile } from "../core/profile.ts";
import type { Resource } from "../core/resource.ts";
import { isObject, present, type RawObject } from "../core/scalar.ts";
import { ENRICHED } from "../profiles/enriched.ts";
import { isRead } from "./raw.ts";

/** Fields that hold people. */
const PEOPLE = ["users", "user", "admins", "admin"] as const;
/** What a person is known by, the best first. */
const NAMES = ["email", "username", "realname", "name", "user_id", "admin_id"] as const;
/** Fields of the record itself that name its user. */
const OWN = ["device_username"] as const;

function firstName(
  person: unknown,
  path: string,
  resource: Resource | "unknown",
  profile: Profile | undefined,
): string | undefined {
  if (!isObject(person)) return undefined;
  const isUnread = (field: string): boolean => !isRead(`${path}.${field}`, resource, profile);
  const name = NAMES.find(
    (field) => Object.hasOwn(person, field) && present(person[field]) !== undefined && isUnread(field),
  );
  return name === undefined ? undefined : `${path}.${name}`;
}

/** The path of a field that names an owner and that no row reads, if the record has one. */
export function unreadOwner(
  record: RawObject,
  resource: Resource | "unknown",
  profile?: Profile,
): string | undefined {
  for (const field of PEOPLE) {
    if (!Object.hasOwn(record, field)) continue;
    const people = record[field];
    const all: readonly unknown[] = Array.isArray(people) ? people : [people];
    for (const [at, person] of all.entries()) {
      const found = firstName(person, Array.isArray(people) ? `${field}[${at}]` : field, resource, profile);
      if (found !== undefined) return found;
    }
  }
  return OWN.find((field) => {
    const isThere = Object.hasOwn(record, field) && present(record[field]) !== undefined;
    return isThere && !isRead(field, resource, profile);
  });
}

/** What to say of an owner whom no row reads, and of the profile that would. */
export function ownerHint(
  record: RawObject,
  resource: Resource | "unknown",
  profile: Profile | undefined,
): string | undefined {
  const path = unreadOwner(record, resource, profile);
  if (path === undefined) return undefined;
  const wouldRead = isRead(path, resource, ENRICHED) ? "; --profile enriched has one that does" : "";
  return `${path} names an owner, and no row reads it${wouldRead}`;
}
