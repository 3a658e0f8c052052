/**
 * The rules: what each kind makes of a present value. One entry for each kind of {@link Rule}; a missing or extra kind
 * does not compile.
 */

import type { IssueCode } from "./issue.ts";
import type { Rule } from "./profile.ts";
import { print, type Scalar } from "./scalar.ts";
import { epochTimestamp, isoTimestamp, timestamp } from "./time.ts";
import { AssetType, AuthenticationStatus, DeploymentStatus, Platform } from "./udm.ts";

export interface RuleDefinition {
  /**
   * The text for the target; `undefined` when the value is not one that the target can take, and `null` when it
   * counts as absent.
   */
  readonly apply: (value: Scalar, rule: Rule) => string | null | undefined;
  /** The JSON types that the rule can make something of. */
  readonly takes: readonly ("boolean" | "number" | "string")[];
  /** What is written when no value is present. */
  readonly otherwise?: string;
  /** Why a present value wrote nothing, as the end of a sentence about it. */
  readonly refusal?: string;
  /** The issue a refusal raises. */
  readonly issue?: IssueCode;
}

const SCALAR = ["boolean", "number", "string"] as const;
const NUMBER_OR_TEXT = ["number", "string"] as const;
const TEXT = ["string"] as const;

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

/** A value in lower case (ASCII only) and without white space around it, to be compared with constants. */
function folded(value: Scalar): string {
  const text = print(value).trim();
  if (!/[A-Z]/.test(text)) return text;
  return /[^\x20-\x7e]/.test(text)
    ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : text.toLowerCase();
}

const UNKNOWN = /^\s*unknown\s*$/i;

const isUnknown = (value: Scalar): boolean => typeof value === "string" && UNKNOWN.test(value);

function filled(value: Scalar): string | null {
  return isUnknown(value) ? null : print(value);
}

const MAILBOX = /^[^\s@]+@[^\s@]+$/;

function mailbox(value: Scalar): string | undefined {
  return typeof value === "string" && value.includes("@") && MAILBOX.test(value) ? print(value) : undefined;
}

function noMailbox(value: Scalar): string | undefined {
  return mailbox(value) === undefined ? print(value) : undefined;
}

