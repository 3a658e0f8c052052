/** `simulate`: the Duo Admin API on this machine, with an invented account. */

import { ConfigError, errorCode, reason } from "../../io/errors.ts";
import { type SimulatorOptions, startSimulator } from "../../simulator/duo.ts";
import { FAULT_KINDS, parseFault } from "../../simulator/faults.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines } from "../terminal.ts";

export interface SimulateOptions extends Pick<SimulatorOptions, "port" | "users" | "seed"> {
  /** `kind[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]` */
  readonly fault?: readonly string[];
}

/**
 * Serves until `stopped` resolves; by default until the process is ended. Standard output takes the environment
 * that points `collect` at it, as `NAME=value` lines.
 */
export async function simulate(
  { fault = [], ...options }: SimulateOptions,
  io: Io,
  stopped: Promise<void> = new Promise(() => {}),
): Promise<Status> {
  const faults = fault.map((text) => {
    const parsed = parseFault(text);
    if (parsed !== undefined) return parsed;
    throw new ConfigError(
      `--fault takes KIND[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]; the kinds are ${FAULT_KINDS.join(", ")}`,
    );
  });
  const simulator = await startSimulator({ ...options, faults }).catch((error: unknown) => {
    if (errorCode(error) === undefined) throw error;
    throw new ConfigError(`--port: 127.0.0.1:${options.port} cannot be used: ${reason(error)}`, {
      cause: error,
    });
  });
  const lines = Object.entries(simulator.env).map(([name, value]) => `${name}=${value}`);
  await printLines(io, lines);
  new Messages(io).say(`an invented Duo account is served on ${simulator.url}; Ctrl-C ends it`);
  await stopped;
  await simulator.close();
  return Status.DONE;
}
