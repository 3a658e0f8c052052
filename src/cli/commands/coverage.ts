/** `coverage`: how often each row of the table fired, what no row reads, and drift from a baseline. */

import { readFile } from "node:fs/promises";
import type { Resource } from "../../core/resource.ts";
import {
  addToBaseline,
  type Baseline,
  baselineOf,
  driftOf,
  parseBaseline,
  printBaseline,
} from "../../coverage/baseline.ts";
import { CoverageCounter, coverageOf } from "../../coverage/coverage.ts";
import { coverageJson, coverageLines } from "../../coverage/text.ts";
import { ConfigError, reason } from "../../io/errors.ts";
import { writeWhole } from "../../io/output.ts";
import { profileOf } from "../../profiles/index.ts";
import { forcesPathStyle, takeCounts } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { printJson, printLines, widthOf } from "../terminal.ts";

export interface CoverageOptions {
  readonly format: "text" | "json";
  /** A baseline to compare with. */
  readonly baseline?: string;
  /** Where to write today's baseline. */
  readonly writeBaseline?: string;
  /** A baseline to which what is new is added. */
  readonly updateBaseline?: string;
  /** The only resource to show. */
  readonly resource?: Resource | "unknown";
  /** Whether only the fields that no row reads are shown. */
  readonly unmapped?: boolean;
  readonly jobs?: number;
}

async function readBaseline(path: string): Promise<Baseline> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigError(`${path}: ${reason(error)}`, { cause: error });
  });
  const baseline = parseBaseline(text);
  if (baseline === undefined) {
    throw new ConfigError(`${path}: is not a baseline; coverage --write-baseline FILE writes one`);
  }
  return baseline;
}

/**
 * Prints the coverage of all documents of the inputs. Drift from the baseline gives the status of a rejection.
 * No baseline is written when an input could not be read.
 */
export async function coverage(inputs: readonly string[], options: CoverageOptions, io: Io): Promise<Status> {
  const { format, baseline, writeBaseline, updateBaseline, resource, unmapped = false, jobs } = options;
  const before = baseline === undefined ? undefined : await readBaseline(baseline);
  const old = updateBaseline === undefined ? undefined : await readBaseline(updateBaseline);
  const without = [baseline, writeBaseline, updateBaseline].filter((path) => path !== undefined);
  const profile = profileOf(io.choice ?? {});
  const counter = new CoverageCounter(profile);
  const task = { reader: "coverage", options: {}, jobs } as const;
  const { status } = await takeCounts(inputs, without, task, io, (counts) => counter.merge(counts));
  const all = counter.result();
  const result = resource === undefined ? all : coverageOf(all, resource);
  const today = baselineOf(result);
  const drift = before === undefined ? undefined : driftOf(before, today, profile);
  const write = async (path: string, written: Baseline): Promise<void> => {
    if (status !== Status.UNFINISHED) await writeWhole(path, printBaseline(written), forcesPathStyle(io));
  };
  if (writeBaseline !== undefined) await write(writeBaseline, today);
  if (updateBaseline !== undefined && old !== undefined)
    await write(updateBaseline, addToBaseline(old, today));
  const view = { drift, isUnmappedOnly: unmapped, profile };
  if (format === "json") await printJson(io, coverageJson(result, view));
  else await printLines(io, coverageLines(result, view, widthOf(io.stdout)));
  return status === Status.DONE && drift !== undefined && drift.length > 0 ? Status.REJECTED : status;
}
