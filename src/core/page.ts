/** A document of raw Duo data: what kind it is, and the records in it. */

import { hintOf, valueOfText } from "./hint.ts";
import { type Issue, issue, type Place } from "./issue.ts";
import { isComposite, isObject, ownField, type RawObject } from "./scalar.ts";

/** The records of a document, and what was odd about the document itself. */
export interface Page {
  readonly records: readonly unknown[];
  /** The envelope's `timestamp`, as it came; undefined when there is none. */
  readonly timestamp: unknown;
  readonly issues: readonly Issue[];
  /** Where the records stand in the document: `[]`, `response[]`, `response`, or empty when it is the record. */
  readonly at: string;
}

function statFail(envelope: RawObject, place: Place): Issue {
  const code = ownField(envelope, "code");
  const message = ownField(envelope, "message");
  return issue("DUO_STAT_FAIL", {
    ...place,
    ...((typeof code === "string" || typeof code === "number") && { duo_code: code }),
    ...(typeof message === "string" && { duo_message: message }),
  });
}

/** True for an object with an own key `response`. */
export function hasResponse(value: unknown): value is RawObject {
  return isObject(value) && Object.hasOwn(value, "response");
}

/** True for an object with an own key `response` or `stat`. */
export function isEnvelope(value: unknown): value is RawObject {
  return hasResponse(value) || (isObject(value) && Object.hasOwn(value, "stat"));
}

/** True for the manifest that a run of the collector writes. */
function isManifest(value: RawObject): boolean {
  return (
    typeof ownField(value, "run_id") === "string" &&
    typeof ownField(value, "complete") === "boolean" &&
    Array.isArray(ownField(value, "resources"))
  );
}

/**
 * Finds the records of a document: the elements of an envelope's `response` or of a bare array, or the one
 * object it is. A run's manifest has none.
 *
 * @param above where the document stands in what was read, by {@link documentPath}
 */
export function readPage(document: unknown, place: Place = {}, above = ""): Page {
  const pageOf = (records: readonly unknown[], issues: readonly Issue[], at = above): Page => ({
    records,
    timestamp: undefined,
    issues,
    at,
  });
  if (!isComposite(document)) return pageOf([], [issue("DOCUMENT_NOT_RECORDS", place)]);
  if (Array.isArray(document)) return pageOf(document, [], `${above}[]`);
  if (isEnvelope(document)) return readEnvelope(document, place, above);
  if (isManifest(document)) return pageOf([], [issue("MANIFEST_NOT_PAGE", place)]);
  return pageOf([document], []);
}

function readEnvelope(envelope: RawObject, place: Place, above: string): Page {
  const timestamp = ownField(envelope, "timestamp");
  const none = { records: [], timestamp, at: above };
  if (Object.hasOwn(envelope, "stat") && envelope["stat"] !== "OK") {
    return { ...none, issues: [statFail(envelope, place)] };
  }
  const response = ownField(envelope, "response");
  if (!isComposite(response)) {
    const hint = hintOf({ response }, above);
    const at = { ...place, ...(hint !== undefined && { hint }) };
    return { ...none, issues: [issue("PAGE_RESPONSE_NOT_RECORDS", at)] };
  }
  const at = above === "" ? "response" : `${above}.response`;
  return Array.isArray(response)
    ? { records: response, timestamp, issues: [], at: `${at}[]` }
    : { records: [response], timestamp, issues: [], at };
}

/** A document of a JSON value, and where it stands there. */
export interface PlacedDocument {
  /** Undefined where nothing stands at the path that leads to it. */
  readonly document: unknown;
  /** The fields and indexes that lead to it. */
  readonly steps: readonly (string | number)[];
  /** For the elements between the pages of a list: the index of the first of them; else 0. */
  readonly from: number;
}

const NO_STEPS: PlacedDocument["steps"] = [];

/** The documents of a value: the value itself, but every envelope in a list counts as a document of its own. */
function pagesOf(value: unknown, steps: PlacedDocument["steps"]): readonly PlacedDocument[] {
  if (!Array.isArray(value) || !value.some(isEnvelope)) return [{ document: value, steps, from: 0 }];
  const documents: PlacedDocument[] = [];
  let others: unknown[] | undefined;
  for (const [at, element] of value.entries()) {
    if (isEnvelope(element)) {
      documents.push({ document: element, steps: [...steps, at], from: 0 });
      others = undefined;
    } else if (others === undefined) {
      others = [element];
      documents.push({ document: others, steps, from: at });
    } else others.push(element);
  }
  return documents;
}

/** One step of a path: into a field, or into each element of a list. */
type PathStep = { readonly field: string } | "each";

/** Where the documents of a value stand: `result`, `_source.duo`, `logs[].data`. */
export type RecordsAt = readonly PathStep[];

const PATH = /^(?:(?:\[\])+|[^.[\]]+(?:\[\])*)(?:\.[^.[\]]+(?:\[\])*)*$/;

/** Reads a path of fields with dots between them, `[]` standing for each element; `undefined` when it is not a path. */
export function parseRecordsAt(path: string): RecordsAt | undefined {
  if (!PATH.test(path)) return undefined;
  const steps = path.match(/\[\]|[^.[\]]+/g) ?? [];
  return steps.map((step) => (step === "[]" ? "each" : { field: step }));
}

const nothingAt = (steps: PlacedDocument["steps"]): readonly PlacedDocument[] => [
  { document: undefined, steps, from: 0 },
];

/** The documents at a path, texts counting as the JSON that they hold. Nothing at it is told element by element. */
function pagesAt(
  value: unknown,
  recordsAt: RecordsAt,
  steps: PlacedDocument["steps"],
): readonly PlacedDocument[] {
  const [step, ...rest] = recordsAt;
  const here = typeof value === "string" ? valueOfText(value) : value;
  if (step === undefined)
    return here === undefined || here === null ? nothingAt(steps) : pagesOf(here, steps);
  if (step === "each") {
    if (!Array.isArray(here)) return nothingAt(steps);
    return here.flatMap((element, at) => pagesAt(element, rest, [...steps, at]));
  }
  const { field } = step;
  if (!isObject(here) || !Object.hasOwn(here, field)) return nothingAt(steps);
  return pagesAt(here[field], rest, [...steps, field]);
}

/**
 * The documents of a JSON value, in order, at least one: the value itself, or with a path what stands there, which may
 * be nothing. Every envelope in a list is a document of its own.
 */
export function placedDocuments(value: unknown, recordsAt?: RecordsAt): readonly PlacedDocument[] {
  if (recordsAt === undefined) return pagesOf(value, NO_STEPS);
  const documents = pagesAt(value, recordsAt, NO_STEPS);
  return documents.length === 0 ? nothingAt(NO_STEPS) : documents;
}

/** Like {@link placedDocuments}, for those who need no places. */
export function documentsOf(value: unknown, recordsAt?: RecordsAt): readonly unknown[] {
  return placedDocuments(value, recordsAt).map(({ document }) => document);
}

/** Where a document stands, as `--records-at` would name it: nothing for the value itself, `[]` for a page in a list. */
export function documentPath({ steps }: PlacedDocument): string {
  return steps.reduce<string>((above, step) => {
    if (typeof step === "number") return `${above}[]`;
    return above === "" ? step : `${above}.${step}`;
  }, "");
}
