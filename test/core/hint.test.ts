import { describe, expect, it } from "vitest";
import { mapPage } from "../../src/core/map-page.ts";
import { documentPath, documentsOf, parseRecordsAt, placedDocuments, readPage } from "../../src/core/page.ts";
import { mapRecord } from "../../src/core/record.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";
const RECORD = { epkey: "EPHINT00000000000001" };
const PAGE = { stat: "OK", response: [RECORD] };
const text = (value: unknown): string => JSON.stringify(value);
const base64 = (value: unknown): string => Buffer.from(text(value)).toString("base64");

/** The path that the first hint of a value names. */
function hinted(value: unknown): string | undefined {
  const [hint] = mapPage(value, { collectedAt: COLLECTED_AT }).issues.flatMap((issue) => issue.hint ?? []);
  return hint?.match(/--records-at (\S+) /)?.[1];
}

/** How many entities the documents at a path make. */
function entitiesAt(path: string, value: unknown): number {
  const documents = documentsOf(value, parseRecordsAt(path));
  return documents.flatMap((one) => mapPage(one, { collectedAt: COLLECTED_AT }).entities).length;
}

describe("the hint about records that lie deeper", () => {
  it.each<[string, string, unknown]>([
    ["a queue's messages", "Records[].body", { Records: [{ messageId: "1", body: text(PAGE) }] }],
    ["a stream's records", "Records[].kinesis.data", { Records: [{ kinesis: { data: base64(RECORD) } }] }],
    ["a bus's events", "detail", { id: "1", detail: RECORD }],
    [
      "a log group's events",
      "logEvents[].message",
      { messageType: "DATA_MESSAGE", logEvents: [{ id: "1", message: text(RECORD) }] },
    ],
    ["a field in another case", "Event", { Event: RECORD, time: 1 }],
    ["a list of pages with a field before it", "pages", { count: 1, pages: [PAGE] }],
    ["a list of pages whose response is an object", "[].response.data", [{ response: { data: [RECORD] } }]],
    ["the only field of an object", "endpoints", { endpoints: [RECORD] }],
    ["a list of lists", "hits[]", { count: 1, hits: [[RECORD]] }],
    ["a list of lists of pages", "hits[][]", { count: 1, hits: [[[PAGE]]] }],
    ["a page that is a response in a log", "event.response", { event: { request: 1, response: PAGE } }],
    ["a page that is a response as text", "data.response", { data: { response: text(PAGE) } }],
    ["texts in place of records", "[]", [text(RECORD)]],
    ["lists in place of records", "response[]", { stat: "OK", response: [[RECORD]] }],
    ["lists of lists in place of records", "[][]", [[[RECORD]]]],
    ["pages in texts", "[]", [base64(PAGE)]],
    ["a list in base64", "[]", [base64([RECORD])]],
    ["text behind white space", "[]", [`\n\t${text(RECORD)}`]],
    ...["\ufeff", " ", "\n", "\r\n", "\t"].map((start): [string, string, unknown] => [
      `base64 of text behind ${JSON.stringify(start)}`,
      "[]",
      [Buffer.from(start + text(RECORD)).toString("base64")],
    ]),
    ["a response that is text", "response", { stat: "OK", response: text([RECORD]) }],
    ["a response in base64", "response", { response: base64(PAGE) }],
  ])("names the path to %s, and the path works", (_, path, value) => {
    expect(hinted(value)).toBe(path);
    expect(entitiesAt(path, value)).toBe(1);
  });

  it("names the whole path where one was given that does not reach them", () => {
    const value = { logs: [{ data: RECORD }] };
    const hints = placedDocuments(value, parseRecordsAt("logs")).flatMap((one) => {
      const { records, at } = readPage(one.document, {}, documentPath(one));
      return records.flatMap((record) => mapRecord(record, { collectedAt: COLLECTED_AT, at }).issues);
    });
    expect(hints.map(({ hint }) => hint)).toEqual([
      "the records seem to lie deeper; --records-at logs[].data reads them",
    ]);
  });

  it("names no key that may be somebody's: a number, or one of several that hold a record each", () => {
    expect(hinted({ records: { "+1-503-555-0100": RECORD } })).toBeUndefined();
    expect(hinted({ records: { ada: RECORD, bob: RECORD } })).toBeUndefined();
    expect(hinted({ records: { v2: { data: RECORD }, count: 1 } })).toBe("records.v2.data");
  });

  it("is not given for what only refers to a device, nor for a response that holds nothing", () => {
    expect(hinted({ authlogs: [{ access_device: RECORD }] })).toBeUndefined();
    expect(hinted({ access_device: RECORD, timestamp: 1 })).toBeUndefined();
    expect(hinted([[{ access_device: RECORD }], "none", "5", 5, null, [], [[]]])).toBeUndefined();
    expect(hinted({ response: "none" })).toBeUndefined();
    expect(hinted({ response: null })).toBeUndefined();
  });
});

describe("a text at a path", () => {
  const value = { epkey: "EP\u00ff\u07ff?>~\u{10ffff}", n: 1 };
  const bytes = Buffer.from(text(value));
  it.each<[string, string]>([
    ["is JSON", text(value)],
    ["is JSON behind a byte-order mark", `\ufeff${text(value)}`],
    ["is JSON in base64", bytes.toString("base64")],
    ["is JSON in base64, in lines", bytes.toString("base64").replace(/.{10}/g, "$&\r\n")],
    ["is JSON in base64 without padding", bytes.toString("base64").replace(/=+$/, "")],
    ["is JSON in the base64 of URLs", bytes.toString("base64url")],
    ["is JSON behind a byte-order mark, in base64", Buffer.from(`\ufeff${text(value)}`).toString("base64")],
  ])("%s", (_, packed) => {
    expect(documentsOf({ a: packed }, parseRecordsAt("a"))).toEqual([value]);
  });
});
