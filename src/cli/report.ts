/** `report`: one self-contained HTML page about all documents of the inputs. */

import { timestamp } from "../core/time.ts";
import { writeWhole } from "../io/output.ts";
import { Preflight } from "../preflight/preflight.ts";
import { reportHtml } from "../report/html.ts";
import { SummaryCounter } from "../report/summary.ts";
import type { Io, Status } from "./io.ts";
import { eachPage } from "./pages.ts";

export interface ReportOptions {
  readonly out: string;
  readonly collectedAt?: string;
}

/** Writes the report, whole or not at all. Documents that are rejected are counted in it. */
export async function report(inputs: readonly string[], options: ReportOptions, io: Io): Promise<Status> {
  const { out, collectedAt } = options;
  const counter = new SummaryCounter();
  const preflight = new Preflight();
  const status = await eachPage(inputs, [out], io, {
    page: ({ modified, ...page }) => {
      const { document, source, index } = page;
      const at = collectedAt ?? modified;
      const place = { collectedAt: at, source, ...(index !== undefined && { document: index }) };
      // Preflight finds the mapping's issues too; the mapping's own decide the status.
      for (const issue of preflight.document(document, place)) counter.issue(issue);
      return counter.add({ ...page, collectedAt: at });
    },
    invalid: (issue) => counter.issue(issue),
  });
  const generated = timestamp(Math.floor(io.now().getTime() / 1000)) ?? "";
  await writeWhole(out, await reportHtml(counter.result(), generated));
  return status;
}
