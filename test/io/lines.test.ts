import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordLines } from "../../src/io/lines.ts";

/** The lines of the records of a document that starts on line 10. */
function linesOf(text: string, records: number): number[] {
  const bytes = Buffer.from(text);
  const lines = new RecordLines(bytes, 0, bytes.length, 10);
  return Array.from({ length: records }, (_, record) => lines.of(record));
}

describe("the line on which a record starts", () => {
  it("is that of the document where it is one line", () => {
    expect(linesOf('{"response":[{},{}]}', 2)).toEqual([10, 10]);
  });

  it("is that of the document where it is the record", () => {
    expect(linesOf('{\n"epkey":\n"A"}', 1)).toEqual([10]);
  });

  it("is that of the response where it is one record", () => {
    expect(linesOf('{"stat":\n"OK",\n"response":\n{"a":1}}', 1)).toEqual([13]);
  });

  it("is that of an element, whatever else the page holds", () => {
    const text =
      '{"a":["response"],\n"b":{"response":[1,2]},\n"response" : [ {"x":[\n{}]},\n"}",7 ,\n\n[]\n],"c":[1]}';
    expect(linesOf(text, 4)).toEqual([12, 14, 14, 16]);
  });

  it("is that of an element of a list or of a page, however they are written", () => {
    const record = fc.oneof(fc.object({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(
        fc.array(record),
        fc.boolean(),
        fc.constantFrom("\n", "\n\n"),
        (records, isPage, between) => {
          const texts = records.map((one) => JSON.stringify(one, null, 1));
          let text = isPage ? '{"stat":"OK","response":[' : "[";
          const expected = texts.map((one, at) => {
            text += `${at === 0 ? "" : ","}${between}`;
            const line = 10 + text.split("\n").length - 1;
            text += one;
            return line;
          });
          text += isPage ? "\n]}" : "\n]";
          expect(linesOf(text, records.length)).toEqual(expected);
        },
      ),
    );
  });
});
