/** Which SecOps instance is meant, and where its API is. */

import type { Env } from "../io/env.ts";
import { ConfigError } from "../io/errors.ts";
import { isLoopback } from "../io/http.ts";

/** An instance, and where requests about it go. */
export interface Target {
  /** `projects/P/locations/L/instances/I` */
  readonly instance: string;
  readonly project: string;
  /** The instance's URL. */
  readonly url: string;
}

const INSTANCE =
  /^projects\/(?<project>[a-z0-9][a-z0-9.:-]{0,99})\/locations\/(?<location>[a-z0-9-]{1,63})\/instances\/[A-Za-z0-9-]{1,63}$/;
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.googleapis\.com$/;
const VERSIONS = ["v1beta", "v1alpha", "v1"];

/**
 * Reads the name of an instance, and from the environment where its API is: `SECOPS_API_HOST` (`{location}` stands
 * for the instance's), `SECOPS_API_VERSION`, and for a simulator `SECOPS_API_URL`.
 *
 * @throws ConfigError
 */
export function targetOf(instance: string, env: Env = {}): Target {
  const { project, location } = INSTANCE.exec(instance)?.groups ?? {};
  if (project === undefined || location === undefined) {
    throw new ConfigError(
      "the instance must be projects/PROJECT/locations/LOCATION/instances/INSTANCE, as SecOps shows it under Settings, SIEM Settings, Profile",
    );
  }
  const read = (name: string) => env[name]?.trim() || undefined;
  const host = (read("SECOPS_API_HOST") ?? "{location}-chronicle.googleapis.com").replaceAll(
    "{location}",
    location,
  );
  if (!HOST.test(host)) {
    throw new ConfigError(
      "SECOPS_API_HOST must be a host of googleapis.com, such as chronicle.{location}.rep.googleapis.com",
    );
  }
  const version = read("SECOPS_API_VERSION") ?? "v1beta";
  if (!VERSIONS.includes(version)) {
    throw new ConfigError(`SECOPS_API_VERSION must be one of ${VERSIONS.join(", ")}`);
  }
  const simulator = read("SECOPS_API_URL");
  if (simulator !== undefined && !isLoopback(simulator)) {
    throw new ConfigError(
      "SECOPS_API_URL must be http(s)://, a loopback address and a port: it is for the simulator only",
    );
  }
  const origin = simulator === undefined ? `https://${host}` : new URL(simulator).origin;
  return { instance, project, url: `${origin}/${version}/${instance}` };
}
