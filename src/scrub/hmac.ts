/** The keyed digest by which values are replaced: HMAC-SHA256 from Node.js. */

import { createHmac } from "node:crypto";
import type { KeyedDigest } from "./permutation.ts";

/** @param key the same key gives the same replacements */
export function hmacOf(key: string | Uint8Array): KeyedDigest {
  return (message) => createHmac("sha256", key).update(message).digest();
}
