/** The names under which a run's objects are stored. Layout of the pages' keys: the vendor's guide. */

import type { Resource } from "../core/resource.ts";
import type { Config } from "./config.ts";

export interface Run {
  readonly id: string;
  /** The run's start; its UTC day stands in every key. */
  readonly start: Date;
}

function day({ start }: Run): string {
  return start.toISOString().slice(0, 10).replaceAll("-", "/");
}

function pageName(config: Config, run: Run, resource: Resource, page: number): string {
  const time = run.start.toISOString().slice(11, 19).replaceAll(":", "");
  const folder = config.keyLayout === "run" ? `${time}Z-${run.id}/` : "";
  return `${day(run)}/${folder}duo-${resource}-${String(page).padStart(5, "0")}`;
}

/** The key of a page as Duo sent it. Pages count from 0. */
export function rawKey(config: Config, run: Run, resource: Resource, page: number): string {
  return `${config.prefix}${pageName(config, run, resource, page)}.json`;
}

/** The key of a page's UDM entities. */
export function udmKey(config: Config, run: Run, resource: Resource, page: number): string {
  return `${config.udmPrefix}${pageName(config, run, resource, page)}.ndjson`;
}

export function manifestKey(config: Config, run: Run): string {
  return `${config.manifestPrefix}${day(run)}/${run.id}.json`;
}
