/**
 * The rules: what each kind makes of a present value. One entry a kind of {@link Rule}; a missing or extra
 * kind does not compile. Every path through the mapping calls these same functions.
 */

import type { IssueCode } from "./issue.ts";
import type { Rule } from "./row.ts";
import { print, type Scalar } from "./scalar.ts";
import { isoTimestamp, timestamp } from "./time.ts";
import { AssetType, DeploymentStatus, Platform } from "./udm.ts";

export interface RuleDefinition {
  /** The text for the target, or `undefined` when the value is not one the target can take. */
  readonly apply: (value: Scalar) => string | undefined;
  /** What is written when no value is present. */
  readonly otherwise?: string;
  /** Why a present value wrote nothing, as the end of a sentence about it. */
  readonly refusal?: string;
  /** The issue a refusal raises. */
  readonly issue?: IssueCode;
}

function copy(value: Scalar): string {
  return print(value);
}

function lowerCase(value: Scalar): string {
  return print(value).toLowerCase();
}

function deploymentStatus(value: Scalar): string {
  const isFalse = value === false || (typeof value === "string" && value.trim().toLowerCase() === "false");
  return isFalse ? DeploymentStatus.DECOMISSIONED : DeploymentStatus.ACTIVE;
}

function assetType(value: Scalar): string {
  return print(value).toLowerCase().includes("mobile") ? AssetType.MOBILE : AssetType.LAPTOP;
}

function platform(value: Scalar): string | undefined {
  const family = print(value).toLowerCase();
  if (family.includes("windows")) return Platform.WINDOWS;
  if (family.includes("linux")) return Platform.LINUX;
  return family.includes("mac") ? Platform.MAC : undefined;
}

function iso8601(value: Scalar): string | undefined {
  return typeof value === "string" ? isoTimestamp(value) : undefined;
}

function address(value: Scalar): string | undefined {
  return typeof value === "string" && value.includes("@") ? print(value) : undefined;
}

function localPart(value: Scalar): string | undefined {
  const name = print(value);
  const at = name.indexOf("@");
  if (at < 0) return name;
  return at === 0 ? undefined : name.slice(0, at);
}

export const RULES: { readonly [K in Rule["kind"]]: RuleDefinition } = {
  copy: { apply: copy },
  lower_case: { apply: lowerCase },
  deployment_status: { apply: deploymentStatus, otherwise: DeploymentStatus.ACTIVE },
  asset_type: { apply: assetType, otherwise: AssetType.LAPTOP },
  platform: { apply: platform, refusal: "names no Windows, Linux or Mac", issue: "PLATFORM_UNMAPPED" },
  iso8601: { apply: iso8601, refusal: "is not ISO 8601", issue: "TIMESTAMP_INVALID" },
  timestamp: { apply: timestamp, refusal: "is not a timestamp", issue: "TIMESTAMP_INVALID" },
  address: { apply: address, refusal: 'holds no "@"' },
  local_part: { apply: localPart, refusal: 'has nothing before its "@"' },
  constant: { apply: copy },
};
