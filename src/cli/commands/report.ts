/** `report`: one self-contained HTML page about all documents of the inputs. */

import { timestamp } from "../../core/time.ts";
import { writeWhole } from "../../io/output.ts";
import { rememberingIds } from "../../preflight/preflight.ts";
import { reportHtml } from "../../report/html.ts";
import { SummaryCounter } from "../../report/summary.ts";
import { forcesPathStyle, takeCounts } from "../../work/turns.ts";
import type { Io, Status } from "../io.ts";

export interface ReportOptions {
  readonly out: string;
  readonly collectedAt?: string;
  readonly jobs?: number;
}

/** Writes the report, whole or not at all. Documents that are rejected are counted in it. */
export async function report(inputs: readonly string[], options: ReportOptions, io: Io): Promise<Status> {
  const { out, collectedAt, jobs } = options;
  const counter = new SummaryCounter();
  const isRepeated = rememberingIds();
  const task = {
    work: "report",
    options: { ...(collectedAt !== undefined && { collectedAt }) },
    jobs,
  } as const;
  const status = await takeCounts(inputs, [out], task, io, ({ summary, ids }) => {
    counter.merge(summary);
    for (const id of ids) if (isRepeated(id)) counter.issue({ code: "DUPLICATE_ENTITY" });
  });
  const generated = timestamp(Math.floor(io.now().getTime() / 1000)) ?? "";
  await writeWhole(out, reportHtml(counter.result(), generated), forcesPathStyle(io));
  return status;
}
