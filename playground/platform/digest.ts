/** HMAC-SHA256 in browsers, whose own gives its results later than scrubbing needs them. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { KeyedDigest } from "../../src/scrub/permutation.ts";

/** A digest by a secret that nobody knows. */
export function randomDigest(): KeyedDigest {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const text = new TextEncoder();
  return (message) => hmac(sha256, key, text.encode(message));
}
