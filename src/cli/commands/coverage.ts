/** `coverage`: how often each row of the table fired, what no row reads, and drift from a baseline. */

import { readFile } from "node:fs/promises";
import { type Baseline, baselineOf, driftOf, parseBaseline, printBaseline } from "../../coverage/baseline.ts";
import { CoverageCounter } from "../../coverage/coverage.ts";
import { coverageJson, coverageLines } from "../../coverage/text.ts";
import { ConfigError, reason } from "../../io/errors.ts";
import { writeWhole } from "../../io/output.ts";
import { forcesPathStyle, takeCounts } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { printJson, printLines, widthOf } from "../terminal.ts";

export interface CoverageOptions {
  readonly format: "text" | "json";
  /** A baseline to compare with. */
  readonly baseline?: string;
  /** Where to write today's baseline. */
  readonly writeBaseline?: string;
  readonly jobs?: number;
}

async function readBaseline(path: string): Promise<Baseline> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigError(`${path}: ${reason(error)}`, { cause: error });
  });
  const baseline = parseBaseline(text);
  if (baseline === undefined) {
    throw new ConfigError(`${path}: is no baseline; coverage --write-baseline FILE writes one`);
  }
  return baseline;
}

/**
 * Prints the coverage of all documents of the inputs. Drift from the baseline gives the status of a rejection.
 * No baseline is written when an input could not be read.
 */
export async function coverage(inputs: readonly string[], options: CoverageOptions, io: Io): Promise<Status> {
  const { format, writeBaseline, jobs } = options;
  const before = options.baseline === undefined ? undefined : await readBaseline(options.baseline);
  const without = [options.baseline, writeBaseline].filter((path) => path !== undefined);
  const counter = new CoverageCounter();
  const task = { reader: "coverage", options: {}, jobs } as const;
  const status = await takeCounts(inputs, without, task, io, (counts) => counter.merge(counts));
  const result = counter.result();
  const today = baselineOf(result);
  const drift = before === undefined ? undefined : driftOf(before, today);
  if (writeBaseline !== undefined && status !== Status.UNFINISHED) {
    await writeWhole(writeBaseline, printBaseline(today), forcesPathStyle(io));
  }
  if (format === "json") await printJson(io, coverageJson(result, drift));
  else await printLines(io, coverageLines(result, drift, widthOf(io)));
  return status === Status.DONE && drift !== undefined && drift.length > 0 ? Status.REJECTED : status;
}
