/** `map`: entities as NDJSON or as one JSON array. */

import { stat } from "node:fs/promises";
import stableStringify from "fast-json-stable-stringify";
import { ConfigError, InputError, OutputError } from "../../io/errors.ts";
import { giveBack } from "../../io/memory.ts";
import { type Output, openOutput, realPlaceOf } from "../../io/output.ts";
import { isS3 } from "../../io/s3.ts";
import { wrap } from "../../text/layout.ts";
import { Tally, tallyText } from "../../text/tally.ts";
import { placed } from "../../work/base.ts";
import { addCounts, countsLine, emptyCounts } from "../../work/counts.ts";
import { FileNames, fileNames } from "../file-names.ts";
import { complain, forcesPathStyle, sourcesOf, takeTurns } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { jsonOutput, widthOf } from "../terminal.ts";

export interface MapCommandOptions {
  readonly out?: string;
  readonly format: "ndjson" | "json";
  readonly collectedAt?: string;
  readonly issues?: string;
  readonly jobs?: number;
}

/** The most issues per write. */
const ISSUES_AT_ONCE = 1_000;

const OPEN = "[".charCodeAt(0);

/** Entities on their way out, as NDJSON or as a JSON array. */
class EntityOutput {
  readonly #output: Output;
  readonly #isArray: boolean;
  #isOpen = false;

  constructor(output: Output, format: MapCommandOptions["format"]) {
    this.#output = output;
    this.#isArray = format === "json";
  }

  /** Each element of an array comes with a comma before it. The bracket overwrites the first comma of all. */
  async add(entities: Uint8Array): Promise<void> {
    if (entities.length === 0) return;
    if (this.#isArray && !this.#isOpen) entities[0] = OPEN;
    this.#isOpen = true;
    await this.#output.write(entities);
  }

  async commit(): Promise<void> {
    if (this.#isArray) await this.#output.write(this.#isOpen ? "]\n" : "[]\n");
    await this.#output.commit();
  }

  discard(): Promise<void> {
    return this.#output.discard();
  }
}

/** The directory or prefix that `--out` names, with a trailing slash; undefined when it names a file or an object. */
async function folderOf(out: string): Promise<string | undefined> {
  if (out.endsWith("/")) return out;
  if (isS3(out)) return out.split("/").length > 3 ? undefined : `${out}/`;
  const found = await stat(out).catch(() => undefined);
  return found?.isDirectory() === true ? `${out}/` : undefined;
}

/**
 * Entities and issues cannot be written to one file.
 *
 * @throws ConfigError before anything is written
 */
async function checkApart(issues: string, files: readonly (string | undefined)[], io: Io): Promise<void> {
  const place = await realPlaceOf(issues);
  if (place === undefined) return;
  const found = await stat(issues).catch(() => undefined);
  const isStdout =
    found?.ino === io.stdoutFile?.ino && found?.dev === io.stdoutFile?.dev && found !== undefined;
  for (const file of files) {
    const isSame = file === undefined ? isStdout : (await realPlaceOf(file)) === place;
    if (isSame) throw new ConfigError(`${issues}: --issues names a file that the entities are written to`);
  }
}

/** Maps every document of the inputs. Standard error closes with one line of counts. */
export async function map(inputs: readonly string[], options: MapCommandOptions, io: Io): Promise<Status> {
  const { out, format, collectedAt, jobs } = options;
  const folder = out === undefined ? undefined : await folderOf(out);
  const outputs = [folder ?? out, options.issues].filter((path) => path !== undefined);
  const sources = await sourcesOf(inputs, outputs, io);
  const nameOf = (stem: string): string => `${stem}.${format}`;
  const names = folder === undefined ? undefined : fileNames(sources.first, folder, nameOf);

  if (options.issues !== undefined) {
    const probe = folder === undefined ? undefined : new FileNames(folder, nameOf);
    const files = probe === undefined ? [out] : sources.first.map((source) => probe.of(source));
    await checkApart(options.issues, files, io);
  }

  const open = (path: string): Promise<Output> => openOutput(path, forcesPathStyle(io));
  const messages = new Messages(io, out === undefined);
  const counts = emptyCounts();
  const tally = new Tally();
  const issues = options.issues === undefined ? undefined : await open(options.issues);
  let all: EntityOutput | undefined;
  const work = {
    ...(collectedAt !== undefined && { collectedAt }),
    asElements: format === "json",
    withIssues: issues !== undefined,
  };
  /** The output of the source whose turn it is, where each has its own. */
  let own: EntityOutput | undefined;
  let unwritten = 0;
  /** One file that cannot be written stops no other; a store that fails does. */
  const tolerate = async (
    action: () => Promise<EntityOutput | undefined>,
  ): Promise<EntityOutput | undefined> => {
    try {
      return await action();
    } catch (error) {
      const isOne = error instanceof InputError || (error instanceof OutputError && !isS3(folder ?? ""));
      if (!isOne) throw error;
      messages.complain(error.message);
      unwritten++;
      await own?.discard();
      return undefined;
    }
  };
  try {
    if (names === undefined) {
      all = new EntityOutput(out === undefined ? jsonOutput(io) : await open(out), format);
    }
    const task = {
      reader: "map",
      options: work,
      recordsAt: io.recordsAt,
      choice: io.choice,
      jobs,
      records: () => tally.records,
    } as const;
    const unreadable = await takeTurns(sources, task, messages, async (turn) => {
      if (turn.kind === "unreadable") {
        await own?.discard();
        own = undefined;
        return;
      }
      const { source, found, base, isFirst, isLast } = turn;
      complain(found.complaints, base, messages);
      addCounts(counts, found.counts);
      tally.merge(found.tally);
      if (names !== undefined && isFirst) {
        own = await tolerate(async () => new EntityOutput(await open(names.of(source)), format));
      }
      await (all ?? own)?.add(found.entities);
      giveBack(found.entities);
      for (let at = 0; issues !== undefined && at < found.issues.length; at += ISSUES_AT_ONCE) {
        const some = found.issues.slice(at, at + ISSUES_AT_ONCE);
        await issues.write(some.map((issue) => `${stableStringify(placed(issue, base))}\n`).join(""));
      }
      if (!isLast) return;
      own = await tolerate(async () => {
        await own?.commit();
        return undefined;
      });
    });
    await all?.commit();
    await issues?.commit();
    messages.close("--issues FILE lists them all");
    // People read a terminal; a script that parses the line of counts finds nothing else.
    if (io.stderr.isTTY === true) {
      for (const line of wrap(tallyText(tally), widthOf(io.stderr))) messages.tell(line);
    }
    messages.tell(countsLine(counts, tally, sources.passedOver));
    if (unreadable + unwritten > 0) return Status.UNFINISHED;
    return counts.errors > 0 ? Status.REJECTED : Status.DONE;
  } catch (error) {
    await own?.discard();
    await all?.discard();
    await issues?.discard();
    throw error;
  }
}
