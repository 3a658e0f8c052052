/** Stores one page in the forms that the run asks for, and accounts for it. */

import type { Config, PageForm } from "./config.ts";
import type { DuoPage } from "./duo.ts";
import { type IssueCounter, mapToLines, NDJSON } from "./entities.ts";
import { pageKey, type RunIdentity } from "./keys.ts";
import { type Counts, type ResourceReport, type StoredObject, storedObject, tally } from "./manifest.ts";
import { LONGEST_LINE } from "./reader.ts";
import { longestLine, recordLines } from "./records.ts";
import type { Sink } from "./sinks.ts";

/** The run that a page belongs to. */
interface RunContext {
  readonly config: Config;
  readonly run: RunIdentity;
  readonly report: ResourceReport;
  readonly sink: Sink;
  readonly counter: IssueCounter;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
}

const CONTENT_TYPE = { raw: "application/json", records: NDJSON, udm: NDJSON } as const;

/**
 * Stores a page. A page without records gets no object in the form of records.
 *
 * @returns the key that names the page in events
 * @throws CollectionError `STORE_FAILED`
 */
export async function storePage(context: RunContext, page: DuoPage): Promise<string> {
  const { config, run, report, sink, counter, signal } = context;
  const { resource, counts } = report;
  const keyOf = (form: PageForm) => pageKey(config, run, form, resource, counts.pages);
  const source = keyOf("raw");
  const isMapped = config.forms.includes("udm");
  const stored: (StoredObject & { form: PageForm })[] = [];
  const put = async (form: PageForm, body: Uint8Array) => {
    await sink.put(keyOf(form), body, CONTENT_TYPE[form], signal);
    stored.push({ form, ...storedObject(keyOf(form), body) });
  };
  const issues: Record<string, number> = {};
  const skipped: Record<string, number> = {};
  let longest = 0;
  for (const form of config.forms) {
    if (form === "raw") {
      longest = longestLine(page.body);
      await put(form, page.body);
    } else if (form === "records") {
      const { body, leftOut } = recordLines(page.body);
      longest = Math.max(longest, longestLine(body));
      if (!isMapped) {
        tally(skipped, "RECORD_NOT_OBJECT", leftOut);
        tally(issues, "RECORD_NOT_OBJECT", leftOut);
      }
      if (body.length > 0) await put(form, body);
    } else {
      const collectedAt = run.start.toISOString();
      counter.begin(page.page, collectedAt, issues);
      let entities = 0;
      const lines = mapToLines(page.page, source, collectedAt, config.profile, (mapped) => {
        if (mapped.reason === undefined) entities++;
        else tally(skipped, mapped.reason);
        counter.see(mapped);
      });
      await put(form, lines);
      counts.entities = (counts.entities ?? 0) + entities;
    }
  }
  for (const { code } of page.page.issues) tally(issues, code);
  if (longest > LONGEST_LINE) tally(issues, "LINE_TOO_LONG");
  addTo(counts, "skipped", skipped);
  addTo(counts, "issues", issues);
  counts.pages++;
  counts.objects += page.page.records.length;
  addToManifest(report, page, stored);
  return stored[0]?.key ?? source;
}

/** Adds counts by name; a run that counts nothing has none of them. */
function addTo(counts: Counts, what: "skipped" | "issues", names: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(names)) {
    counts[what] ??= {};
    tally(counts[what], name, times);
  }
}

function addToManifest(
  { pages }: ResourceReport,
  { offset, page: { records } }: DuoPage,
  stored: readonly (StoredObject & { form: PageForm })[],
): void {
  const [first, ...rest] = stored;
  if (first === undefined) return;
  const others = rest.map(
    ({ form, ...object }) => [form === "records" ? "record_lines" : form, object] as const,
  );
  pages.push({ ...first, offset, records: records.length, ...Object.fromEntries(others) });
}
