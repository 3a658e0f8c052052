/** The values of an entity that the charts count, by the titles of the charts. */

import type { UdmEntity } from "../core/udm.ts";

/** Where an entity has no such value. */
const NONE = "none";

/** The charts of every entity of a noun, in their order. Charts of labels come after them. */
export const TITLES = ["Platform", "Asset type", "Deployment status", "Authentication status"] as const;
type Title = (typeof TITLES)[number];

/** The value that a row writes where the record has none. */
export const DEFAULTS = [
  { title: "Asset type", udm: "entity.asset.type", value: "LAPTOP" },
  { title: "Deployment status", udm: "entity.asset.deployment_status", value: "ACTIVE" },
] as const satisfies readonly { title: Title; udm: string; value: string }[];

/** How a default is told from a value of the record. */
export const BY_DEFAULT = " by default";

export const titleOfLabel = (key: string): string => `Label ${key}`;

export function* valuesOf({ entity }: UdmEntity): Generator<{ title: string; value: string }> {
  const { asset, user, group } = entity;
  if (asset !== undefined) {
    const { platform_software, type, deployment_status } = asset;
    yield { title: "Platform" satisfies Title, value: platform_software?.platform ?? NONE };
    yield { title: "Asset type" satisfies Title, value: type ?? NONE };
    yield { title: "Deployment status" satisfies Title, value: deployment_status ?? NONE };
  }
  if (user?.user_authentication_status !== undefined)
    yield { title: "Authentication status" satisfies Title, value: user.user_authentication_status };
  for (const noun of [asset, user, group])
    for (const { key, value } of noun?.attribute?.labels ?? []) yield { title: titleOfLabel(key), value };
}
