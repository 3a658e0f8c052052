/**
 * Duo's request signatures. The parameters, the date, the host and the path become one string (the canonical
 * request), and its HMAC under the secret key goes into a Basic authorization header.
 * Source: Duo's Admin API documentation; checked against fixtures/signing and Duo's own client.
 */

import { createHash, createHmac } from "node:crypto";

/** `v5` signs with HMAC-SHA512, `v2` with HMAC-SHA1, as older scripts do. */
export const SIGNATURES = ["v5", "v2"] as const;
export type Signature = (typeof SIGNATURES)[number];

export type Params = Readonly<Record<string, string | readonly string[]>>;

/** A request without a body. */
export interface Request {
  /** The `Date` header, RFC 2822, exactly as it is sent. */
  readonly date: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly params: Params;
}

const ALGORITHM = { v5: "sha512", v2: "sha1" } as const;

/** Version 5 also signs the hashes of the body and of the `x-duo-*` headers; these requests have neither. */
const EMPTY = createHash("sha512").update("").digest("hex");

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The query string as it is signed and sent: in code-unit order of keys, then of values, percent-encoded as
 * RFC 3986 asks.
 */
export function canonicalParams(params: Params): string {
  return Object.entries(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) =>
      [values]
        .flat()
        .map((value) => `${encode(key)}=${encode(value)}`)
        .sort(),
    )
    .join("&");
}

/** The string that is signed. */
export function canonicalRequest(version: Signature, { date, method, host, path, params }: Request): string {
  const lines = [date, method.toUpperCase(), host.toLowerCase(), path, canonicalParams(params)];
  if (version === "v5") lines.push(EMPTY, EMPTY);
  return lines.join("\n");
}

/** The HMAC of a canonical request, in lower-case hexadecimal. */
export function digest(algorithm: "sha1" | "sha512", skey: string, canonical: string): string {
  return createHmac(algorithm, skey).update(canonical).digest("hex");
}

/** The `Authorization` header of a request. */
export function authorization(version: Signature, ikey: string, skey: string, request: Request): string {
  const hex = digest(ALGORITHM[version], skey, canonicalRequest(version, request));
  return `Basic ${Buffer.from(`${ikey}:${hex}`).toString("base64")}`;
}
