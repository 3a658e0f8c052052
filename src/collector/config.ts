/** The collector's configuration: environment variables in, one checked value or all faults together out. */

import { RESOURCES, type Resource } from "../core/resource.ts";
import { ConfigError } from "../io/errors.ts";
import { isLoopback } from "../io/http.ts";
import { SIGNATURES, type Signature } from "./sign.ts";

export const OUTPUTS = ["raw", "udm", "both"] as const;
export type Output = (typeof OUTPUTS)[number];

export const KEY_LAYOUTS = ["day", "run"] as const;
export type KeyLayout = (typeof KEY_LAYOUTS)[number];

interface BucketTarget {
  readonly kind: "s3";
  readonly bucket: string;
  readonly forcePathStyle: boolean;
}

/** Where objects go. */
export type Target = BucketTarget | { readonly kind: "directory"; readonly path: string };

export interface Config {
  readonly ikey: string;
  /** The secret key itself, or the Secrets Manager id under which it is kept. */
  readonly secret: { readonly skey: string } | { readonly secretId: string };
  /** The Duo host, which is also the one that is signed. */
  readonly hostname: string;
  /** Where requests are sent: the host by https, or a simulator on this machine. */
  readonly baseUrl: string;
  readonly signature: Signature;
  readonly resources: readonly Resource[];
  /** Records a page; each resource's own maximum applies too. */
  readonly limit: number;
  readonly output: Output;
  readonly keyLayout: KeyLayout;
  /** Key prefixes: empty, or ending with a slash. */
  readonly prefix: string;
  readonly udmPrefix: string;
  readonly manifestPrefix: string;
  readonly target: Target;
}

/** What the mapping function needs to know: where the pages are, and where their entities go. */
export interface MapConfig {
  readonly bucket: string;
  readonly forcePathStyle: boolean;
  /** Key prefixes: empty, or ending with a slash. */
  readonly prefix: string;
  readonly udmPrefix: string;
  readonly manifestPrefix: string;
}

/** What a caller sets over the environment. */
export interface Overrides {
  /** `s3://bucket[/prefix]` or a directory, instead of `S3_BUCKET` and `S3_PREFIX`. */
  readonly to?: string | undefined;
  /** Instead of `RESOURCES`. */
  readonly resources?: readonly string[] | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** The most records a page can have. Source: Duo's Admin API documentation. */
export const MAX_LIMIT: { readonly [R in Resource]: number } = {
  users: 300,
  groups: 100,
  phones: 500,
  endpoints: 500,
  tokens: 500,
  webauthncredentials: 500,
  desktop_authenticators: 500,
};

const HOSTNAME = /^api-[a-z0-9]{1,63}\.(duosecurity|duofederal)\.com$/i;
const BUCKET = /^(arn:[^\s/]+(\/[^\s/]+)*|[\w.-]{3,255})$/;
/** Reads variables one by one; what is wrong with them gathers in `faults`, and no value is ever in it. */
function readerOf(env: Env) {
  const faults: string[] = [];
  const read = (name: string) => env[name]?.trim() || undefined;

  function required(name: string, what: string): string {
    const value = read(name);
    if (value === undefined) faults.push(`${name} is not set: give ${what}.`);
    return value ?? "";
  }

  function choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = read(name);
    const found = choices.find((one) => one === value);
    if (value !== undefined && found === undefined) faults.push(`${name} must be ${choices.join(" or ")}.`);
    return found ?? fallback;
  }

  function prefix(name: string, fallback: string, given = env[name]): string {
    const path = (given ?? fallback).trim().replace(/^\/+|\/+$/g, "");
    if (/(^|[/\\])\.{1,2}($|[/\\])|\/\//.test(path)) {
      faults.push(`${name} must be a key prefix without empty, "." or ".." parts.`);
    }
    return path === "" ? "" : `${path}/`;
  }

  function bucketTarget(name: string, bucket: string): BucketTarget {
    if (bucket !== "" && !BUCKET.test(bucket)) faults.push(`${name} must be the name of an S3 bucket.`);
    const forcePathStyle = choice("S3_FORCE_PATH_STYLE", ["true", "false", "1", "0"], "false");
    return { kind: "s3", bucket, forcePathStyle: forcePathStyle === "true" || forcePathStyle === "1" };
  }

  /** Where the pages are, and below which prefixes which objects. */
  const prefixes = {
    pages: () => prefix("S3_PREFIX", "duo/context/"),
    udm: () => prefix("UDM_PREFIX", "duo/udm/"),
    manifests: () => prefix("MANIFEST_PREFIX", "duo/manifests/"),
  };

  return { faults, read, required, choice, prefix, prefixes, bucketTarget };
}

/**
 * Reads the configuration of a collection.
 *
 * @throws ConfigError with every fault, one line each, and no value in it: a secret may stand in the wrong variable.
 */
