/** `demo`: an invented Duo account taken the whole way, on this machine alone. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { collect, incomplete } from "../../collector/collect.ts";
import { loadConfig } from "../../collector/config.ts";
import { ConfigError } from "../../io/errors.ts";
import { writeWhole } from "../../io/output.ts";
import { startSimulator } from "../../simulator/duo.ts";
import { forcesPathStyle } from "../../work/turns.ts";
import type { Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { check } from "./check.ts";
import { map } from "./map.ts";
import { report } from "./report.ts";

export interface DemoOptions {
  /** A directory that does not exist yet, or is empty. */
  readonly out: string;
  readonly users: number;
}

/** A stream that keeps what is written to it. */
class Kept extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}

/** An entity to show: the first of a managed computer, if there is one. */
async function example(file: string): Promise<string> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const line =
    lines.find((one) => one.includes('"hardware"') && one.includes('"software"')) ?? lines[0] ?? "{}";
  return JSON.stringify(JSON.parse(line), null, 2);
}

/**
 * Simulator, collector, mapping, preflight and report in one run that needs no configuration. It ends by saying
 * in five lines what was made, where, and which command comes next.
 */
export async function demo({ out, users }: DemoOptions, io: Io): Promise<Status> {
  if ((await readdir(out).catch(() => [])).length > 0) {
    throw new ConfigError(`${out}: is not empty; give --out a new directory`);
  }
  const messages = new Messages(io);
  const inPages = (path: string): string => join(out, "pages", path);
  const entities = join(out, "entities.ndjson");
  const preflight = join(out, "preflight.txt");
  const page = join(out, "report.html");

  const simulator = await startSimulator({ users });
  messages.say(`collecting an invented account of ${users} users from ${simulator.url}`);
  const config = loadConfig(simulator.env, { to: inPages("") });
  const collection = await collect(config).finally(() => simulator.close());
  if (!collection.ok) throw incomplete(collection);

  const raw = inPages("duo/context");
  messages.say("mapping its pages");
  const counts = new Kept();
  const mapped = await map([raw], { out: entities, format: "ndjson" }, { ...io, stderr: counts });
  messages.say("checking them before they would be ingested");
  const checked = new Kept();
  await check([raw], { format: "text", strict: false, showValues: false }, { ...io, stdout: checked });
  await writeWhole(preflight, checked.text, forcesPathStyle(io));
  messages.say("writing the report");
  await report([raw], { out: page }, io);

  const pages = collection.manifest.resources.reduce((sum, { counts }) => sum + counts.pages, 0);
  const verdict = checked.text.trimEnd().split("\n\n").at(-1)?.replaceAll("\n", " ");
  io.stdout.write(
    [
      `One of the entities:\n${await example(entities)}\n`,
      `Pages      ${inPages("duo/context")} (${pages} pages as Duo would send them)`,
      `Entities   ${entities} (${counts.text.trim()})`,
      `Preflight  ${preflight} (${verdict})`,
      `Report     ${page} (open it in a browser)`,
      "Next       set DUO_IKEY, DUO_SKEY and DUO_API_HOSTNAME, then: duo-udm collect --to pages",
      "",
    ].join("\n"),
  );
  return mapped;
}
