/** A document of raw Duo data: what kind it is, the records in it, and the entities they make. */

import type { Issue } from "./issue.ts";
import { issue, type Place } from "./issue.ts";
import { startRun } from "./reading.ts";
import { mapInRun, type SkipReason } from "./record.ts";
import { isComposite, type RawObject } from "./scalar.ts";
import type { UdmEntity } from "./udm.ts";

/** The records of a document, and what was odd about the document itself. */
export interface Page {
  readonly records: readonly unknown[];
  /** The envelope's `timestamp`, as it came; undefined when there is none. */
  readonly timestamp: unknown;
  readonly issues: readonly Issue[];
}

function own(envelope: RawObject, key: string): unknown {
  return Object.hasOwn(envelope, key) ? envelope[key] : undefined;
}

function statFail(envelope: RawObject, place: Place): Issue {
  const code = own(envelope, "code");
  const message = own(envelope, "message");
  return issue("DUO_STAT_FAIL", {
    ...place,
    ...((typeof code === "string" || typeof code === "number") && { duo_code: code }),
    ...(typeof message === "string" && { duo_message: message }),
  });
}

/**
 * Finds the records of a document: the elements of an envelope's `response` or of a bare array, or the one
 * object it is. An envelope is an object with an own key `response` or `stat`.
 */
export function readPage(document: unknown, place: Place = {}): Page {
  const timestamp = undefined;
  if (!isComposite(document)) {
    const issues = [issue("DOCUMENT_NOT_RECORDS", place)];
    return { records: [], timestamp, issues };
  }
  if (Array.isArray(document)) return { records: document, timestamp, issues: [] };
  const isEnvelope = Object.hasOwn(document, "stat") || Object.hasOwn(document, "response");
  if (!isEnvelope) return { records: [document], timestamp, issues: [] };
  return readEnvelope(document, place);
}

function readEnvelope(envelope: RawObject, place: Place): Page {
  const timestamp = own(envelope, "timestamp");
  if (Object.hasOwn(envelope, "stat") && envelope["stat"] !== "OK") {
    return { records: [], timestamp, issues: [statFail(envelope, place)] };
  }
  const response = own(envelope, "response");
  if (!isComposite(response)) {
    return { records: [], timestamp, issues: [issue("PAGE_RESPONSE_NOT_RECORDS", place)] };
  }
  const records = Array.isArray(response) ? response : [response];
  return { records, timestamp, issues: [] };
}

export interface PageContext {
  /** The collection time: any timestamp the mapping reads. Used where neither record nor page has one. */
  readonly collectedAt: string;
  /** The document's name, for the issues. */
  readonly source?: string;
  /** The document's index in its source, for the issues, where a source holds several. */
  readonly document?: number;
}

export interface MappedPage {
  /** In record order. */
  entities: UdmEntity[];
  skipped: { record: number; reason: SkipReason }[];
  issues: Issue[];
  /** How many records the document holds. */
  records: number;
}

/**
 * Maps a document, its records one by one and in order. Pure and total, as {@link mapRecord} is.
 *
 * @throws RangeError when `collectedAt` is no timestamp.
 */
export function mapPage(document: unknown, context: PageContext): MappedPage {
  const { collectedAt, ...place } = context;
  const page = readPage(document, place);
  const run = startRun(collectedAt, page.timestamp, place);
  run.issues.push(...page.issues);
  const entities: UdmEntity[] = [];
  const skipped: MappedPage["skipped"] = [];
  const { records } = page;
  for (let record = 0; record < records.length; record++) {
    run.record = record;
    const mapped = mapInRun(records[record], run);
    if (mapped.kind === "entity") entities.push(mapped.entity);
    else skipped.push({ record, reason: mapped.reason });
  }
  return { entities, skipped, issues: run.issues, records: records.length };
}
