/** `check`: preflight of raw pages and UDM entities. */

import stableStringify from "fast-json-stable-stringify";
import { type Output, streamOutput } from "../../io/output.ts";
import { RunKeys } from "../../preflight/keys.ts";
import { keyIssues } from "../../preflight/records.ts";
import { CheckSummary, checkLines } from "../../preflight/summary.ts";
import { printableJson } from "../../text/escape.ts";
import { placed } from "../../work/base.ts";
import { sourcesOf, takeTurns } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

export interface CheckCommandOptions {
  readonly format: "text" | "json";
  readonly strict: boolean;
  readonly collectedAt?: string;
  readonly showValues: boolean;
  readonly jobs?: number;
}

/** The issues on their way out as the list of the JSON output. */
class IssueList {
  readonly #output: Output;
  #next = '{"issues":[\n';

  constructor(output: Output) {
    this.#output = output;
  }

  async add(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await this.#output.write(this.#next + printableJson(lines.join(",\n")));
    this.#next = ",\n";
  }

  async close(counts: object): Promise<void> {
    const start = this.#next === ",\n" ? "\n" : '{"issues":[';
    await this.#output.write(`${start}],"summary":${stableStringify(counts)}}\n`);
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
  const { format, strict, collectedAt, showValues, jobs } = options;
  const sources = await sourcesOf(inputs, [], io);
  const output = streamOutput(io.stdout);
  const messages = new Messages(io);
  const summary = new CheckSummary();
  const keysOfRun = new RunKeys();
  const list = format === "json" ? new IssueList(output) : undefined;
  const task = {
    reader: "check",
    options: {
      ...(collectedAt !== undefined && { collectedAt }),
      showValues,
      withIssues: list !== undefined,
    },
    jobs,
    records: () => summary.records,
  } as const;

  summary.unreadable = await takeTurns(sources, task, messages, async (turn) => {
    if (turn.kind === "unreadable") return;
    const { base, found } = turn;
    summary.merge(found.counts, (issue) => placed(issue, base));
    const lines: string[] = [];
    let next = 0;
    const addUpTo = (end: number): void => {
      for (const issue of found.issues.slice(next, end)) lines.push(stableStringify(placed(issue, base)));
      next = end;
    };
    for (const { keys, place, before } of found.keys) {
      for (const issue of keyIssues(keysOfRun, keys, placed(place, base), showValues)) {
        summary.add(issue);
        if (list === undefined) continue;
        addUpTo(before);
        lines.push(stableStringify(issue));
      }
    }
    addUpTo(found.issues.length);
    await list?.add(lines);
  });
  messages.close("the summary has their number");
  if (list !== undefined) await list.close(summary.counts(strict));
  else await printLines(io, checkLines(summary, strict, widthOf(io)));
  if (summary.unreadable > 0) return Status.UNFINISHED;
  return summary.fails(strict) ? Status.REJECTED : Status.DONE;
}
