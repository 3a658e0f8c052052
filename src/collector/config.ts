/** The collector's configuration: environment variables in, one checked value or all faults together out. */

import { RESOURCES, type Resource } from "../core/resource.ts";
import type { Env } from "../io/env.ts";
import { ConfigError } from "../io/errors.ts";
import { isLoopback } from "../io/http.ts";
import { proxyFault } from "../io/proxy.ts";
import { BUCKET_RULE, isBucket, isS3, isSet, partsOfS3 } from "../io/s3.ts";
import { PROFILE_NAMES, type ProfileName } from "../profiles/index.ts";
import { SIGNATURES, type Signature } from "./sign.ts";

/** The forms in which a page is stored, in the order of writing: as Duo sent it, one record per line, its entities. */
const PAGE_FORMS = ["raw", "records", "udm"] as const;
export type PageForm = (typeof PAGE_FORMS)[number];

const KEY_LAYOUTS = ["day", "run"] as const;
export type KeyLayout = (typeof KEY_LAYOUTS)[number];

interface Bucket {
  readonly kind: "s3";
  readonly bucket: string;
  readonly forcePathStyle: boolean;
}

/** Where objects go. */
export type Destination = Bucket | { readonly kind: "directory"; readonly path: string };

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
  /** Records per page. Each resource has its own maximum as well. */
  readonly limit: number;
  readonly forms: readonly PageForm[];
  /** What maps the pages. */
  readonly profile: ProfileName;
  readonly keyLayout: KeyLayout;
  /** Key prefixes: empty, or ending with a slash. */
  readonly prefixes: { readonly [F in PageForm]: string };
  readonly manifestPrefix: string;
  readonly destination: Destination;
}

/** What the mapping function needs to know: where the pages are, and where their entities go. */
export interface MapConfig {
  readonly bucket: string;
  readonly forcePathStyle: boolean;
  /** Key prefixes: empty, or ending with a slash. */
  readonly prefix: string;
  readonly recordsPrefix: string;
  readonly udmPrefix: string;
  readonly manifestPrefix: string;
  /** What maps the pages. */
  readonly profile: ProfileName;
}

/** What a caller sets over the environment. */
export interface Overrides {
  /** `s3://bucket[/prefix]` or a directory, instead of `S3_BUCKET` and `S3_PREFIX`. */
  readonly to?: string | undefined;
  /** Instead of `RESOURCES`. */
  readonly resources?: readonly string[] | undefined;
}

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

/** Most wrong entries of a list that are reported one by one. */
const MOST_FAULTS = 5;

const HOSTNAME = /^api-[a-z0-9]{1,63}\.(duosecurity|duofederal)\.com$/i;
/** The shortest secret that is searched for in other values. A shorter one may be part of plain words. */
const SHORTEST_SECRET = 8;

const SECRET_SHOWN =
  "A variable or option other than DUO_SKEY holds the secret key, and would show it. Remove it there, and renew the key in Duo's Admin Panel if it was shown.";

/** The variables that this program or the AWS SDK reads. Their values may stand in keys, logs and errors. */
const VISIBLE =
  /^(?:(?:DUO|S3|AWS)_.*|.*_PREFIX|.*_PROXY|RESOURCES|LIMIT|OUTPUT|KEY_LAYOUT|PROFILE|NODE_EXTRA_CA_CERTS)$/i;

function visibleValues(env: Env): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && VISIBLE.test(name) && name !== "DUO_SKEY" ? [value] : [],
  );
}

function holdsSecret(skey: string | undefined, values: readonly string[]): boolean {
  if (skey === undefined) return false;
  const isIn = (value: string) =>
    skey.length < SHORTEST_SECRET ? value.trim() === skey : value.includes(skey);
  return values.some(isIn);
}

/**
 * Refuses a configuration that holds the secret key, once Secrets Manager has given it.
 *
 * @throws ConfigError
 */
export function refuseSecret(
  { ikey, hostname, prefixes, manifestPrefix, destination }: Config,
  skey: string,
): void {
  const place = destination.kind === "s3" ? destination.bucket : destination.path;
  const shown = [ikey, hostname, ...Object.values(prefixes), manifestPrefix, place];
  if (holdsSecret(skey, shown)) throw new ConfigError(SECRET_SHOWN);
}

/** What is wrong with the addresses of proxies. They may hold a password, and are not shown. */
function proxyFaults(env: Env): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (!/^(?:https|all)_proxy$/i.test(name) || value === "") return [];
    const url = value.includes("://") ? value : `http://${value}`;
    return URL.canParse(url) && /^https?:/.test(url) ? [] : [proxyFault(name)];
  });
}

/** Reads variables one by one and collects what is wrong with them in `faults`, without any value. */
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

  function bucketOf(name: string, bucket: string): Bucket {
    if (bucket !== "" && !isBucket(bucket)) faults.push(`The bucket's name in ${name} must ${BUCKET_RULE}.`);
    const forcePathStyle = choice("S3_FORCE_PATH_STYLE", ["true", "false", "1", "0"], "false");
    return { kind: "s3", bucket, forcePathStyle: isSet(forcePathStyle) };
  }

  /** The key prefixes, by what is stored under them. */
  const prefixes = {
    pages: () => prefix("S3_PREFIX", "duo/context/"),
    records: () => prefix("RECORDS_PREFIX", "duo/records/"),
    udm: () => prefix("UDM_PREFIX", "duo/udm/"),
    manifests: () => prefix("MANIFEST_PREFIX", "duo/manifests/"),
  };

  return { faults, read, required, choice, prefix, prefixes, bucketOf };
}

