/** `explain`: what the table makes of one record, row by row. */

import { explainRecord } from "../../core/explain.ts";
import { issue } from "../../core/issue.ts";
import { documentsOf, type RecordsAt, readPage } from "../../core/page.ts";
import { resourceOfName, resourceOfRecord } from "../../core/resource.ts";
import { isObject } from "../../core/scalar.ts";
import { readDocuments } from "../../io/documents.ts";
import { ConfigError, InputError } from "../../io/errors.ts";
import { openAhead, type Source } from "../../io/sources.ts";
import { profileOf } from "../../profiles/index.ts";
import { count } from "../../text/numbers.ts";
import { explanationJson, explanationLines, type Subject } from "../explanation/lines.ts";
import { BEST_FIT, SEARCHED_FIELDS, Search } from "../explanation/search.ts";
import { recordVerdict } from "../explanation/verdict.ts";
import { sourcesOf } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { issueLine, Messages } from "../messages.ts";
import { printJson, printLines, widthOf } from "../terminal.ts";

export interface ExplainOptions {
  /** The record's index over all of the input, from 0. */
  readonly record?: number;
  /** A key, address, name, number or serial of the record. */
  readonly id?: string;
  /** Whether every row is listed, in the table's order. */
  readonly all?: boolean;
  readonly collectedAt?: string;
  readonly format: "text" | "json";
}

/** A record of the input, and what its explanation needs besides. */
interface FoundRecord {
  readonly subject: Subject;
  readonly raw: unknown;
  readonly pageTimestamp: unknown;
  readonly modified: string;
}

/** Shows the records of a source until `isLast` has seen enough, and says whether it has. */
async function inSource(
  source: Source,
  messages: Messages,
  recordsAt: RecordsAt | undefined,
  isLast: (found: FoundRecord) => boolean,
): Promise<boolean> {
  const { name } = source;
  const named = resourceOfName(name);
  let index = 0;
  for await (const document of readDocuments(source)) {
    if (document.kind === "invalid") {
      messages.complain(issueLine(document.issue));
      index++;
      continue;
    }
    const { value, modified } = document;
    const all = documentsOf(value, recordsAt);
    const isOnly = document.index === undefined && all.length === 1;
    if (all.length === 0) messages.complain(issueLine(issue("RECORDS_AT_NOTHING", { source: name })));
    for (const one of all) {
      const place = { source: name, ...(!isOnly && { document: index }) };
      const page = readPage(one, place);
      for (const found of page.issues) messages.complain(issueLine(found));
      for (const [record, raw] of page.records.entries()) {
        const own = isObject(raw) ? resourceOfRecord(raw) : "unknown";
        const subject = { ...place, record, resource: named === "unknown" ? own : named };
        if (isLast({ subject, raw, pageTimestamp: page.timestamp, modified })) return true;
      }
      index++;
    }
  }
  return false;
}

/**
 * Shows the records of the input in order, until `isLast` has seen enough. A source that cannot be read stops no other.
 *
 * @returns how many records there were, and how many sources could not be read
 */
async function eachRecord(
  input: string,
  io: Io,
  isLast: (found: FoundRecord) => boolean,
): Promise<{ records: number; unreadable: number }> {
  const messages = new Messages(io);
  let records = 0;
  let unreadable = 0;
  const see = (found: FoundRecord): boolean => {
    records++;
    return isLast(found);
  };
  for await (const source of openAhead(await sourcesOf([input], [], io))) {
    try {
      if (await inSource(source, messages, io.recordsAt, see)) break;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      messages.complain(error.message);
      unreadable++;
    }
  }
  messages.close("map --issues FILE takes all of them");
  return { records, unreadable };
}

/** The error that there is no such record; it may be in what could not be read. */
function notFound(
  input: string,
  what: string,
  { records, unreadable }: { records: number; unreadable: number },
): Error {
  const message = `${input}: holds no ${what}; it holds ${count(records, "record")}`;
  if (unreadable === 0) return new ConfigError(message);
  return new InputError(`${message}, and ${count(unreadable, "source")} could not be read`);
}

/** The record at an index over all of the input. */
async function recordAt(wanted: number, input: string, io: Io): Promise<FoundRecord> {
  let at = 0;
  let last: FoundRecord | undefined;
  const seen = await eachRecord(input, io, (found) => {
    if (at++ === wanted) last = found;
    return last !== undefined;
  });
  if (last === undefined) throw notFound(input, `record ${wanted}`, seen);
  return last;
}

/** The record that fits an identifier best; of those that fit equally well, the first. */
async function recordOf(id: string, input: string, io: Io): Promise<FoundRecord> {
  const search = new Search(id);
  let best: { found: FoundRecord; fit: number } | undefined;
  const seen = await eachRecord(input, io, (found) => {
    const fit = search.fit(found.raw);
    if (fit !== undefined && (best === undefined || fit < best.fit)) best = { found, fit };
    return best?.fit === BEST_FIT;
  });
  if (best !== undefined) return best.found;
  new Messages(io).fail(
    `--id is compared with ${SEARCHED_FIELDS.join(", ")}, alias1 to alias8 and aliases, of the record and of what it holds`,
  );
  throw notFound(input, "record with that id", seen);
}

/** Explains the record asked for: by its index over the input, by an identifier, or the first. */
export async function explain(input: string, options: ExplainOptions, io: Io): Promise<Status> {
  const { id, record = 0, all = false, collectedAt } = options;
  const found = await (id === undefined ? recordAt(record, input, io) : recordOf(id, input, io));
  const { subject, raw, pageTimestamp, modified } = found;
  const { resource } = subject;
  const profile = profileOf(io.choice ?? {});
  const context = { collectedAt: collectedAt ?? modified, pageTimestamp, profile };
  const explanation = explainRecord(raw, { ...context, ...(resource !== "unknown" && { resource }) });
  const verdict = recordVerdict(explanation, raw, resource, profile);
  if (options.format === "json") await printJson(io, explanationJson(subject, explanation, verdict));
  else
    await printLines(io, explanationLines(subject, explanation, verdict, { width: widthOf(io.stdout), all }));
  return Status.DONE;
}