export function loadConfig(env: Env, overrides: Overrides = {}): Config {
  const { faults, read, required, choice, prefix, prefixes, bucketTarget } = readerOf(env);

  function resources(): Resource[] {
    const name = overrides.resources === undefined ? "RESOURCES" : "resources";
    const given = overrides.resources ?? read("RESOURCES")?.split(",") ?? RESOURCES;
    const entries = given.map((entry) => entry.trim()).filter((entry) => entry !== "");
    const known = entries.map((entry) => RESOURCES.find((resource) => resource === entry));
    if (entries.length === 0) faults.push(`${name} names no resource: give some of ${RESOURCES.join(", ")}.`);
    known.forEach((resource, index) => {
      if (resource === undefined) {
        faults.push(`${name}: entry ${index + 1} is not one of ${RESOURCES.join(", ")}.`);
      }
    });
    return [...new Set(known.filter((resource) => resource !== undefined))];
  }

  function limit(): number {
    const value = read("LIMIT") ?? "500";
    if (!/^\d{1,9}$/.test(value) || Number(value) < 1) {
      faults.push("LIMIT must be a whole number from 1; each resource's maximum applies besides.");
    }
    return Number(value);
  }

  function secret(): Config["secret"] {
    const skey = read("DUO_SKEY");
    const secretId = read("DUO_SKEY_SECRET_ID");
    if (skey === undefined && secretId === undefined) {
      faults.push(
        "DUO_SKEY is not set: give the Admin API application's secret key, or DUO_SKEY_SECRET_ID, the Secrets Manager id it is kept under.",
      );
    }
    if (skey !== undefined && secretId !== undefined) {
      faults.push("DUO_SKEY and DUO_SKEY_SECRET_ID are both set: keep one of them.");
    }
    return secretId === undefined ? { skey: skey ?? "" } : { secretId };
  }

  function target(): { target: Target; prefix: string } {
    const { to } = overrides;
    if (to === undefined) {
      const bucket = required("S3_BUCKET", "the bucket to write to, or call with --to");
      return { target: bucketTarget("S3_BUCKET", bucket), prefix: prefixes.pages() };
    }
    if (!to.startsWith("s3://")) {
      if (to.trim() === "") faults.push("--to must be s3://bucket/prefix or a directory.");
      return { target: { kind: "directory", path: to }, prefix: prefixes.pages() };
    }
    const [bucket = "", ...rest] = to.slice("s3://".length).split("/");
    if (bucket === "") faults.push("--to must be s3://bucket/prefix or a directory.");
    const path = rest.join("/");
    return {
      target: bucketTarget("--to", bucket),
      prefix: path === "" ? prefixes.pages() : prefix("--to", "", path),
    };
  }

  const ikey = required("DUO_IKEY", "the Admin API application's integration key");
  const hostname = required("DUO_API_HOSTNAME", "the Admin API application's API hostname");
  if (hostname !== "" && !HOSTNAME.test(hostname)) {
    faults.push(
      "DUO_API_HOSTNAME must be a Duo API host such as api-xxxxxxxx.duosecurity.com, without https:// or a path.",
    );
  }
  const apiUrl = read("DUO_API_URL");
  if (apiUrl !== undefined && !isLoopback(apiUrl)) {
    faults.push(
      "DUO_API_URL must be http(s)://, a loopback address and a port: it is for the simulator only.",
    );
  }
  const config: Config = {
    ikey,
    secret: secret(),
    hostname,
    baseUrl: apiUrl ?? `https://${hostname}`,
    signature: choice("DUO_SIGNATURE", SIGNATURES, "v5"),
    resources: resources(),
    limit: limit(),
    output: choice("OUTPUT", OUTPUTS, "raw"),
    keyLayout: choice("KEY_LAYOUT", KEY_LAYOUTS, "day"),
    ...target(),
    udmPrefix: prefixes.udm(),
    manifestPrefix: prefixes.manifests(),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/**
 * Reads the configuration of the mapping function: `S3_BUCKET`, the prefixes and `S3_FORCE_PATH_STYLE`, as the
 * collector reads them.
 *
 * @throws ConfigError with every fault, one line each.
 */
export function loadMapConfig(env: Env): MapConfig {
  const { faults, required, prefixes, bucketTarget } = readerOf(env);
  const { bucket, forcePathStyle } = bucketTarget("S3_BUCKET", required("S3_BUCKET", "the pages' bucket"));
  const prefix = prefixes.pages();
  const others = { UDM_PREFIX: prefixes.udm(), MANIFEST_PREFIX: prefixes.manifests() };
  for (const [name, other] of Object.entries(others)) {
    if (prefix.startsWith(other)) faults.push(`${name} must not hold S3_PREFIX: no page could be told.`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    bucket,
    forcePathStyle,
    prefix,
    udmPrefix: others.UDM_PREFIX,
    manifestPrefix: others.MANIFEST_PREFIX,
  };
}
