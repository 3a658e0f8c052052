import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecordsAt, placedDocuments, readPage } from "../../src/core/page.ts";
import { ValueLines } from "../../src/io/lines.ts";
import { importedEntities } from "../../src/preflight/canonical.ts";

/** The lines of all records of a value that starts on line 10. */
function linesOf(text: string, path?: string): number[] {
  const bytes = Buffer.from(text);
  const lines = new ValueLines(bytes, 0, bytes.length, 10);
  const recordsAt = path === undefined ? undefined : parseRecordsAt(path);
  return placedDocuments(JSON.parse(text), recordsAt).flatMap((placed) => {
    const records = importedEntities(placed.document) ?? readPage(placed.document).records;
    return records.map((_, record) => lines.under(placed, recordsAt).of(record));
  });
}

/** The lines on which the documents of a value start. */
function firstLinesOf(text: string, path?: string): number[] {
  const bytes = Buffer.from(text);
  const lines = new ValueLines(bytes, 0, bytes.length, 10);
  const recordsAt = path === undefined ? undefined : parseRecordsAt(path);
  return placedDocuments(JSON.parse(text), recordsAt).map((one) => lines.under(one, recordsAt).first);
}

describe("the line on which a record starts", () => {
  it("is that of the document where it is one line", () => {
    expect(linesOf('{"response":[{},{}]}')).toEqual([10, 10]);
  });

  it("is that of the document where it is the record", () => {
    expect(linesOf('{\n"epkey":\n"A"}')).toEqual([10]);
  });

  it("is that of the response where it is one record", () => {
    expect(linesOf('{"stat":\n"OK",\n"response":\n{"a":1}}')).toEqual([13]);
  });

  it("is that of an element, whatever else the page holds", () => {
    const text =
      '{"a":["response"],\n"b":{"response":[1,2]},\n"\\u0072esponse" : [ {"x":[\n{}]},\n"}\\"",7 ,\n\n[]\n],"c":[1]}';
    expect(linesOf(text)).toEqual([12, 14, 14, 16]);
  });

  it("is that of the last response where there are several", () => {
    expect(linesOf('{"response":[1,\n2],\n"response":[\n3\n,4]}')).toEqual([13, 14]);
  });

  it("is that of an element of a page in a list, and of what stands between pages", () => {
    const text = '[{"stat":"OK"\n,"response":[\n{}\n,{}]},\n1,\n{},\n{"response":\n{}}\n]';
    expect(linesOf(text)).toEqual([12, 13, 14, 15, 17]);
    expect(firstLinesOf(text)).toEqual([10, 14, 16]);
  });

  it("is that of an entity in an import's body", () => {
    expect(linesOf('{"inlineSource":\n{"logType":"A","entities":[\n{},\n{}]}}')).toEqual([12, 13]);
    const entity = '\n{"entity":{}}';
    expect(linesOf(`{"entities":[${entity},${entity}]}`)).toEqual([11, 12]);
  });

  it("is that of the text where a text holds it", () => {
    expect(linesOf('{"body":\n"[{},\\n{}]"}', "body")).toEqual([11, 11]);
  });
});

/** Records with a number in the first of their fields, by which their line is found in indented text. */
const numbered = { next: 0 };
const record = fc.object({ maxDepth: 2 }).map((more) => ({ "mark-0": 0, more }));
const page = fc.record({ more: fc.jsonValue(), response: fc.oneof(fc.array(record), record) });
const document = fc.oneof(record, page, fc.array(record), fc.array(fc.oneof(record, page)));

/** A copy in which each mark has a number of its own, counted in the order of the text. */
function withNumbers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"mark-0"', () => `"mark-${numbered.next++}"`));
}

describe("the line of a record, however deep it stands", () => {
  it.each<[string, string | undefined, (documents: readonly unknown[]) => unknown, isText: boolean]>([
    ["in a document", undefined, ([first = []]) => first, false],
    ["at a path", "a.b", ([first = []]) => ({ z: [1], a: { c: {}, b: first } }), false],
    ["in each element of a list", "logs[].data", (all) => ({ logs: all.map((data) => ({ data })) }), false],
    ["in a list of lists", "a[][]", (all) => ({ a: [all, [], 1, all.slice(1)] }), false],
    ["in texts", "[].body", (all) => all.map((one) => ({ id: 1, body: JSON.stringify(one) })), true],
  ])("is found %s", (_, path, wrap, isText) => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 3 }), fc.constantFrom(1, "\t"), (documents, indent) => {
        numbered.next = 0;
        const value = withNumbers(isText ? documents : wrap(documents));
        const text = JSON.stringify(isText ? wrap(Array.isArray(value) ? value : []) : value, null, indent);
        const marked = text.split("\n").flatMap((line, at) => {
          const marks = line.match(/\\?"mark-\d+\\?"/g) ?? [];
          return marks.map(() => 10 + at - (isText ? 0 : 1));
        });
        expect(linesOf(text, path)).toEqual(marked);
      }),
    );
  });
});

describe("a line that is too long", () => {
  const longer = (text: string, from: number, before = 0): number | undefined =>
    new ValueLines(Buffer.from(text), from, text.length, 10, before).longer(10);

  it("is the first that the value stands on", () => {
    expect(longer('{"a":1}', 0)).toBeUndefined();
    expect(longer('{"a":1}  {}', 9)).toBe(10);
    expect(longer('{}\n[1,\n"1234567",\n"123456789"]', 3)).toBe(12);
  });

  it("counts what stands before the bytes at hand, and is told where it gets too long", () => {
    expect(longer('{"a":1}', 0, 3)).toBeUndefined();
    expect(longer('{"a":1}', 0, 4)).toBe(10);
    expect(longer('{"a":1}', 0, 11)).toBeUndefined();
    expect(longer('{"a":1}\n"12345678901"', 8, 4)).toBe(10);
  });
});
