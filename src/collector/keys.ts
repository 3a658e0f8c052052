/** The names under which a run's objects are stored. Layout of the pages' keys: the vendor's guide. */

import type { Resource } from "../core/resource.ts";
import type { Config, PageForm } from "./config.ts";

/** What tells one run from all others. */
export interface RunIdentity {
  readonly id: string;
  /** The run's start; its UTC day stands in every key. */
  readonly start: Date;
}

function day({ start }: RunIdentity): string {
  return start.toISOString().slice(0, 10).replaceAll("-", "/");
}

const ENDING = { raw: ".json", records: ".ndjson", udm: ".ndjson" } as const;

/** The key of a page in one of its forms. Pages count from 0. */
export function pageKey(
  config: Config,
  run: RunIdentity,
  form: PageForm,
  resource: Resource,
  page: number,
): string {
  const time = run.start.toISOString().slice(11, 19).replaceAll(":", "");
  const folder = config.keyLayout === "run" ? `${time}Z-${run.id}/` : "";
  const name = `${day(run)}/${folder}duo-${resource}-${String(page).padStart(5, "0")}`;
  return `${config.prefixes[form]}${name}${ENDING[form]}`;
}

export function manifestKey(config: Config, run: RunIdentity): string {
  return `${config.manifestPrefix}${day(run)}/${run.id}.json`;
}
