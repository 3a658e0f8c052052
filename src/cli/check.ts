/** `check`: preflight of raw pages and UDM entities. */

import stableStringify from "fast-json-stable-stringify";
import type { Issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import { InputError } from "../io/errors.ts";
import { type Output, streamOutput } from "../io/output.ts";
import { findSources, type Source } from "../io/sources.ts";
import { Preflight } from "../preflight/preflight.ts";
import { CheckSummary, checkText } from "../report/check.ts";
import { type Io, Status } from "./io.ts";
import { Messages, printable } from "./messages.ts";

export interface CheckCommandOptions {
  readonly format: "text" | "json";
  readonly strict: boolean;
  readonly collectedAt?: string;
  readonly showValues: boolean;
}

/** Issues kept back before they are written. */
const CHUNK = 1000;

/** The issues on their way out as the list of the JSON output. */
class IssueList {
  readonly #output: Output;
  #lines: string[] = [];
  #next = '{"issues":[\n';

  constructor(output: Output) {
    this.#output = output;
  }

  add(issue: Issue): void {
    this.#lines.push(this.#next, stableStringify(issue));
    this.#next = ",\n";
  }

  get isFull(): boolean {
    return this.#lines.length >= CHUNK;
  }

  async flush(): Promise<void> {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) await this.#output.write(lines.join(""));
  }

  async close(counts: object): Promise<void> {
    await this.flush();
    const start = this.#next === ",\n" ? "\n" : '{"issues":[';
    await this.#output.write(`${start}],"summary":${stableStringify(counts)}}\n`);
  }
}

/** Checks the documents of one source, holding one document and one chunk of output. */
async function checkSource(
  source: Source,
  collectedAt: string | undefined,
  preflight: Preflight,
  summary: CheckSummary,
  list: IssueList | undefined,
): Promise<void> {
  const { name, modified } = source;
  for await (const document of readDocuments(source)) {
    summary.documents++;
    if (document.kind === "invalid") {
      summary.add(document.issue, document.hint);
      list?.add(document.issue);
      continue;
    }
    const { value, index } = document;
    const context = {
      collectedAt: collectedAt ?? modified,
      source: name,
      ...(index !== undefined && { document: index }),
    };
    for (const issue of preflight.document(value, context)) {
      summary.add(issue);
      list?.add(issue);
      if (list?.isFull === true) await list.flush();
    }
    summary.records = preflight.records;
    summary.entities = preflight.entities;
  }
}

/**
 * Checks every document of the inputs: raw pages, and the entities they make, or UDM entities. Status 1 when
 * there was an error, with `strict` a warning; 3 when an input could not be read.
 */
export async function check(
  inputs: readonly string[],
  options: CheckCommandOptions,
  io: Io,
): Promise<Status> {
  const { format, strict, collectedAt, showValues } = options;
  const sources = await findSources(inputs, { stdin: io.stdin, now: io.now() });
  const output = streamOutput(io.stdout);
  const messages = new Messages(io);
  const preflight = new Preflight({ showValues });
  const summary = new CheckSummary();
  const list = format === "json" ? new IssueList(output) : undefined;

  for (const [done, source] of sources.entries()) {
    messages.progress(() => `${done} of ${sources.length} inputs, ${preflight.records} records`);
    try {
      await checkSource(source, collectedAt, preflight, summary, list);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      summary.unreadable++;
      messages.complain(error.message);
    }
  }
  messages.close("the summary has their number");
  if (list !== undefined) await list.close(summary.counts(strict));
  else {
    const lines = checkText(summary, strict).split("\n");
    await output.write(lines.map(printable).join("\n"));
  }
  if (summary.unreadable > 0) return Status.UNFINISHED;
  return summary.fails(strict) ? Status.REJECTED : Status.DONE;
}
