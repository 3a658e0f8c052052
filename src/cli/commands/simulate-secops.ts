/** `simulate --api secops`: the SecOps API on this machine. */

import { ConfigError } from "../../io/errors.ts";
import { DIFFERENCES, parseDifferences } from "../../simulator/parser.ts";
import {
  ACTIVE_PARSERS,
  type ActiveParser,
  SECOPS_FAULTS,
  SECOPS_RESOURCES,
  startSecops,
} from "../../simulator/secops.ts";
import type { Io, Status } from "../io.ts";
import { faultsOf, serve } from "./serve.ts";

export interface SimulateSecopsOptions {
  readonly port?: number;
  /** Each as `FAULT_FORM` says. */
  readonly fault?: readonly string[];
  /** What the active parser does differently, and which it is. */
  readonly parser?: string;
  /** Texts: an entity that holds one of them is refused. */
  readonly refuse?: readonly string[];
}

function readParser(text: string) {
  const names = text.split(",").filter((name) => name !== "");
  const isActive = (name: string): name is ActiveParser => ACTIVE_PARSERS.some((one) => one === name);
  const differences = parseDifferences(names.filter((name) => !isActive(name)));
  if (differences === undefined) {
    throw new ConfigError(
      `--parser takes any of ${[...DIFFERENCES, ...ACTIVE_PARSERS].join(", ")}, with commas between them`,
    );
  }
  return { differences, active: names.find(isActive) ?? "prebuilt" };
}

/** Serves until `stopped` resolves; by default until the process is ended. */
export async function simulateSecops(
  { port = 0, fault = [], parser = "", refuse = [] }: SimulateSecopsOptions,
  io: Io,
  stopped: Promise<void> = new Promise(() => {}),
): Promise<Status> {
  const faults = faultsOf(fault, SECOPS_FAULTS, SECOPS_RESOURCES);
  const refuses = (entity: unknown): boolean => {
    const text = JSON.stringify(entity);
    return refuse.some((one) => text.includes(one));
  };
  const options = { port, faults, refuses, ...readParser(parser) };
  return serve("a SecOps instance", startSecops(options), port, io, stopped);
}
