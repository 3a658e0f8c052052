import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecordsAt } from "../../src/core/page.ts";
import { readSingly } from "../../src/io/documents.ts";
import { LIMITS, type Limits, piecesOf } from "../../src/io/pieces.ts";
import { A, B, C, line, pretty, read, SMALL } from "../support/documents.ts";

describe("a source is a sequence of JSON values", () => {
  const separator = fc.constantFrom(
    "",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    "\u001e",
    "\n\u001e",
    " \n ",
    "\n\uFEFF",
    "\u00a0",
    "\u2028\n",
    " \u3000\u1680",
  );
  /** What a value ends with, and the next starts with, that would run into one another. */
  const isWord = (text: string): boolean => /^[\w.+-]/.test(text);

  it("whatever stands between them, gzipped or not, however it arrives and is cut", async () => {
    const value = fc.oneof(
      { weight: 3, arbitrary: fc.object() },
      fc.jsonValue(),
      fc.constantFrom<unknown>(A, B, C, [A, B], []),
    );
    const document = fc.record({ value, separator, indent: fc.constantFrom(undefined, 0, 2, "\t") });
    const limits = fc.record({
      piece: fc.integer({ min: 1, max: 200 }),
      lines: fc.integer({ min: 1, max: 20 }),
      followed: fc.integer({ min: 1, max: 400 }),
      document: fc.constant(LIMITS.document),
    });
    const arrival = fc.record({ isGzip: fc.boolean(), chunk: fc.integer({ min: 1, max: 300 }), limits });
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 8 }),
        arrival,
        async (all, { isGzip, ...how }) => {
          let text = "";
          for (const { value, separator, indent } of all) {
            const next = JSON.stringify(value, null, indent);
            text += isWord(text.slice(-1)) && isWord(next) ? ` ${next}` : next;
            text += separator;
          }
          const values = all.map(({ value }) => JSON.parse(JSON.stringify(value)));
          const bytes = isGzip ? gzipSync(text) : Buffer.from(text);
          expect(await read(bytes, how)).toEqual(values);
          expect(await read(bytes)).toEqual(values);
        },
      ),
    );
  });

  it.each([
    ["an array of one, on three lines", `[\n${line(A)}\n]`, [[A]]],
    [
      "a list with its commas on lines of their own",
      `[\n${line(A)}\n,\n${line(B)}\n,\n${line(A)}\n]\n`,
      [[A, B, A]],
    ],
    ["a page with a record on each line", `{"stat":"OK","response":[\n${line(A)},\n${line(B)}\n]}`, [C]],
    ["a page in Allman style", `{\n"stat":\n"OK",\n"response":\n[\n${line(A)}\n,\n${line(B)}\n]\n}`, [C]],
    ["pretty pages one after the other", `${pretty(C)}\n${pretty(A)}${pretty(B)}`, [C, A, B]],
    ["pages without anything between them", line(C) + line(A) + line(B), [C, A, B]],
    ["a mark in front of each", `\uFEFF${line(A)}\n\uFEFF${line(B)}`, [A, B]],
    ["scalars", '1 "two"\n"three""four"true[5]null', [1, "two", "three", "four", true, [5], null]],
  ])("%s", async (_, text, values) => {
    expect(await read(text)).toEqual(values);
    expect(await read(text, { chunk: 3, limits: SMALL })).toEqual(values);
  });

  it("in pieces that have as many lines as one may, so that few of them are in memory", async () => {
    const pieces: number[] = [];
    const text = `${line(A)}\n${"x\n".repeat(10)}[\n1\n]\n${"2\n".repeat(9)}`;
    const source = {
      name: "a.json",
      modified: "2026-01-02T03:04:05Z",
      open: async () => ({ bytes: Buffer.from(text) }),
    };
    for await (const { bytes } of piecesOf(source, { ...LIMITS, lines: 6 })) {
      pieces.push(bytes.toString().split("\n").length - 1);
    }
    expect(pieces).toEqual([6, 7, 6, 3]);
    expect(await read(text, { limits: { ...LIMITS, lines: 6 } })).toEqual(await read(text));
  });

  it("and NDJSON of nothing is one of no document", async () => {
    expect(await read("", { name: "none.ndjson" })).toEqual([]);
    expect(await read("\n\n", { name: "none.jsonl.gz" })).toEqual([]);
    expect(await read("", { name: "none.json" })).toEqual(["1:1"]);
    expect(await read(" \n", { name: "-" })).toEqual(["1:1"]);
  });
});

