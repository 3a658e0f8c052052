/** `report`: one self-contained HTML page about all documents of the inputs. */

import { basename, relative, resolve } from "node:path";
import { timestamp } from "../../core/time.ts";
import { writeWhole } from "../../io/output.ts";
import { isS3 } from "../../io/s3.ts";
import { RunKeys } from "../../preflight/keys.ts";
import { profileOf } from "../../profiles/index.ts";
import { reportHtml } from "../../report/html.ts";
import { SummaryCounter } from "../../report/summary.ts";
import { forcesPathStyle, takeCounts } from "../inputs.ts";
import type { Io, Status } from "../io.ts";
import { packageVersion } from "../version.ts";

export interface ReportOptions {
  readonly out: string;
  readonly collectedAt?: string;
  readonly jobs?: number;
}

/** An input as the report names it: of a path elsewhere its last part, as the folders above may name a person. */
function inputName(input: string): string {
  if (input === "-") return "standard input";
  if (isS3(input)) return input;
  const path = relative(".", input);
  return path === "" || path.startsWith("..") ? basename(resolve(input)) : path;
}

/** Writes the report, whole or not at all. Documents that are rejected are counted in it. */
export async function report(inputs: readonly string[], options: ReportOptions, io: Io): Promise<Status> {
  const { out, collectedAt, jobs } = options;
  const profile = profileOf(io.choice ?? {});
  const counter = new SummaryCounter(profile);
  const seen = new RunKeys();
  const task = {
    reader: "report",
    options: { ...(collectedAt !== undefined && { collectedAt }) },
    jobs,
  } as const;
  const { status, unreadable, run } = await takeCounts(inputs, [out], task, io, ({ summary, keys }) => {
    counter.merge(summary);
    for (const { code } of keys.flatMap((one) => seen.see(one))) counter.issue({ code });
  });
  const origin = {
    inputs: inputs.map((input) => inputName(input)),
    generated: timestamp(Math.floor(io.now().getTime() / 1000)) ?? "",
    version: packageVersion(),
    unreadable,
    ...(run !== undefined && { run }),
  };
  await writeWhole(out, reportHtml(counter.result(), origin, profile), forcesPathStyle(io));
  return status;
}
