/** duo-udm/secops: entities into Google SecOps, and a client of the API that takes them. */

import process from "node:process";
import type { Issue } from "../core/issue.ts";
import type { Env } from "../io/env.ts";
import { REAL_WORLD } from "../io/retry.ts";
import { type Credentials, googleCredentials } from "./auth.ts";
import { type ClientOptions, SecopsClient } from "./client.ts";
import { BATCH_BYTES, BATCH_ENTITIES, type BatchLimits } from "./import.ts";
import { targetOf } from "./instance.ts";
import { ImportRun } from "./run.ts";
import { type ImportCounts, ImportState } from "./state.ts";

export type { Env } from "../io/env.ts";
export { ConfigError } from "../io/errors.ts";
export type { Answer, Transport } from "../io/http.ts";
export type { World } from "../io/retry.ts";
export { type Credentials, googleCredentials } from "./auth.ts";
export { type ClientOptions, type ImportVerdict, type Parser, type Retry, SecopsClient } from "./client.ts";
export { SecopsError, type SecopsErrorCode, type SecopsErrorDetail } from "./errors.ts";
export { type Target, targetOf } from "./instance.ts";
export type { ImportCounts } from "./state.ts";

/** An entity that preflight found invalid, or that SecOps refused. */
export interface Rejected {
  readonly entity: unknown;
  /** Which of the entities it is, from 0. */
  readonly index: number;
  /** What preflight says of it. */
  readonly issues: readonly Issue[];
}

export interface ImportOptions extends ClientOptions, Partial<BatchLimits> {
  /** `projects/P/locations/L/instances/I` */
  readonly instance: string;
  /** Default: DUO_USER_CONTEXT for users and groups, DUO_CONTEXT for all others. */
  readonly logType?: string;
  /** Where `SECOPS_API_HOST`, `SECOPS_API_VERSION` and `SECOPS_API_URL` are looked up. Default: the process's. */
  readonly env?: Env;
  /** Default: Google's Application Default Credentials. */
  readonly credentials?: Credentials;
  /** Called with each rejected entity, in order within a request. */
  readonly onRejected?: (rejected: Rejected) => void | Promise<void>;
}

/**
 * Imports entities, however many, holding a few requests' worth of them. Those that preflight finds invalid are not
 * sent; a request that SecOps refuses is halved until the refused entities are found. Sending an entity twice is
 * harmless: SecOps keeps it once.
 *
 * @throws ConfigError when the call is wrong. @throws SecopsError when SecOps cannot be asked, or takes nothing.
 */
export async function importEntities(
  entities: Iterable<unknown> | AsyncIterable<unknown>,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { instance, logType, env = process.env } = options;
  const { batchBytes = BATCH_BYTES, batchEntities = BATCH_ENTITIES } = options;
  const { onRejected = () => {}, now = REAL_WORLD.now } = options;
  const target = targetOf(instance, env);
  const credentials = options.credentials ?? (await googleCredentials(target.project));
  const run = new ImportRun({
    client: new SecopsClient(target, credentials, options),
    state: await ImportState.open(undefined, { options: {}, sources: [] }),
    logType,
    batchBytes,
    batchEntities,
    now,
    onRejected: async (items) => {
      for (const { entity, index, issues } of items) await onRejected({ entity, index, issues });
    },
  });
  const time = new Date(now()).toISOString();
  for await (const entity of entities) await run.take({ entity, raw: entity }, "", time);
  await run.finish();
  return { ...run.counts };
}
