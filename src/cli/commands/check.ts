/** `check`: preflight of raw pages and UDM entities. */

import type { Issue } from "../../core/issue.ts";
import { streamOutput } from "../../io/output.ts";
import type { Listing, OpenListing } from "../../preflight/formats/format.ts";
import { githubListing } from "../../preflight/formats/github.ts";
import { jsonListing } from "../../preflight/formats/json.ts";
import { junitListing } from "../../preflight/formats/junit.ts";
import { sarifListing } from "../../preflight/formats/sarif.ts";
import { RunKeys } from "../../preflight/keys.ts";
import { keyIssues } from "../../preflight/records.ts";
import { CheckSummary } from "../../preflight/summary.ts";
import { checkLines, verdictText } from "../../preflight/text.ts";
import { DEFAULT_GATE, type Gate } from "../../preflight/verdict.ts";
import { type Base, placed } from "../../work/base.ts";
import type { CheckFound } from "../../work/check-reader.ts";
import { sourcesOf, takeTurns } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

/** The most issues per write. */
const ISSUES_AT_ONCE = 1_000;

/** The formats for machines. */
const LISTINGS = {
  json: jsonListing,
  github: githubListing,
  junit: junitListing,
  sarif: sarifListing,
} as const satisfies { readonly [format: string]: OpenListing };

export interface CheckCommandOptions extends Partial<Gate> {
  readonly format: "text" | keyof typeof LISTINGS;
  readonly collectedAt?: string;
  readonly showValues: boolean;
  readonly jobs?: number;
}

/** The issues that the keys of a part give, each with the number of the part's own issues that come before it. */
function issuesOfKeys(
  { keys }: CheckFound,
  base: Base,
  run: RunKeys,
  showValues: boolean,
): [number, Issue][] {
  const found: [number, Issue][] = [];
  for (const { keys: one, place, before } of keys) {
    for (const issue of keyIssues(run, one, () => placed(place, base), showValues))
      found.push([before, issue]);
  }
  return found;
}

/** The issues of a part in order, those of its keys among them. */
function* inOrder(
  { issues }: CheckFound,
  base: Base,
  among: readonly (readonly [number, Issue])[],
): Generator<Issue> {
  let next = 0;
  for (const [before, issue] of among) {
    for (const own of issues.slice(next, before)) yield placed(own, base);
    yield issue;
    next = before;
  }
  for (const own of issues.slice(next)) yield placed(own, base);
}

/**
 * Checks every document of the inputs: raw pages, and the entities they make, or UDM entities. Status 1 when the
 * gate says that they are not ready; 3 when an input could not be read.
 */
export async function check(
  inputs: readonly string[],
  options: CheckCommandOptions,
  io: Io,
): Promise<Status> {
  const { format, collectedAt, showValues, jobs } = options;
  const gate: Gate = { ...DEFAULT_GATE, ...options };
  const sources = await sourcesOf(inputs, [], io);
  const output = streamOutput(io.stdout);
  const messages = new Messages(io, format !== "text");
  const summary = new CheckSummary();
  summary.passedOver = sources.passedOver ?? 0;
  const run = new RunKeys();
  const listing: Listing | undefined = format === "text" ? undefined : LISTINGS[format](gate.ignore);
  const write = async (text = ""): Promise<void> => {
    if (text !== "") await output.write(text);
  };
  const task = {
    reader: "check",
    options: {
      ...(collectedAt !== undefined && { collectedAt }),
      showValues,
      withIssues: listing !== undefined,
    },
    recordsAt: io.recordsAt,
    choice: io.choice,
    jobs,
    records: () => summary.tally.records,
  } as const;

  await write(listing?.open());
  summary.unreadable = await takeTurns(sources, task, messages, async (turn) => {
    const { name } = turn.source;
    if (turn.kind === "unreadable") {
      await write(listing?.endSource(name, turn.message));
      return;
    }
    const { base, found, isLast } = turn;
    summary.merge(found.counts, (issue) => placed(issue, base));
    const among = issuesOfKeys(found, base, run, showValues);
    for (const [, issue] of among) summary.add(issue);
    if (listing === undefined) return;
    let batch: Issue[] = [];
    for (const issue of inOrder(found, base, among)) {
      batch.push(issue);
      if (batch.length < ISSUES_AT_ONCE) continue;
      await write(listing.issues(batch));
      batch = [];
    }
    await write(listing.issues(batch));
    if (isLast) await write(listing.endSource(name));
  });
  messages.close("the summary counts them all");
  if (listing === undefined) await printLines(io, checkLines(summary, gate, widthOf(io.stdout), io.isQuiet));
  else {
    const verdict = verdictText(summary, gate);
    await write(listing.close(summary.counts(gate), verdict));
    if (format !== "json") messages.say(verdict);
  }
  if (summary.unreadable > 0) return Status.UNFINISHED;
  return summary.verdict(gate).isReady ? Status.DONE : Status.REJECTED;
}
