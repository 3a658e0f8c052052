/** `simulate`: the Duo Admin API on this machine, with an invented account. */

import { type Command, InvalidArgumentError } from "commander";
import { ConfigError, errorCode, reason } from "../../io/errors.ts";
import type { SimulatorOptions } from "../../simulator/duo.ts";
import { type Io, Status } from "../io.ts";

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
  const { FAULT_KINDS, parseFault } = await import("../../simulator/faults.ts");
  const { startSimulator } = await import("../../simulator/duo.ts");
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
  const lines = Object.entries(simulator.env).map(([name, value]) => `${name}=${value}\n`);
  io.stdout.write(lines.join(""));
  io.stderr.write(`duo-udm: an invented Duo account is served on ${simulator.url}; Ctrl-C ends it\n`);
  await stopped;
  await simulator.close();
  return Status.DONE;
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number up to ${most}.`);
  };
}

const EXAMPLES = `
Examples:
  $ duo-udm simulate --users 100000
  $ duo-udm simulate --fault rate-limit,every=10 --fault dead,resource=tokens
  $ duo-udm simulate --port 8443 > simulator.env    # then, in another shell:
  $ env $(cat simulator.env) duo-udm collect --to pages`;

/** Adds the command to the program. What it needs is loaded when it runs. */
export function register(program: Command, io: Io, finish: (status: Status) => void): void {
  program
    .command("simulate")
    .summary("serve the Duo Admin API on this machine, with an invented account")
    .description(
      "Serves all seven resources on 127.0.0.1, checks signatures and dates as Duo does, and does wrong what it " +
        "is told to. Prints the environment that collect needs to find it.",
    )
    .option("--port <n>", "the port; 0 for any free one", wholeNumber(65_535), 0)
    .option("--users <n>", "users of the account; all else grows with them", wholeNumber(10_000_000), 1_000)
    .option("--seed <n>", "equal seeds give equal accounts", wholeNumber(999_999_999), 1)
    .option(
      "--fault <fault...>",
      "rate-limit, server-error, html, html-ok, drop, truncate, cut, stuck-offset, dead, fail or forbidden, with " +
        ",resource=R ,offset=N ,times=N ,every=N ,retry-after=N behind it as needed",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (options: SimulateOptions) => {
      finish(await simulate(options, io));
    });
}
