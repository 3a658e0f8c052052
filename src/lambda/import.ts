/** Sends what a run has collected to SecOps, where the environment names an instance. */

import { isObject, type RawObject } from "../core/scalar.ts";
import type { Env } from "../io/env.ts";
import { ConfigError, InputError } from "../io/errors.ts";
import { runSources } from "../io/runs.ts";
import { isSet } from "../io/s3.ts";
import { openAhead } from "../io/sources.ts";
import { unlessAborted, within } from "../io/within.ts";
import { PROFILES, type ProfileName } from "../profiles/index.ts";
import { googleCredentials } from "../secops/auth.ts";
import { SecopsClient } from "../secops/client.ts";
import { BATCH_BYTES, BATCH_ENTITIES } from "../secops/import.ts";
import { type Target, targetOf } from "../secops/instance.ts";
import { importSource } from "../secops/read.ts";
import { ImportRun } from "../secops/run.ts";
import { type ImportCounts, ImportState } from "../secops/state.ts";
import type { Logger } from "./powertools.ts";

/** Most rejected entities that are logged one by one. */
const MOST_LOGGED = 20;
/** Time for sending what was read, once the time for reading is up, in milliseconds. */
const SEND_MS = 5_000;

/** Where to import to, and as whom. */
export interface ImportTarget {
  readonly target: Target;
  /** What a credentials file holds. Without it, Google's library looks for credentials itself. */
  readonly credentials: RawObject | undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Where to import to: `IMPORT_INSTANCE`, or nowhere. `IMPORT_CREDENTIALS` holds the text of a credentials file, such
 * as that of workload identity federation, which has no secret in it.
 *
 * @throws ConfigError
 */
export function importTarget(env: Env): ImportTarget | undefined {
  const instance = env["IMPORT_INSTANCE"]?.trim() || undefined;
  if (instance === undefined) return undefined;
  const target = targetOf(instance, env);
  const text = env["IMPORT_CREDENTIALS"]?.trim() || undefined;
  if (text === undefined) return { target, credentials: undefined };
  const credentials = parsed(text);
  if (isObject(credentials)) return { target, credentials };
  throw new ConfigError("IMPORT_CREDENTIALS must be the text of a credentials file, which is JSON.");
}

export interface ImportCollectedOptions {
  readonly env: Env;
  /** When reading ends, in epoch milliseconds. What was read by then is still sent. */
  readonly deadline: number;
  /** What maps pages that the run stored as they came. */
  readonly profile: ProfileName;
  readonly logger: Logger;
}

/** What is read from S3, where it comes in time. The sources of a run give all their bytes when they are opened. */
function inTime<T>(limit: AbortSignal, name: string, reading: Promise<T>): Promise<T> {
  return unlessAborted(limit, reading, () => {
    throw new InputError(
      `${name}: cannot be read: the function's time was up; give it more time, and check whether S3 is slow`,
    );
  });
}

/**
 * Imports the pages of a run, and logs how many entities that were, also when it fails.
 *
 * @param manifest the run's manifest, as a user names it
 * @throws InputError when a page cannot be read, or not in time, once all other pages are sent. SecopsError, or a
 *   TimeoutError, when SecOps takes no more.
 */
export async function importCollected(
  { target, credentials }: ImportTarget,
  manifest: string,
  { env, deadline, profile, logger }: ImportCollectedOptions,
): Promise<ImportCounts> {
  const around = {
    forcePathStyle: isSet(env["S3_FORCE_PATH_STYLE"]),
    manifestPrefix: env["MANIFEST_PREFIX"],
  };
  const { sources } = await within(deadline - Date.now(), [], (limit) =>
    inTime(limit, manifest, runSources(manifest, [], around)),
  );
  let logged = 0;
  const run = new ImportRun({
    client: new SecopsClient(target, await googleCredentials(target.project, credentials), {
      signal: AbortSignal.timeout(Math.max(0, deadline + SEND_MS - Date.now())),
      onRetry: ({ tries, waitMs, error }) =>
        logger.warn("SecOps request is tried again", {
          tries,
          wait_ms: Math.round(waitMs),
          reason: error.message,
        }),
    }),
    state: await ImportState.open(undefined, { options: {}, sources: [] }),
    logType: undefined,
    batchBytes: BATCH_BYTES,
    batchEntities: BATCH_ENTITIES,
    now: Date.now,
    onRejected: (items) => {
      for (const { source, index, issues, json } of items) {
        if (logged++ >= MOST_LOGGED) return;
        const codes = issues.map(({ code }) => code);
        logger.warn("entity rejected", {
          source,
          index,
          by: json === undefined ? "preflight" : "SecOps",
          codes,
        });
      }
    },
  });
  let unreadable: InputError | undefined;
  try {
    await within(deadline - Date.now(), [], async (limit) => {
      for await (const source of openAhead(sources)) {
        const open = () => inTime(limit, source.name, source.open());
        try {
          await importSource({ ...source, open }, run, { profile: PROFILES[profile], onIssue: () => {} });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          unreadable ??= error;
          if (limit.aborted) break;
        }
      }
    });
    await run.finish();
  } finally {
    logger.info("entities imported", { ...run.counts });
  }
  if (unreadable !== undefined) throw unreadable;
  return run.counts;
}