/**
 * Reads the configuration of a collection.
 *
 * @throws ConfigError with every fault, one line each, and no value in it: a secret may stand in the wrong variable.
 */
export function loadConfig(env: Env, overrides: Overrides = {}): Config {
  const { faults, read, required, choice, prefix, prefixes, bucketOf } = readerOf(env);

  function resources(): Resource[] {
    const name = overrides.resources === undefined ? "RESOURCES" : "resources";
    const given = overrides.resources ?? read("RESOURCES")?.split(",") ?? RESOURCES;
    const entries = given.map((entry) => entry.trim()).filter((entry) => entry !== "");
    const known = entries.map((entry) => RESOURCES.find((resource) => resource === entry));
    if (entries.length === 0) faults.push(`${name} names no resource: give some of ${RESOURCES.join(", ")}.`);
    const unknown = known.flatMap((resource, index) => (resource === undefined ? [index + 1] : []));
    for (const entry of unknown.slice(0, MOST_FAULTS)) {
      faults.push(`${name}: entry ${entry} is not one of ${RESOURCES.join(", ")}.`);
    }
    const rest = unknown.length - MOST_FAULTS;
    if (rest > 0) faults.push(`${name}: and ${rest} more ${rest === 1 ? "entry" : "entries"}.`);
    return [...new Set(known.filter((resource) => resource !== undefined))];
  }

  function limit(): number {
    const value = read("LIMIT") ?? "500";
    if (!/^\d+$/.test(value) || Number(value) < 1) {
      faults.push("LIMIT must be a whole number of 1 or more; each resource's own maximum applies as well.");
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

  function forms(): PageForm[] {
    const entries = (read("OUTPUT") ?? "raw").split(",").map((entry) => entry.trim());
    const named = entries.flatMap((entry) => (entry === "both" ? ["raw", "udm"] : [entry]));
    if (named.some((entry) => !PAGE_FORMS.some((form) => form === entry))) {
      faults.push(
        `OUTPUT must be some of ${PAGE_FORMS.join(", ")}, separated by commas, or both for raw,udm.`,
      );
    }
    return PAGE_FORMS.filter((form) => named.includes(form));
  }

  function destination(): { destination: Destination; prefix: string } {
    const { to } = overrides;
    if (to === undefined) {
      const bucket = required("S3_BUCKET", "the bucket to write to, or call with --to");
      return { destination: bucketOf("S3_BUCKET", bucket), prefix: prefixes.pages() };
    }
    if (!isS3(to)) {
      if (to.trim() === "") faults.push("--to must be s3://bucket/prefix or a directory.");
      return { destination: { kind: "directory", path: to }, prefix: prefixes.pages() };
    }
    const { bucket, key: path } = partsOfS3(to);
    if (bucket === "") faults.push("--to must be s3://bucket/prefix or a directory.");
    return {
      destination: bucketOf("--to", bucket),
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
  faults.push(...proxyFaults(env));
  if (
    holdsSecret(read("DUO_SKEY"), [...visibleValues(env), overrides.to ?? "", ...(overrides.resources ?? [])])
  ) {
    faults.push(SECRET_SHOWN);
  }
  const { destination: to, prefix: pages } = destination();
  const config: Config = {
    ikey,
    secret: secret(),
    hostname,
    baseUrl: apiUrl ?? `https://${hostname}`,
    signature: choice("DUO_SIGNATURE", SIGNATURES, "v5"),
    resources: resources(),
    limit: limit(),
    forms: forms(),
    profile: choice("PROFILE", PROFILE_NAMES, "vendor"),
    keyLayout: choice("KEY_LAYOUT", KEY_LAYOUTS, "day"),
    prefixes: { raw: pages, records: prefixes.records(), udm: prefixes.udm() },
    manifestPrefix: prefixes.manifests(),
    destination: to,
  };
  const { records, udm } = config.prefixes;
  if (records === udm && config.forms.includes("records") && config.forms.includes("udm")) {
    faults.push("RECORDS_PREFIX and UDM_PREFIX must differ: their objects have the same names.");
  }
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
  const { faults, required, choice, prefixes, bucketOf } = readerOf(env);
  const { bucket, forcePathStyle } = bucketOf("S3_BUCKET", required("S3_BUCKET", "the pages' bucket"));
  const prefix = prefixes.pages();
  const recordsPrefix = prefixes.records();
  const others = { UDM_PREFIX: prefixes.udm(), MANIFEST_PREFIX: prefixes.manifests() };
  for (const [name, other] of Object.entries(others)) {
    if (prefix.startsWith(other))
      faults.push(`${name} must not be S3_PREFIX or a start of it: no key would count as a page.`);
  }
  const profile = choice("PROFILE", PROFILE_NAMES, "vendor");
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    bucket,
    forcePathStyle,
    prefix,
    recordsPrefix,
    udmPrefix: others.UDM_PREFIX,
    manifestPrefix: others.MANIFEST_PREFIX,
    profile,
  };
}
