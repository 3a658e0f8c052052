/** What the mapping function should have stored. */

import { mapPage } from "../../src/core/map-page.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { UdmEntity } from "../../src/core/udm.ts";
import type { S3 } from "./s3.ts";

/** The entities of the page at a key, and their bytes: one JSON text per line. */
export function mappedAsStored(
  { bucket }: S3,
  key: string,
  profile?: Profile,
): { entities: UdmEntity[]; body: string } {
  const stored = bucket.objects.get(key);
  if (stored === undefined) throw new Error(`${key} is not stored`);
  const document: unknown = JSON.parse(stored.body.toString());
  const { entities } = mapPage(document, {
    collectedAt: stored.modified.toISOString(),
    ...(profile !== undefined && { profile }),
  });
  return { entities, body: entities.map((entity) => `${JSON.stringify(entity)}\n`).join("") };
}
