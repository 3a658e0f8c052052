/** What the mapping function should have stored. */

import { GetObjectCommand } from "@aws-sdk/client-s3";
import { mapPage } from "../../src/core/map-page.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { UdmEntity } from "../../src/core/udm.ts";
import { BUCKET, type S3 } from "./s3.ts";

/** The entities of the page at a key, and their bytes: one JSON text a line. */
export async function mappedAsStored(
  { client }: S3,
  key: string,
  profile?: Profile,
): Promise<{ entities: UdmEntity[]; body: string }> {
  const { Body, LastModified } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  const document: unknown = JSON.parse((await Body?.transformToString()) ?? "");
  const { entities } = mapPage(document, {
    collectedAt: LastModified?.toISOString() ?? "",
    ...(profile !== undefined && { profile }),
  });
  return { entities, body: entities.map((entity) => `${JSON.stringify(entity)}\n`).join("") };
}