describe("a document that is too long", () => {
  const limits: Limits = { piece: 10, lines: LIMITS.lines, followed: 20, document: 100 };
  const long = line({ a: "x".repeat(200) });

  it("is passed over, and those around it are read", async () => {
    for (const chunk of [1, 7, 1000]) {
      expect(await read(`${line(A)}\n${long}\n${line(B)}`, { chunk, limits })).toEqual([
        A,
        "2:1 too large",
        B,
      ]);
      expect(await read(`${line(A)} ${long}${line(B)}\n[}`, { chunk, limits })).toEqual([
        A,
        `1:${line(A).length + 2} too large`,
        B,
        "2:2",
      ]);
    }
  });

  it("is passed over up to the next that starts a line, where it never ends", async () => {
    const open = `[${"[\n".repeat(100)}`;
    expect(await read(`${open}]\n${line(A)}\n{"a":]}`, { chunk: 9, limits })).toEqual([
      "1:1 too large",
      A,
      "103:6",
    ]);
  });
});

describe("a file of another kind is named by its first bytes, once:", () => {
  const utf16 = (text: string, isBig = false): Buffer => {
    const bytes = Buffer.from(text, "utf16le");
    return isBig ? bytes.swap16() : bytes;
  };
  const UTF16 = "it looks like UTF-16; save it as UTF-8";
  it.each<[string, Buffer, string]>([
    ["HTML", Buffer.from("<!DOCTYPE html>\n<html>\n<body>\n"), "1:1 it looks like an HTML page"],
    ["UTF-16, little-endian, marked", utf16("\uFEFF{}\n{}"), `1:1 encoding ${UTF16}`],
    ["UTF-16, big-endian, marked", utf16("\uFEFF{}\n{}", true), `1:1 encoding ${UTF16}`],
    ["UTF-16, little-endian", utf16('{"a":1}\n{"a":1}\n'), `1:2 ${UTF16}`],
    ["UTF-16, big-endian", utf16('{"a":1}\n{"a":1}\n', true), `1:1 ${UTF16}`],
    ["CSV", Buffer.from("Name,Email\nAda,ada@example.com\n"), "1:1 it looks like CSV; export it as JSON"],
    ["zip", Buffer.from("PK\x03\x04\x14\0\n{\n["), "1:1 it looks like a zip archive; unpack it"],
    ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4, 88]), "1:2 encoding it looks like zstd; unpack it"],
    [
      "gzip in gzip",
      gzipSync(gzipSync("{}")),
      "1:2 encoding it looks like gzip inside gzip; unpack it once more",
    ],
    ["Python", Buffer.from("[{'stat': 'OK'}]"), "1:3 it looks like a Python repr; write it with json.dumps"],
    [
      "Python that names its strings",
      Buffer.from("{u'stat': u'OK'}"),
      "1:2 it looks like a Python repr; write it with json.dumps",
    ],
    ["CSV with an index", Buffer.from(",Name,2FA\n0,Ada,yes\n"), "1:1 it looks like CSV; export it as JSON"],
    [
      "CSV with a comma at the end of lines",
      Buffer.from("Name,Email,\nAda,ada@example.com,\n"),
      "1:1 it looks like CSV; export it as JSON",
    ],
    [
      "CSV with spaces after its commas",
      Buffer.from("id, name, age\n1, Ada, 36\n"),
      "1:1 it looks like CSV; export it as JSON",
    ],
    [
      "HTML after a comment",
      Buffer.from('<?xml version="1.0"?>\n<!-- a --- b -->\n<html>'),
      "1:1 it looks like an HTML page",
    ],
    ["a log", Buffer.from("2026-01-01 00:00:00,123 a\n2026-01-01 00:00:01,456 b\n"), "1:5"],
    ["prose with commas", Buffer.from("Hello, Ada\nHello, Bob\n"), "1:1"],
    ["a letter", Buffer.from("Dear Ada,\nthank you,\n"), "1:1"],
    ["sentences with commas", Buffer.from("It started, failed, ended\nIt slept, woke, ate\n"), "1:1"],
    ["any other binary", Buffer.from([0xd4, 0x7f, 1, 2, 10, 123, 10, 91]), "1:1 encoding"],
    ["zeros", Buffer.alloc(1000), "1:1"],
    ["any other text", Buffer.from("Dear Ada,\nhere are the pages.\nBob\n"), "1:1"],
  ])("%s", async (_, bytes, document) => {
    expect(await read(bytes)).toEqual([document]);
    expect(await read(bytes, { chunk: 100 })).toEqual([document]);
  });

  it("and the documents after text of another kind are read", async () => {
    const html = "<html>\n502 Bad Gateway\n</html>\n";
    expect(await read(`${html}${line(A)}\n${line(B)}`)).toEqual(["1:1 it looks like an HTML page", A, B]);
  });

  it.each<[string, string]>([
    ["a record separator", "\u001e"],
    ["a byte-order mark", "\ufeff"],
    ["both", "\u001e\ufeff"],
    ["both, the other way round", "\ufeff\u001e"],
  ])("and the documents after it are read where %s comes before them", async (_, mark) => {
    for (const chunk of [undefined, 1, 2, 3, 4, 5, 6, 7]) {
      const how = chunk === undefined ? {} : { chunk };
      const text = `no JSON\n\nnor this\n${mark}${line(A)}\n${mark}${line([B])}\n`;
      expect(await read(text, how)).toEqual(["1:2", A, [B]]);
    }
  });
});

