/** Where Duo's records seem to lie in a record that is not Duo's: log stores and exports wrap them. */

import { textOfBase64 } from "./base64.ts";
import { hasKeyOf } from "./resource.ts";
import { isComposite, isObject, type RawObject } from "./scalar.ts";

/** The fields in which exports and log stores put their payload, in lower case. */
const WRAPPERS: ReadonlySet<string> = new Set([
  "_airbyte_data",
  "_raw",
  "_source",
  "attributes",
  "body",
  "content",
  "data",
  "detail",
  "doc",
  "document",
  "entries",
  "event",
  "events",
  "fields",
  "hits",
  "item",
  "items",
  "json",
  "jsonpayload",
  "log",
  "logevents",
  "logs",
  "message",
  "msg",
  "object",
  "original",
  "page",
  "pages",
  "payload",
  "properties",
  "raw",
  "record",
  "records",
  "response",
  "responses",
  "result",
  "results",
  "rows",
  "textpayload",
  "value",
  "values",
]);

/** Levels of objects, lists and texts that are looked into. */
const DEEPEST = 5;

const MARK = /^\ufeff/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(MARK, ""));
  } catch {
    return undefined;
  }
}

/**
 * The JSON value that a text holds, plain or in base64.
 *
 * @returns undefined when it holds none
 */
export function valueOfText(text: string): unknown {
  const plain = parse(text);
  if (isComposite(plain)) return plain;
  const decoded = textOfBase64(text.replace(/\s+/g, ""));
  const packed = decoded === undefined ? undefined : parse(decoded);
  return isComposite(packed) ? packed : plain;
}

const PLAIN_NAME = /^[^\s.[\]"\\]{1,64}$/;
/** An address, or a number of a person or a thing. */
const LOOKS_LIKE_DATA = /@|(?:\d\W*){5}/;

/** True of a key that a hint may name, and that a path can. */
function isPathName(key: string): boolean {
  return PLAIN_NAME.test(key) && !LOOKS_LIKE_DATA.test(key);
}

/** How a text starts that is a list or an object, plain or in base64. Trying to parse a text takes long. */
const MAY_HOLD_RECORDS = /^\s*[[{CDIWe7]/;

/** The first path, at `path` or below it, at which a record or a page stands. */
function search(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value === "string") {
    if (!MAY_HOLD_RECORDS.test(value)) return undefined;
    const inside = valueOfText(value);
    return isComposite(inside) ? search(inside, path, depth - 1) : undefined;
  }
  if (!isComposite(value) || depth < 0) return undefined;
  if (Array.isArray(value)) {
    const [first]: unknown[] = value;
    const found = search(first, `${path}[]`, depth - 1);
    // A list whose elements are records is the page itself.
    return found === `${path}[]` && isObject(first) ? path : found;
  }
  if (hasKeyOf(value, "unknown")) return path;
  if (Object.hasOwn(value, "response")) return searchResponse(value["response"], path, depth);
  return searchFields(value, path, depth);
}

/** An object with a response is a page, unless the response is one itself, or text that holds records. */
function searchResponse(response: unknown, path: string, depth: number): string {
  const first: unknown = Array.isArray(response) ? response[0] : response;
  if (isRecord(first)) return path;
  const at = path === "" ? "response" : `${path}.response`;
  const found = search(response, at, depth - 1);
  return found === at || found === `${at}[]` ? found : path;
}

const isRecord = (value: unknown): boolean => isObject(value) && hasKeyOf(value, "unknown");

function searchFields(value: RawObject, path: string, depth: number): string | undefined {
  // The keys of several records may be their owners' names, and no path reaches all of them.
  if (Object.values(value).filter(isRecord).length > 1) return undefined;
  for (const name of Object.keys(value)) {
    if (!isPathName(name)) continue;
    const found = search(value[name], path === "" ? name : `${path}.${name}`, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What to do about a record that is not Duo's: the `--records-at` that would reach what it wraps.
 *
 * @param at where the record stands in its document: empty for the document itself, `[]` for an element of a list
 */
export function hintOf(record: unknown, at: string): string | undefined {
  const path = isObject(record) ? pathBelow(record, at) : pathWithin(record, at);
  return path === undefined ? undefined : `the records seem to lie deeper; --records-at ${path} reads them`;
}

/** The path to the records that a text or a list in place of a record holds. */
function pathWithin(value: unknown, at: string): string | undefined {
  const found = at === "" ? undefined : search(value, at, DEEPEST);
  return found !== undefined && /^(?:\[\])*$/.test(found.slice(at.length)) ? found : undefined;
}

function pathBelow(record: RawObject, at: string): string | undefined {
  const names = Object.keys(record);
  for (const name of names) {
    const isWrapper = WRAPPERS.has(name.toLowerCase());
    // The only field of an object wraps what it holds, whatever it is called.
    if (!isWrapper && (names.length > 1 || !isPathName(name))) continue;
    const path = at === "" ? name : `${at}.${name}`;
    const found = search(record[name], path, isWrapper ? DEEPEST : 1);
    if (found !== undefined && (isWrapper || found === path)) return found;
  }
  return undefined;
}
