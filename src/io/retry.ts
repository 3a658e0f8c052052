/** When a request that failed is sent again: the same for every API. */

import { setTimeout } from "node:timers/promises";
import { headerDate, httpTransport, type Transport } from "./http.ts";

/** The world outside, as far as an API's client needs it. */
export interface World {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after this number of milliseconds; rejects when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
  readonly transport: Transport;
}

export const REAL_WORLD: World = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  random: Math.random,
  transport: httpTransport,
};

/** How often a request is sent, the first time included, before it is given up. */
export const MAX_TRIES = 7;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 32_000;
const LONGEST_RETRY_AFTER_S = 86_400;

/**
 * How long to wait after the `tries`-th try, in milliseconds: exponential backoff from 1 s to 32 s with full
 * jitter, or what `Retry-After` (seconds or an HTTP date) asks, whichever is longer.
 */
export function retryDelay(
  tries: number,
  retryAfter: string | undefined,
  now: number,
  random: number,
): number {
  const ceiling = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  const asked = /^\d+$/.test(retryAfter?.trim() ?? "")
    ? Number(retryAfter) * 1_000
    : headerDate(retryAfter) - now;
  return Math.max(random * ceiling, Math.min(asked || 0, LONGEST_RETRY_AFTER_S * 1_000));
}