/** What Duo's directory synchronisation appends to the names of groups. */
const SYNCED = / \(from [^"()]+ sync "(.+)"\)$/;
/** What `.` does not match. */
const LINE_BREAKS = ["\n", "\r", "\u2028", "\u2029"];

/** The end of a group's name that directory synchronisation appended, and the directory that it names. */
export function syncedSuffix(
  text: string,
): { readonly suffix: string; readonly directory: string } | undefined {
  if (!text.endsWith('")')) return undefined;
  // A directory has no line break in it, so of all starts before the last one only the last can fit. To try each takes
  // quadratic time.
  const lineBreak = Math.max(...LINE_BREAKS.map((one) => text.lastIndexOf(one)));
  const start = lineBreak < 0 ? 0 : Math.max(text.lastIndexOf(" (from ", lineBreak), 0);
  const [suffix, directory] = SYNCED.exec(text.slice(start)) ?? [];
  return suffix === undefined || directory === undefined ? undefined : { suffix, directory };
}

/** A group's name and the directory that it comes from. A name that would be empty keeps the directory in it. */
function splitName(value: Scalar): { readonly name: string; readonly directory?: string } {
  const text = print(value);
  const synced = syncedSuffix(text);
  if (synced === undefined) return { name: text };
  const name = text.slice(0, text.length - synced.suffix.length);
  return name.trim() === "" ? { name: text } : { name, directory: synced.directory };
}

/** What vendors and tools write where no identifier is, without white space and `{}.-`: letters or digits, never both. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "",
  "none",
  "null",
  "unknown",
  "defaultstring",
  "tobefilledbyoem",
  "notapplicable",
  "notspecified",
  "03000200040005000006000700080009",
]);

/** True when a value only stands where an identifier belongs, so that many devices share it. */
export function standsForNothing(value: Scalar): boolean {
  const text = print(value);
  if (/\d/.test(text) && /[a-z]/i.test(text)) return false;
  const bare = folded(value).replace(/[\s{}.-]+/g, "");
  return PLACEHOLDERS.has(bare) || /^(?:0+|f+)$/.test(bare);
}

const HOST =
  /^(?=.{3,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Names that devices come with, and that strangers therefore share. */
const GENERIC_HOST =
  /^(?:iphone|ipad|android|localhost|localhost\.localdomain|macbook|macbook-pro|macbook-air|desktop|laptop|pc|none|null|unknown)(?:-?\d+)?$/i;

function host(value: Scalar): string | undefined {
  const name = print(value);
  const isHost = HOST.test(name) && !GENERIC_HOST.test(name) && !standsForNothing(value);
  return isHost ? name : undefined;
}

function noHost(value: Scalar): string | undefined {
  return host(value) === undefined ? print(value) : undefined;
}

function machine(value: Scalar): string | undefined {
  return standsForNothing(value) ? undefined : `Duo:${print(value)}`;
}

const SYSTEMS: readonly (readonly [Platform, RegExp])[] = [
  [Platform.WINDOWS, /windows/i],
  [Platform.MAC, /macos|macbook|(?<![a-z])mac(?![a-z])/i],
  [Platform.IOS, /(?<![a-z])(?:ipados|ios)(?![a-z])/i],
  [Platform.ANDROID, /android/i],
  [Platform.CHROME_OS, /chrome/i],
  [Platform.LINUX, /linux/i],
];

function os(value: Scalar): string | null | undefined {
  if (isUnknown(value)) return null;
  const name = String(value);
  return SYSTEMS.find(([, pattern]) => pattern.test(name))?.[0];
}

function mobileOs(value: Scalar): string | undefined {
  const system = os(value);
  return system === Platform.IOS || system === Platform.ANDROID ? AssetType.MOBILE : undefined;
}

const USER_STATUS: ReadonlyMap<string, AuthenticationStatus> = new Map([
  ["active", AuthenticationStatus.ACTIVE],
  ["bypass", AuthenticationStatus.ACTIVE],
  ["disabled", AuthenticationStatus.SUSPENDED],
  ["pending deletion", AuthenticationStatus.SUSPENDED],
  ["locked out", AuthenticationStatus.NO_ACTIVE_CREDENTIALS],
]);

function userStatus(value: Scalar): string | undefined {
  return USER_STATUS.get(folded(value));
}

function active(value: Scalar): string | undefined {
  return folded(value) === "true" ? DeploymentStatus.ACTIVE : undefined;
}

function mobile(value: Scalar): string | undefined {
  return /mobile/i.test(String(value)) ? AssetType.MOBILE : undefined;
}

function lookup(value: Scalar, rule: Rule): string | undefined {
  if (rule.kind !== "lookup") return undefined;
  const { values, rest } = rule;
  const key = folded(value);
  if (Object.hasOwn(values, key)) return values[key];
  return rest === "copy" ? print(value) : undefined;
}

export const RULES: { readonly [K in Rule["kind"]]: RuleDefinition } = {
  copy: { apply: copy, takes: SCALAR },
  lower_case: { apply: lowerCase, takes: SCALAR },
  deployment_status: { apply: deploymentStatus, takes: SCALAR, otherwise: DeploymentStatus.ACTIVE },
  asset_type: { apply: assetType, takes: SCALAR, otherwise: AssetType.LAPTOP },
  platform: {
    apply: platform,
    takes: SCALAR,
    refusal: "names no Windows, Linux or Mac",
    issue: "PLATFORM_UNMAPPED",
  },
  iso8601: { apply: iso8601, takes: TEXT, refusal: "is not ISO 8601", issue: "TIMESTAMP_INVALID" },
  timestamp: {
    apply: timestamp,
    takes: NUMBER_OR_TEXT,
    refusal: "is not a timestamp",
    issue: "TIMESTAMP_INVALID",
  },
  address: { apply: address, takes: TEXT, refusal: 'holds no "@"' },
  local_part: { apply: localPart, takes: SCALAR, refusal: 'has nothing before its "@"' },
  filled: { apply: filled, takes: SCALAR },
  epoch: {
    apply: epochTimestamp,
    takes: NUMBER_OR_TEXT,
    refusal: "is not a time in epoch seconds",
    issue: "TIMESTAMP_INVALID",
  },
  mailbox: { apply: mailbox, takes: TEXT, refusal: "is not an e-mail address" },
  no_mailbox: { apply: noMailbox, takes: SCALAR, refusal: "is an e-mail address" },
  name: { apply: (value) => splitName(value).name, takes: SCALAR },
  directory: { apply: (value) => splitName(value).directory, takes: SCALAR, refusal: "names no directory" },
  host: { apply: host, takes: SCALAR, refusal: "is not a host name, or is one that many devices share" },
  no_host: { apply: noHost, takes: SCALAR, refusal: "is a host name" },
  machine: { apply: machine, takes: SCALAR, refusal: "is a placeholder that many devices share" },
  os: { apply: os, takes: SCALAR, refusal: "names no operating system of UDM", issue: "PLATFORM_UNMAPPED" },
  mobile_os: { apply: mobileOs, takes: SCALAR, refusal: "is not a mobile operating system" },
  user_status: { apply: userStatus, takes: SCALAR, refusal: "is not a status that UDM has" },
  active: { apply: active, takes: SCALAR, refusal: "is not true" },
  mobile: { apply: mobile, takes: SCALAR, refusal: 'does not contain "mobile"' },
  lookup: { apply: lookup, takes: SCALAR, refusal: "is none of the listed values" },
  constant: { apply: copy, takes: [] },
};
