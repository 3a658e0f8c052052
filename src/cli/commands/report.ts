/** `report`: one self-contained HTML page about all documents of the inputs. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";
import { ISSUES, type IssueCode } from "../../core/issue.ts";
import { timestamp } from "../../core/time.ts";
import { writeWhole } from "../../io/output.ts";
import { isS3 } from "../../io/s3.ts";
import { RunKeys } from "../../preflight/keys.ts";
import { profileOf } from "../../profiles/index.ts";
import { type Explored, ExploredRecords, gravestOf, type RecordToExplore } from "../../report/explored.ts";
import { type ExplorerData, reportHtml } from "../../report/html.ts";
import { SummaryCounter } from "../../report/summary.ts";
import { count } from "../../text/numbers.ts";
import { placed } from "../../work/base.ts";
import { forcesPathStyle, takeCounts } from "../inputs.ts";
import type { Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { packageVersion } from "../version.ts";

export interface ReportOptions {
  readonly out: string;
  readonly collectedAt?: string;
  readonly jobs?: number;
  /** Whether the page holds the records as well. */
  readonly explore?: boolean;
}

/**
 * An input as the report names it. A path outside the current directory is cut to its last part, because the folders
 * above may name a person.
 */
function inputName(input: string): string {
  if (input === "-") return "standard input";
  if (isS3(input)) return input;
  const path = relative(".", input);
  return path === "" || path.startsWith("..") ? basename(resolve(input)) : path;
}

/** A script or style for the browser, as the build makes it. */
const built = (name: string): Promise<string> =>
  readFile(new URL(`../../../dist/${name}`, import.meta.url), "utf8");

async function explorerOf(explored: Explored): Promise<ExplorerData> {
  const script = await built("explorer.js");
  const hash = createHash("sha256").update(script).digest("base64");
  return { explored, script, scriptHash: `'sha256-${hash}'`, style: await built("explorer.css") };
}

/** A record with the issues that only the whole run tells. */
function withCodes(record: RecordToExplore, ofRun: readonly IssueCode[]): RecordToExplore {
  const gravest = gravestOf([record.gravest, ...ofRun.map((code) => ISSUES[code].severity)]);
  const codes = [...new Set([...record.codes, ...ofRun])];
  return { ...record, codes, ...(gravest !== undefined && { gravest }) };
}

/** What people must know about a file that holds records. */
function warningAbout(out: string, { records, left }: Explored): string {
  const held = `${out} holds personal data, the values of ${count(records.length, "record")}: share it only with people who may see the Duo account`;
  return left === 0 ? held : `${held}; ${count(left, "more record")} did not fit`;
}

/** Writes the report, whole or not at all. Documents that are rejected are counted in it. */
export async function report(inputs: readonly string[], options: ReportOptions, io: Io): Promise<Status> {
  const { out, collectedAt, jobs, explore = false } = options;
  const choice = io.choice ?? {};
  const profile = profileOf(choice);
  const counter = new SummaryCounter(profile);
  const seen = new RunKeys();
  const records = new ExploredRecords();
  const task = {
    reader: "report",
    options: { ...(collectedAt !== undefined && { collectedAt }), withRecords: explore },
    jobs,
  } as const;
  const { status, unreadable, run } = await takeCounts(inputs, [out], task, io, (found, base) => {
    counter.merge(found.summary);
    const codes = found.keys.map((one) => seen.see(one).map(({ code }) => code));
    for (const code of codes.flat()) counter.issue({ code });
    let from = 0;
    for (const { keysTo, ...record } of found.records) {
      records.add(placed(withCodes(record, codes.slice(from, keysTo).flat()), base));
      from = keysTo;
    }
  });
  const origin = {
    inputs: inputs.map((input) => inputName(input)),
    generated: timestamp(Math.floor(io.now().getTime() / 1000)) ?? "",
    version: packageVersion(),
    unreadable,
    ...(run !== undefined && { run }),
  };
  const explored = records.explored(choice);
  const explorer = explored.records.length > 0 ? await explorerOf(explored) : undefined;
  await writeWhole(out, reportHtml(counter.result(), origin, profile, explorer), forcesPathStyle(io));
  if (explorer !== undefined) new Messages(io).say(warningAbout(out, explored));
  return status;
}
