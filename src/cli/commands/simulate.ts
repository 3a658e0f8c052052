/** `simulate`: the Duo Admin API on this machine, with an invented account. */

import { RESOURCES } from "../../core/resource.ts";
import { type SimulatorOptions, startSimulator } from "../../simulator/duo.ts";
import { DUO_FAULTS } from "../../simulator/faults.ts";
import type { Io, Status } from "../io.ts";
import { faultsOf, serve } from "./serve.ts";

export interface SimulateOptions extends Pick<SimulatorOptions, "port" | "users" | "seed"> {
  /** Each as `FAULT_FORM` says. */
  readonly fault?: readonly string[];
}

/** Serves until `stopped` resolves; by default until the process is ended. */
export async function simulate(
  { fault = [], port = 0, ...options }: SimulateOptions,
  io: Io,
  stopped: Promise<void> = new Promise(() => {}),
): Promise<Status> {
  const faults = faultsOf(fault, DUO_FAULTS, RESOURCES);
  return serve("an invented Duo account", startSimulator({ ...options, port, faults }), port, io, stopped);
}
