/** `simulate --api secops`: the SecOps API on this machine. */

import { ConfigError, errorCode, reason } from "../../io/errors.ts";
import { DIFFERENCES, parseDifferences } from "../../simulator/parser.ts";
import {
  ACTIVE_PARSERS,
  type ActiveParser,
  parseSecopsFault,
  SECOPS_FAULTS,
  SECOPS_RESOURCES,
  startSecops,
} from "../../simulator/secops.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines } from "../terminal.ts";

export interface SimulateSecopsOptions {
  readonly port?: number;
  /** `kind[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]` */
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
  const faults = fault.map((text) => {
    const read = parseSecopsFault(text);
    if (read !== undefined) return read;
    throw new ConfigError(
      `--fault takes KIND[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]; the kinds are ${Object.keys(SECOPS_FAULTS).join(", ")}, the resources ${SECOPS_RESOURCES.join(", ")}`,
    );
  });
  const refuses = (entity: unknown): boolean => {
    const text = JSON.stringify(entity);
    return refuse.some((one) => text.includes(one));
  };
  const options = { port, faults, refuses, ...readParser(parser) };
  const simulator = await startSecops(options).catch((error: unknown) => {
    if (errorCode(error) === undefined) throw error;
    throw new ConfigError(`--port: 127.0.0.1:${port} cannot be used: ${reason(error)}`, { cause: error });
  });
  await printLines(
    io,
    Object.entries(simulator.env).map(([name, value]) => `${name}=${value}`),
  );
  new Messages(io).say(`a SecOps instance is served on ${simulator.url}; Ctrl-C ends it`);
  await stopped;
  await simulator.close();
  return Status.DONE;
}
