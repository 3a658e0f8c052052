import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestLine, recordLines } from "../../src/collector/records.ts";

const lines = (page: string | Uint8Array) => {
  const { body, records, leftOut } = recordLines(typeof page === "string" ? Buffer.from(page) : page);
  return { text: body.toString("utf8"), records, leftOut };
};

describe("the records of a page", () => {
  test.each([
    ["a list", '{"response":[{"a":1},{"b":2}]}', '{"a":1}\n{"b":2}\n'],
    ["one object", '{"response":{"a":1},"stat":"OK"}', '{"a":1}\n'],
    ["an empty list", '{"response":[],"stat":"OK"}', ""],
    ["null", '{"response":null}', ""],
    ["text", '{"response":"{}"}', ""],
    ["missing", '{"stat":"OK"}', ""],
    ["given twice: the last holds", '{"response":[{"a":1}],"response":[{"b":2}]}', '{"b":2}\n'],
    ["named by escapes", '{"\\u0072esponse":[{"a":1}]}', '{"a":1}\n'],
    ["also the name of a field inside", '{"x":{"response":[{"a":1}]},"response":[{"b":2}]}', '{"b":2}\n'],
    [
      "on many lines",
      '\ufeff{\n "response" : [\n  { "a" : [ 1 , 2 ] } ,\r\n\t{ } ]\n}\n',
      '{"a":[1,2]}\n{}\n',
    ],
    ["of one number", '{"response":12}', ""],
  ])("that are %s", (_, page, text) => {
    expect(lines(page).text).toBe(text);
  });

  test("keep every number and string as Duo sent it", () => {
    const record =
      '{"n":1.0,"e":1E+2,"big":12345678901234567890,"s":"\\u00e9 é  \\/ \\" ] } , \\\\","a":1,"a":2,"-":-0}';
    expect(lines(`{"stat":"OK","response": [ ${record} ] }`).text).toBe(`${record}\n`);
  });

  test("are objects only; the other elements are counted", () => {
    expect(lines('{"response":[1,{"a":1},null,"x",[{"b":2}],true,{"c":"]"}]}')).toEqual({
      text: '{"a":1}\n{"c":"]"}\n',
      records: 2,
      leftOut: 5,
    });
  });

  test("are those that JSON.parse finds, whatever the page and its white space", () => {
    const space = fc.constantFrom(undefined, 1, "\t", "\r\n ".repeat(2));
    fc.assert(
      fc.property(
        fc.record({ metadata: fc.jsonValue(), response: fc.array(fc.jsonValue()), stat: fc.string() }),
        space,
        (page, indent) => {
          const text = JSON.stringify(page, null, indent);
          const parsed: typeof page = JSON.parse(text);
          const objects = parsed.response.filter(
            (element) => typeof element === "object" && element !== null && !Array.isArray(element),
          );
          expect(lines(text)).toEqual({
            text: objects.map((object) => `${JSON.stringify(object)}\n`).join(""),
            records: objects.length,
            leftOut: parsed.response.length - objects.length,
          });
        },
      ),
    );
  });
});

test.each([
  ["", 0],
  ["abc", 3],
  ["a\nbcd\n", 3],
  ["abcd\nb", 4],
])("the longest line of %j", (text, length) => {
  expect(longestLine(Buffer.from(text))).toBe(length);
});
