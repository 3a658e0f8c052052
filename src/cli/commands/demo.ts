/** `demo`: an invented Duo account taken the whole way, on this machine alone. */

import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { collect, incomplete } from "../../collector/collect.ts";
import { loadConfig } from "../../collector/config.ts";
import { explainRecord } from "../../core/explain.ts";
import { readPage } from "../../core/page.ts";
import { recordVerdict } from "../../explanation/verdict.ts";
import { ConfigError, errorCode, OutputError, reason } from "../../io/errors.ts";
import { writeWhole } from "../../io/output.ts";
import { startSimulator } from "../../simulator/duo.ts";
import { WIDTH, wrap } from "../../text/layout.ts";
import { type Line, toned } from "../../text/lines.ts";
import { count } from "../../text/numbers.ts";
import { forcesPathStyle } from "../inputs.ts";
import type { Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";
import { check } from "./check.ts";
import { map } from "./map.ts";
import { report } from "./report.ts";

export interface DemoOptions {
  /** A directory that does not exist, that is empty, or that an earlier demo made. */
  readonly out: string;
  readonly users: number;
}

/** Tells a directory that a demo made from any other. */
const DEMO_MARK = ".duo-udm-demo";
/** What a demo makes in its directory, and replaces when it runs again. */
const DEMO_FILES = {
  pages: "pages",
  entities: "entities.ndjson",
  preflight: "preflight.txt",
  report: "report.html",
};
const MARK_TEXT = `duo-udm demo made this directory. When it runs again, it replaces ${Object.values(DEMO_FILES).join(", ")}.\n`;

/** Makes room in the directory: what an earlier demo left is removed, and nothing else. */
async function prepare(out: string): Promise<void> {
  const there = await readdir(out).catch((error: unknown): string[] => {
    if (errorCode(error) === "ENOENT") return [];
    throw new ConfigError(`${out}: ${reason(error)}`, { cause: error });
  });
  if (there.length > 0 && !there.includes(DEMO_MARK)) {
    throw new ConfigError(`${out}: is not empty, and no demo made it; give --out a new directory`);
  }
  try {
    for (const name of Object.values(DEMO_FILES)) await rm(join(out, name), { recursive: true, force: true });
  } catch (cause) {
    throw new OutputError(`${out}: cannot be replaced: ${reason(cause)}`, { cause });
  }
  await writeWhole(join(out, DEMO_MARK), MARK_TEXT, false);
}

/** A stream that keeps what is written to it. */
class Kept extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}

const PARTS = ['"hardware"', '"software"', '"hostname"', '"email_addresses"', '"LAPTOP"'];

/** A laptop with its owner: of those that have most to show, the one with the fewest printed lines. */
function laptop(lines: readonly string[]): string[] {
  const parts = (line: string): number => PARTS.filter((part) => line.includes(part)).length;
  const most = Math.max(...lines.map(parts));
  const printed = lines
    .filter((line) => parts(line) === most)
    .map((line) => JSON.stringify(JSON.parse(line), null, 2).split("\n"))
    .sort((a, b) => a.length - b.length);
  return printed.find((one) => one.every((line) => line.length <= WIDTH)) ?? printed[0] ?? [];
}

/** The first record of a page of groups that makes no entity, and why. */
async function skippedRecord(page: string, width: number): Promise<Line[]> {
  const { records, timestamp } = readPage(JSON.parse(await readFile(page, "utf8")));
  for (const [at, raw] of records.entries()) {
    const explanation = explainRecord(raw, {
      collectedAt: new Date(0).toISOString(),
      pageTimestamp: timestamp,
    });
    if (explanation.kind === "entity") continue;
    const shown = JSON.stringify(raw, null, 2).split("\n");
    const { sentences } = recordVerdict(explanation, raw, "groups");
    return [
      toned("strong", `A record that makes no entity (number ${at} of duo-groups-00000.json)`),
      ...shown,
      ...sentences.flatMap((sentence) => wrap(sentence, width)),
      "",
    ];
  }
  return [];
}

/** How preflight closes: what became of the records, and the verdict. */
function closing(text: string): [string, string] {
  const last = text.trimEnd().split("\n\n").at(-1) ?? "";
  const at = last.search(/^(?:NOT )?(?:READY|FINISHED)/m);
  return [last.slice(0, at).trimEnd().replaceAll("\n", " "), last.slice(at).replaceAll("\n", " ")];
}

/**
 * Simulator, collector, mapping, preflight and report in one run that needs no configuration. It ends by saying
 * what was made, where, and which command comes next.
 */
export async function demo({ out, users }: DemoOptions, io: Io): Promise<Status> {
  await prepare(out);
  const messages = new Messages(io);
  const pages = join(out, DEMO_FILES.pages);
  const entities = join(out, DEMO_FILES.entities);
  const preflight = join(out, DEMO_FILES.preflight);
  const html = join(out, DEMO_FILES.report);

  const simulator = await startSimulator({ users });
  messages.say(`collecting an invented account of ${count(users, "user")} from ${simulator.url}`);
  const config = loadConfig(simulator.env, { to: pages });
  const collection = await collect(config).finally(() => simulator.close());
  if (!collection.ok) throw incomplete(collection);
  const raw = join(pages, "duo/context");

  messages.say("mapping its pages");
  const apart = { ...io, stderr: new Kept(), isPlain: true, isQuiet: false };
  const mapped = await map([raw], { out: entities, format: "ndjson" }, apart);
  messages.say("checking them as before ingestion");
  const checked = new Kept();
  const options = { format: "text", strict: false, showValues: false } as const;
  await check([raw], options, { ...apart, stdout: checked });
  await writeWhole(preflight, checked.text, forcesPathStyle(io));
  messages.say("writing the report");
  await report([raw], { out: html }, io);

  const width = widthOf(io.stdout);
  const lines = (await readFile(entities, "utf8")).trimEnd().split("\n");
  const { resources } = collection.manifest;
  const groups = resources.find(({ resource }) => resource === "groups")?.pages[0]?.key;
  const [made, verdict] = closing(checked.text);
  await printLines(io, [
    toned("strong", "A laptop with its owner, as SecOps takes it"),
    ...laptop(lines),
    "",
    ...(groups === undefined ? [] : await skippedRecord(join(pages, groups), width)),
    ...wrap(made, width),
    ...wrap(verdict, width).map((line) => toned(verdict.startsWith("READY") ? "good" : "error", line)),
    "",
    `Pages      ${raw}`,
    `Entities   ${entities}`,
    `Preflight  ${preflight}`,
    `Report     ${html} (open it in a browser)`,
    `Next       duo-udm explain ${raw} --record 3`,
    "           With a Duo account of your own: set DUO_IKEY, DUO_SKEY and",
    "           DUO_API_HOSTNAME, then: duo-udm collect --to pages",
  ]);
  return mapped;
}