describe("documents one by one", () => {
  async function singly(text: string, path?: string, isDocument?: (value: unknown) => boolean) {
    const source = {
      name: "source.json",
      modified: "2026-01-02T03:04:05Z",
      open: async () => ({ bytes: Buffer.from(text) }),
    };
    const found: unknown[] = [];
    const recordsAt = path === undefined ? undefined : parseRecordsAt(path);
    for await (const document of readSingly(source, recordsAt, isDocument)) {
      found.push(
        document.kind === "invalid"
          ? [document.issue.code, document.issue.document]
          : [document.value, document.index, document.at],
      );
    }
    return found;
  }
  const page = { response: [] };

  it("are the JSON values, and the pages of a list", async () => {
    expect(await singly("{}")).toEqual([[{}, undefined, ""]]);
    expect(await singly("{} []")).toEqual([
      [{}, 0, ""],
      [[], 1, ""],
    ]);
    expect(await singly(JSON.stringify([page, page]))).toEqual([
      [page, 0, "[]"],
      [page, 1, "[]"],
    ]);
  });

  it("are counted over the source, whatever is between them", async () => {
    const text = `${JSON.stringify([page, page])}\n{\n{}`;
    expect((await singly(text)).map((one) => [one].flat().slice(0, 2))).toEqual([
      [page, 0],
      [page, 1],
      ["JSON_INVALID", 2],
      [{}, 3],
    ]);
  });

  it("stand at a path, except for a value that is a document itself", async () => {
    const text = '{"data":"{\\"a\\":1}"} {"entity":{}} {"other":2}';
    expect(await singly(text, "data", (value) => Object.hasOwn(Object(value), "entity"))).toEqual([
      [{ a: 1 }, 0, "data"],
      [{ entity: {} }, 1, ""],
      ["RECORDS_AT_NOTHING", 2],
    ]);
  });

  it("are missed one by one, where an element of a list has nothing at the path", async () => {
    const all = [{ data: "no JSON" }, { data: "[]" }, {}, { data: null }, 5, [[]], { data: { data: [1] } }];
    expect(await singly(JSON.stringify({ logs: all }), "logs[].data")).toEqual([
      ["RECORDS_AT_NOTHING", 0],
      [[], 1, "logs[].data"],
      ["RECORDS_AT_NOTHING", 2],
      ["RECORDS_AT_NOTHING", 3],
      ["RECORDS_AT_NOTHING", 4],
      ["RECORDS_AT_NOTHING", 5],
      [{ data: [1] }, 6, "logs[].data"],
    ]);
  });

  it.each([
    ["[]", "[]"],
    ["a", "{}"],
    ["a.length", '{"a":[1]}'],
    ["a.b[]", '{"a":{"b":{}}}'],
  ])("are missed once, where the path %s leads to nothing at all", async (path, text) => {
    expect(await singly(text, path)).toEqual([["RECORDS_AT_NOTHING", undefined]]);
  });

  it("stand in lists of lists", async () => {
    expect(await singly("[[{}],[],[[]]]", "[][]")).toEqual([
      [{}, 0, "[][]"],
      [[], 1, "[][]"],
    ]);
  });
});
