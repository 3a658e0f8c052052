/** `explain`: what the table makes of one record, row by row. */

import { explainRecord } from "../../core/explain.ts";
import { readPage } from "../../core/page.ts";
import { resourceOfName, resourceOfRecord } from "../../core/resource.ts";
import { isObject } from "../../core/scalar.ts";
import { explanationJson, explanationLines, type Subject } from "../../explanation/lines.ts";
import { BEST_FIT, SEARCHED_FIELDS, Search } from "../../explanation/search.ts";
import { recordVerdict } from "../../explanation/verdict.ts";
import { ConfigError, InputError } from "../../io/errors.ts";
import { profileOf } from "../../profiles/index.ts";
import { count } from "../../text/numbers.ts";
import { InputReader } from "../documents.ts";
import { type Io, Status } from "../io.ts";
import { issueLine, MAP_LISTS_ISSUES, Messages } from "../messages.ts";
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
interface RecordToExplain {
  readonly subject: Subject;
  readonly raw: unknown;
  readonly pageTimestamp: unknown;
  /** Where it stands in what was read, for hints. */
  readonly at: string;
  readonly modified: string;
}

/**
 * Shows the records of the input in order, until `isLast` has seen enough. A source that cannot be read stops no other.
 *
 * @returns how many records there were, and how many sources could not be read
 */
async function eachRecord(
  input: string,
  io: Io,
  isLast: (found: RecordToExplain) => boolean,
): Promise<{ records: number; unreadable: number }> {
  const messages = new Messages(io);
  const reader = new InputReader(io, messages);
  let records = 0;
  let isFound = false;
  for await (const { value, place, modified, at } of reader.documents([input])) {
    const named = resourceOfName(place.source);
    const page = readPage(value, place, at);
    for (const found of page.issues) messages.complain(issueLine(found));
    for (const [record, raw] of page.records.entries()) {
      const own = isObject(raw) ? resourceOfRecord(raw) : "unknown";
      const subject = { ...place, record, resource: named === "unknown" ? own : named };
      records++;
      isFound = isLast({ subject, raw, pageTimestamp: page.timestamp, at: page.at, modified });
      if (isFound) break;
    }
    if (isFound) break;
  }
  messages.close(MAP_LISTS_ISSUES);
  return { records, unreadable: reader.unreadable };
}

/** The error for a record that was not found. It may be in a source that could not be read. */
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
async function recordAt(wanted: number, input: string, io: Io): Promise<RecordToExplain> {
  let at = 0;
  let last: RecordToExplain | undefined;
  const seen = await eachRecord(input, io, (found) => {
    if (at++ === wanted) last = found;
    return last !== undefined;
  });
  if (last === undefined) throw notFound(input, `record ${wanted}`, seen);
  return last;
}

/** The record that fits an identifier best; of those that fit equally well, the first. */
async function recordOf(id: string, input: string, io: Io): Promise<RecordToExplain> {
  const search = new Search(id);
  let best: { found: RecordToExplain; fit: number } | undefined;
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
  const { subject, raw, pageTimestamp, at, modified } = found;
  const { resource } = subject;
  const profile = profileOf(io.choice ?? {});
  const context = { collectedAt: collectedAt ?? modified, pageTimestamp, profile, at };
  const known = resource === "unknown" ? {} : { resource };
  const explanation = explainRecord(raw, { ...context, ...known }, false);
  const verdict = recordVerdict(explanation, raw, resource, profile);
  if (options.format === "json") await printJson(io, explanationJson(subject, explanation, verdict));
  else
    await printLines(io, explanationLines(subject, explanation, verdict, { width: widthOf(io.stdout), all }));
  return Status.DONE;
}
