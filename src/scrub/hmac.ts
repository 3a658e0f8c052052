/** HMAC-SHA256 of Node.js, by which what is scrubbed is replaced. */

import { createHmac } from "node:crypto";
import type { KeyedDigest } from "./permutation.ts";

/** @param key the same key replaces in the same way again */
export function hmacOf(key: string | Uint8Array): KeyedDigest {
  return (message) => createHmac("sha256", key).update(message).digest();
}
