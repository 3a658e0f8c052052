// The same mapping as somebody would write it in an afternoon: field by field, with luxon and a stable stringify.
import stableStringify from "fast-json-stable-stringify";
import { DateTime } from "luxon";

const text = (value) => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.toWellFormed();
  return typeof value === "boolean" || Number.isFinite(value) ? String(value) : undefined;
};
const first = (...values) => values.find((value) => value !== undefined);
const atSign = (value) => (value?.includes("@") ? value : undefined);
const list = (value) => (value === undefined ? [] : [value].flat());
const filled = (object) => {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};
const iso = (value) => {
  const time = DateTime.fromISO(value ?? "", { zone: "utc" });
  return time.isValid ? time.toISO({ suppressMilliseconds: true }) : undefined;
};

const PLATFORMS = { windows: "WINDOWS", linux: "LINUX", mac: "MAC" };
const LABELS = {
  disk_encryption_status: "disk_encryption_status",
  encrypted: "Encrypted",
  fingerprint: "Finger Print",
  firewall_status: "firewall_status",
  password_status: "password_status",
  trusted_endpoint: "trusted_endpoint",
};

function mapOne(record, collectedAt) {
  const get = (field) => text(record[field]);
  const family = get("os_family")?.toLowerCase();
  const platform = PLATFORMS[Object.keys(PLATFORMS).find((name) => family?.includes(name))];
  const issues = family !== undefined && platform === undefined ? ["PLATFORM_UNMAPPED"] : [];
  const labels = Object.entries(LABELS)
    .filter(([field]) => get(field) !== undefined)
    .map(([field, key]) => ({ key, value: get(field).toLowerCase() }));
  const software = [
    ...list(record.browsers).map((one) =>
      filled({ name: text(one.browser_family), version: text(one.browser_version) }),
    ),
    ...list(record.security_agents).map((one) =>
      filled({ name: text(one.security_agent), version: text(one.version) }),
    ),
  ].filter((one) => one !== undefined);
  const model = get("model");
  const asset = filled({
    asset_id: first(get("hardware_uuid"), get("user_id")),
    product_object_id: first(get("epkey"), get("phone_id"), get("token_id")),
    hostname: get("device_name"),
    hardware: model === undefined ? undefined : [{ model }],
    platform_software: filled({ platform, platform_version: get("os_version") }),
    deployment_status: get("activated")?.trim().toLowerCase() === "false" ? "DECOMISSIONED" : "ACTIVE",
    type: get("type")?.toLowerCase().includes("mobile") ? "MOBILE" : "LAPTOP",
    last_discover_time: iso(get("last_seen")),
    software: software.length > 0 ? software : undefined,
    attribute: labels.length > 0 ? { labels } : undefined,
  });
  if (asset.asset_id === undefined && asset.product_object_id === undefined && asset.hostname === undefined) {
    return undefined;
  }
  const owner = record.users?.[0];
  const emails = new Set([
    first(atSign(get("email")), atSign(get("username")), atSign(text(owner?.username))),
    atSign(text(owner?.email)),
  ]);
  emails.delete(undefined);
  const number = get("number");
  const user = filled({
    email_addresses: emails.size > 0 ? [...emails] : undefined,
    phone_numbers: number === undefined ? undefined : [number],
    userid: text(owner?.username)?.split("@")[0] || undefined,
  });
  const entity = {
    metadata: {
      collected_timestamp: collectedAt,
      vendor_name: "Duo",
      product_name: "Duo Entity Context Data",
      entity_type: "ASSET",
    },
    entity: { asset },
    ...(user && { relations: [{ entity: { user }, entity_type: "USER", relationship: "OWNS" }] }),
  };
  return { entity, issues };
}

export function plain(bytes, collectedAt) {
  const lines = [];
  for (const record of JSON.parse(bytes.toString()).response) {
    const mapped = mapOne(record, collectedAt);
    if (mapped !== undefined) lines.push(`${stableStringify(mapped.entity)}\n`);
  }
  return Buffer.from(lines.join(""));
}
