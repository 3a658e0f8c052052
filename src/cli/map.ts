/** `map`: entities as NDJSON or as one JSON array. */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import stableStringify from "fast-json-stable-stringify";
import { ByteWriter } from "../core/bytes.ts";
import type { Issue } from "../core/issue.ts";
import { readPage } from "../core/page.ts";
import { type Run, startRun } from "../core/reading.ts";
import { printInRun, type SkipReason } from "../core/record.ts";
import { readDocuments } from "../io/documents.ts";
import { InputError, UsageError } from "../io/errors.ts";
import { fileOutput, type Output, streamOutput } from "../io/output.ts";
import { findSources, type Source } from "../io/sources.ts";
import { type Io, Status } from "./io.ts";
import { issueLine, Messages } from "./messages.ts";
import { Tally } from "./tally.ts";

export interface MapOptions {
  readonly out?: string;
  readonly format: "ndjson" | "json";
  readonly collectedAt?: string;
  readonly issues?: string;
}

/** Bytes kept back before they are written. */
const CHUNK = 1 << 18;

/** Entities on their way out, as NDJSON or as the elements of a JSON array. */
class EntityOutput {
  readonly #writer = new ByteWriter();
  readonly #output: Output;
  readonly #isArray: boolean;
  #next = "[";

  constructor(output: Output, format: MapOptions["format"]) {
    this.#output = output;
    this.#isArray = format === "json";
  }

  /** Maps a record and takes its entity, or says why there is none. */
  add(record: unknown, run: Run): SkipReason | undefined {
    const start = this.#writer.length;
    if (this.#isArray) this.#writer.text(this.#next);
    const reason = printInRun(record, run, this.#writer);
    if (reason === undefined) this.#next = ",";
    else this.#writer.rewind(start);
    return reason;
  }

  get isFull(): boolean {
    return this.#writer.length >= CHUNK;
  }

  async flush(): Promise<void> {
    if (this.#writer.length > 0) await this.#output.write(this.#writer.take());
  }

  async commit(): Promise<void> {
    if (this.#isArray) this.#writer.text(this.#next === "[" ? "[]\n" : "]\n");
    await this.flush();
    await this.#output.commit();
  }

  discard(): Promise<void> {
    return this.#output.discard();
  }
}

/** The issues on their way to a file, and to the counts. */
class IssueOutput {
  readonly #tally: Tally;
  readonly #messages: Messages;
  readonly output: Output | undefined;
  #lines: string[] = [];

  constructor(tally: Tally, messages: Messages, output: Output | undefined) {
    this.#tally = tally;
    this.#messages = messages;
    this.output = output;
  }

  add(issue: Issue, hint?: string): void {
    this.#tally.issue(issue);
    if (issue.severity === "error") this.#messages.complain(issueLine(issue, hint));
    if (this.output !== undefined) this.#lines.push(`${stableStringify(issue)}\n`);
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines.join("");
    this.#lines = [];
    await this.output?.write(lines);
  }
}

/** Maps the documents of one source, record by record, holding one document and one chunk of output. */
async function mapSource(
  source: Source,
  collectedAt: string | undefined,
  tally: Tally,
  entities: EntityOutput,
  issues: IssueOutput,
): Promise<void> {
  for await (const document of readDocuments(source)) {
    tally.documents++;
    if (document.kind === "invalid") {
      issues.add(document.issue, document.hint);
      continue;
    }
    const { value, index } = document;
    const place = { source: source.name, ...(index !== undefined && { document: index }) };
    const page = readPage(value, place);
    const run = startRun(collectedAt ?? source.modified, page.timestamp, place);
    for (const issue of page.issues) issues.add(issue);
    for (const [record, raw] of page.records.entries()) {
      run.record = record;
      const skipped = entities.add(raw, run);
      tally.records++;
      if (skipped === undefined) tally.entities++;
      else tally.skip(skipped);
      for (const issue of run.issues.splice(0)) issues.add(issue);
      if (entities.isFull) {
        await entities.flush();
        await issues.flush();
      }
    }
    await issues.flush();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** Where each source's entities go in a directory: the source's own name, with the output's ending. */
function filesIn(directory: string, sources: readonly Source[], format: string): Map<Source, string> {
  const files = new Map<Source, string>();
  const taken = new Map<string, Source>();
  for (const source of sources) {
    const stem = source.relativeName.replace(/\.gz$/i, "").replace(/\.(?:json|ndjson|jsonl)$/i, "");
    const file = join(directory, `${stem}.${format}`);
    const other = taken.get(file);
    if (other !== undefined) {
      throw new UsageError(`${other.name} and ${source.name} would both be written to ${file}`);
    }
    taken.set(file, source);
    files.set(source, file);
  }
  return files;
}

/** Maps every document of the inputs. Standard error closes with one line of counts. */
export async function map(inputs: readonly string[], options: MapOptions, io: Io): Promise<Status> {
  const { out, format, collectedAt } = options;
  const intoDirectory = out !== undefined && (await isDirectory(out));
  const written = [intoDirectory ? undefined : out, options.issues].filter((path) => path !== undefined);
  const files = await Promise.all(written.map((path) => stat(path).catch(() => undefined)));
  const outputs = [...files, io.stdoutFile];
  const sources = await findSources(inputs, { stdin: io.stdin, now: io.now(), outputs });
  const paths = intoDirectory ? filesIn(out, sources, format) : undefined;

  const messages = new Messages(io);
  const tally = new Tally();
  const issuesFile = options.issues === undefined ? undefined : await fileOutput(options.issues);
  const issues = new IssueOutput(tally, messages, issuesFile);
  const all =
    paths !== undefined
      ? undefined
      : new EntityOutput(out === undefined ? streamOutput(io.stdout) : await fileOutput(out), format);
  let hasFailed = false;
  let done = 0;
  try {
    for (const source of sources) {
      messages.progress(
        () => `${done} of ${sources.length} inputs, ${tally.records} records, ${tally.entities} entities`,
      );
      const file = paths?.get(source);
      const entities = all ?? new EntityOutput(await fileOutput(file ?? ""), format);
      try {
        await mapSource(source, collectedAt, tally, entities, issues);
        if (entities !== all) await entities.commit();
      } catch (error) {
        if (entities !== all) await entities.discard();
        if (!(error instanceof InputError)) throw error;
        hasFailed = true;
        messages.complain(error.message);
      }
      done++;
    }
    await all?.commit();
    await issuesFile?.commit();
  } catch (error) {
    await all?.discard();
    await issuesFile?.discard();
    throw error;
  }
  messages.close("--issues FILE takes all of them");
  io.stderr.write(`${tally.line()}\n`);
  if (hasFailed) return Status.UNFINISHED;
  return tally.hasErrors ? Status.REJECTED : Status.DONE;
}
