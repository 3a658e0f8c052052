/** Records mapped by the vendor's table, and what they must give. */

import { ISSUES, type Issue, mapRecord } from "../../src/index.ts";

export const COLLECTED_AT = "2026-01-02T03:04:05Z";
export const EPKEY = "EPRULES0000000000001";

interface Expected {
  /** The asset's fields besides deployment status and type, which every asset has. */
  readonly asset?: Record<string, unknown>;
  readonly owner?: Record<string, unknown>;
  readonly collected?: string;
  readonly issues?: readonly Partial<Issue>[];
}

/** What `mapRecord` returns for a record that makes an entity: whole, so that nothing else may be in it. */
export function mapped({ asset = {}, owner, collected = COLLECTED_AT, issues = [] }: Expected): unknown {
  return {
    kind: "entity",
    entity: {
      entity: { asset: { deployment_status: "ACTIVE", type: "LAPTOP", ...asset } },
      metadata: {
        collected_timestamp: collected,
        entity_type: "ASSET",
        product_name: "Duo Entity Context Data",
        vendor_name: "Duo",
      },
      ...(owner && { relations: [{ entity: { user: owner }, entity_type: "USER", relationship: "OWNS" }] }),
    },
    issues,
  };
}

export function map(record: unknown): unknown {
  return mapRecord(record, { collectedAt: COLLECTED_AT });
}

/** Maps the fields given with an epkey, which alone makes an entity. */
export function mapWithKey(fields: Record<string, unknown>): unknown {
  return map({ ...fields, epkey: EPKEY });
}

export function mappedWithKey({ asset, ...rest }: Expected): unknown {
  return mapped({ ...rest, asset: { product_object_id: EPKEY, ...asset } });
}

function warning(code: Issue["code"], message: string, path: string, row = path): Issue {
  return { severity: "warning", code, message, path, row };
}

export const wrongType = (path: string, row?: string): Issue =>
  warning(
    "FIELD_TYPE",
    "The field has a JSON type that the mapping cannot read, so it counts as absent.",
    path,
    row,
  );
export const noTime = (path: string): Issue =>
  warning(
    "TIMESTAMP_INVALID",
    "The value is not a timestamp that the field can take, so it was left out.",
    path,
  );
export const noPlatform: Issue = warning(
  "PLATFORM_UNMAPPED",
  "The mapping table does not know the operating system, so the platform was left out.",
  "os_family",
);

export function skipped(reason: "NO_ASSET_IDENTITY" | "RECORD_NOT_OBJECT" | "RECORD_UNRECOGNIZED"): unknown {
  const { severity, message } = ISSUES[reason];
  return { kind: "skipped", reason, issues: [{ severity, code: reason, message }] };
}
