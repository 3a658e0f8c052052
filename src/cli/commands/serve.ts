/** What the simulators' commands have in common: `--fault`, and serving until they are ended. */

import { ConfigError, errorCode, reason } from "../../io/errors.ts";
import { FAULT_FORM, type Fault, type FaultKinds, readFault } from "../../simulator/faults.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines } from "../terminal.ts";

/** Reads what `--fault` gives, for a simulator with these kinds of faults and these resources. */
export function faultsOf<K extends string, R extends string>(
  texts: readonly string[],
  kinds: FaultKinds<K>,
  resources: readonly R[],
): Fault<K, R>[] {
  return texts.map((text) => {
    const fault = readFault(text, kinds, resources);
    if (fault !== undefined) return fault;
    throw new ConfigError(
      `--fault takes ${FAULT_FORM}; the kinds are ${Object.keys(kinds).join(", ")}, the resources ${resources.join(", ")}`,
    );
  });
}

interface Served {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Serves until `stopped` resolves. Standard output takes the environment that points the other commands at the
 * simulator, as `NAME=value` lines.
 *
 * @param what what is served, in words
 */
export async function serve(
  what: string,
  started: Promise<Served>,
  port: number,
  io: Io,
  stopped: Promise<void>,
): Promise<Status> {
  const { url, env, close } = await started.catch((error: unknown) => {
    if (errorCode(error) === undefined) throw error;
    throw new ConfigError(`--port: 127.0.0.1:${port} cannot be used: ${reason(error)}`, { cause: error });
  });
  await printLines(
    io,
    Object.entries(env).map(([name, value]) => `${name}=${value}`),
  );
  new Messages(io).say(`${what} is served on ${url}; Ctrl-C ends it`);
  await stopped;
  await close();
  return Status.DONE;
}
