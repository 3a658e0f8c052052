/** Tries everything that a run needs, without running: the keys, each resource, the clock, and the store. */

import { randomUUID } from "node:crypto";
import { ConfigError } from "../io/errors.ts";
import { headerDate } from "../io/http.ts";
import { REAL_WORLD, type World } from "../io/retry.ts";
import { s3ErrorName } from "../io/s3.ts";
import { within } from "../io/within.ts";
import { count } from "../text/numbers.ts";
import { causeOf } from "./causes.ts";
import { type Config, refuseSecret } from "./config.ts";
import { DuoClient } from "./duo.ts";
import { CollectionError, DuoApiError } from "./errors.ts";
import { toManifestError } from "./manifest.ts";
import { readSecret } from "./secret.ts";
import { openSink, type Sink } from "./sinks.ts";
import { concernsStore } from "./store-causes.ts";

/** What was looked at; `fault` says what to do when it is not right. */
export interface Examined {
  readonly what: string;
  readonly fault?: string;
}

export interface ExamineOptions extends Partial<World> {
  /** Ends the examination when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Duo takes a date a few minutes off; from here on the clock deserves a look. */
const LONGEST_SKEW_S = 60;
const TRIES = 1;
/** Time for removing a test object. */
const REMOVAL_MS = 5_000;

function faultOf(error: unknown): string {
  const isTold =
    error instanceof ConfigError || error instanceof DuoApiError || error instanceof CollectionError;
  return isTold ? error.message : toManifestError(error).message;
}

/** How far this machine's clock is ahead of Duo's, in milliseconds; NaN where an answer has no date. */
function clockFinding(ahead: number): Examined {
  const what = "clock";
  if (Number.isNaN(ahead)) return { what: `${what} (Duo's answer has no Date to compare with)` };
  const seconds = Math.round(ahead / 1_000);
  if (Math.abs(seconds) <= LONGEST_SKEW_S) return { what: `${what} (${Math.abs(seconds)} s off Duo's)` };
  const way = seconds > 0 ? "ahead of" : "behind";
  return {
    what,
    fault: `this machine is ${Math.abs(seconds)} s ${way} Duo: set its clock, by NTP if you can`,
  };
}

/** Puts an object below each prefix, and removes it where that is allowed. */
async function* storeFindings(
  destination: Config["destination"],
  prefixes: Iterable<string>,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<Examined> {
  let sink: Sink;
  try {
    sink = await openSink(destination, now);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield { what: "store", fault: error.message };
    return;
  }
  try {
    for (const prefix of prefixes) {
      const key = `${prefix}duo-udm-test-${randomUUID()}`;
      try {
        await sink.put(key, Buffer.from("{}\n"), "application/json", signal);
      } catch (error) {
        if (signal.aborted) return;
        yield { what: "store", fault: faultOf(error) };
        if (error instanceof CollectionError && concernsStore(s3ErrorName(error.cause))) return;
        continue;
      }
      const where = `store (${sink.nameOf(prefix)})`;
      yield await within(REMOVAL_MS, [], (limit) => sink.remove(key, limit)).then(
        () => ({ what: where }),
        () => ({
          what: `${where}; the test object could not be removed and is still there: ${sink.nameOf(key)}`,
        }),
      );
    }
  } finally {
    sink.close();
  }
}

/** Asks for one record of each resource, and compares this machine's clock with Duo's. */
async function* duoFindings(
  config: Config,
  skey: string,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<Examined> {
  let ahead: number | undefined;
  let hasRead = false;
  const transport: World["transport"] = async (...request) => {
    const answer = await world.transport(...request);
    const isKnown = ahead !== undefined && !Number.isNaN(ahead);
    if (!isKnown && answer.isOfProxy !== true) ahead = world.now() - headerDate(answer.date);
    return answer;
  };
  const concernsAll = (error: unknown, tried: number): boolean => {
    if (!(error instanceof DuoApiError)) return false;
    const { scope } = causeOf(error.code, error.detail);
    if (scope === "network") return !hasRead;
    return scope === "account" || (scope === "silence" && ahead === undefined && tried > 1);
  };
  const client = new DuoClient({ ...config, skey }, { ...world, transport }, undefined, TRIES);
  for (const [index, resource] of config.resources.entries()) {
    try {
      const page = await client.page({ resource, offset: 0, limit: 1 }, Number.POSITIVE_INFINITY, signal);
      hasRead = true;
      const total = page.totalObjects;
      yield { what: total === undefined ? resource : `${resource} (${count(total, "record")})` };
    } catch (error) {
      if (signal.aborted) return;
      yield { what: resource, fault: faultOf(error) };
      if (concernsAll(error, index + 1)) break;
    }
  }
  if (ahead !== undefined) yield clockFinding(ahead);
}

/**
 * Examines a configuration: one signed request for one record of each resource, the clock against Duo's, and a test
 * object put and removed under each prefix that the run would write to.
 *
 * @throws ConfigError when the secret key stands where it would be shown.
 */
export async function* examine(config: Config, options: ExamineOptions = {}): AsyncGenerator<Examined> {
  const { signal = new AbortController().signal, ...given } = options;
  const world: World = { ...REAL_WORLD, ...given };
  let skey: string | undefined;
  try {
    skey = await readSecret(config.secret, Number.POSITIVE_INFINITY, signal);
  } catch (error) {
    if (signal.aborted) return;
    yield { what: "secret key", fault: faultOf(error) };
  }
  if (skey !== undefined) {
    refuseSecret(config, skey);
    yield* duoFindings(config, skey, world, signal);
  }
  if (signal.aborted) return;
  const prefixes = [...config.forms.map((form) => config.prefixes[form]), config.manifestPrefix];
  yield* storeFindings(config.destination, new Set(prefixes), world.now(), signal);
}
