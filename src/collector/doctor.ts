/** Tries everything that a run needs, without running: the keys, each resource, the clock, and the store. */

import { randomUUID } from "node:crypto";
import { ConfigError } from "../io/errors.ts";
import { REAL_WORLD, type World } from "../io/retry.ts";
import { s3ErrorName } from "../io/s3.ts";
import { count } from "../text/numbers.ts";
import { causeOf } from "./causes.ts";
import type { Config } from "./config.ts";
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

function faultOf(error: unknown): string {
  const isTold =
    error instanceof ConfigError || error instanceof DuoApiError || error instanceof CollectionError;
  return isTold ? error.message : toManifestError(error).message;
}

function clockFinding(serverDate: string | undefined, now: number): Examined {
  const what = "clock";
  const server = Date.parse(serverDate ?? "");
  if (Number.isNaN(server)) return { what: `${what} (Duo's answer has no Date to compare with)` };
  const seconds = Math.round((now - server) / 1_000);
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
        await sink.put(key, Buffer.from("{}\n"), "application/json");
      } catch (error) {
        yield { what: "store", fault: faultOf(error) };
        if (error instanceof CollectionError && concernsStore(s3ErrorName(error.cause))) return;
        continue;
      }
      const where = `store (${sink.nameOf(prefix)})`;
      yield await sink.remove(key).then(
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

/**
 * Examines a configuration: one signed request for one record of each resource, the clock against Duo's, and a test
 * object put and removed under each prefix that the run would write to.
 */
export async function* examine(config: Config, options: ExamineOptions = {}): AsyncGenerator<Examined> {
  const { signal = new AbortController().signal, ...given } = options;
  const world: World = { ...REAL_WORLD, ...given };
  let serverDate: string | undefined;
  const transport: World["transport"] = async (...request) => {
    const answer = await world.transport(...request);
    serverDate = answer.date ?? serverDate;
    return answer;
  };
  let client: DuoClient | undefined;
  try {
    const skey = await readSecret(config.secret, Number.POSITIVE_INFINITY, signal);
    client = new DuoClient({ ...config, skey }, { ...world, transport }, undefined, TRIES);
  } catch (error) {
    if (signal.aborted) return;
    yield { what: "secret key", fault: faultOf(error) };
  }
  for (const resource of client === undefined ? [] : config.resources) {
    try {
      const page = await client?.page({ resource, offset: 0, limit: 1 }, Number.POSITIVE_INFINITY, signal);
      const total = page?.totalObjects;
      yield { what: total === undefined ? resource : `${resource} (${count(total, "record")})` };
    } catch (error) {
      if (signal.aborted) return;
      yield { what: resource, fault: faultOf(error) };
      if (error instanceof DuoApiError && causeOf(error.code, error.detail).scope !== "resource") break;
    }
  }
  if (serverDate !== undefined) yield clockFinding(serverDate, world.now());

  if (signal.aborted) return;
  const prefixes = [...config.forms.map((form) => config.prefixes[form]), config.manifestPrefix];
  yield* storeFindings(config.destination, new Set(prefixes), world.now());
}
