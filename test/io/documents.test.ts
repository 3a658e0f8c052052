import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecordsAt } from "../../src/core/page.ts";
import { readDocuments, readSingly } from "../../src/io/documents.ts";
import { LIMITS, type Limits, piecesOf } from "../../src/io/pieces.ts";

interface How {
  /** The source arrives in chunks of so many bytes. */
  readonly chunk?: number;
  readonly limits?: Limits;
  readonly name?: string;
}

/** The documents of a source: values, and of what is no JSON the place and what else is known. */
async function read(bytes: Buffer | string, { chunk, limits = LIMITS, name = "pages.json" }: How = {}) {
  const all = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  const step = chunk ?? Math.max(all.length, 1);
  for (let at = 0; at < all.length; at += step) chunks.push(all.subarray(at, at + step));
  const source = {
    name,
    modified: "2026-01-02T03:04:05Z",
    open: async () => ({ bytes: chunk === undefined ? all : Readable.from(chunks) }),
  };
  const documents: unknown[] = [];
  const indexes: (number | undefined)[] = [];
  for await (const document of readDocuments(source, limits)) {
    if (document.kind === "document") {
      documents.push(document.value);
      indexes.push(document.index);
    } else {
      const { line, column, fault, hint, document: index } = document.issue;
      documents.push([`${line}:${column}`, fault, hint].filter((part) => part !== undefined).join(" "));
      indexes.push(index);
    }
  }
  const expected = indexes.length === 1 ? [undefined] : indexes.map((_, at) => at);
  expect(indexes).toEqual(expected);
  return documents;
}

const A = { epkey: "A", browsers: [{ browser_family: "Chrome" }] };
const B = { epkey: "B", note: "a } and a { and a , [" };
const C = { stat: "OK", response: [A, B] };
const line = (value: unknown): string => JSON.stringify(value);
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** Limits so small that pieces end wherever they may. */
const SMALL: Limits = { piece: 1, lines: LIMITS.lines, followed: 20, document: LIMITS.document };

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
    ["pretty pages one behind the other", `${pretty(C)}\n${pretty(A)}${pretty(B)}`, [C, A, B]],
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

describe("broken text rejects as little as possible", () => {
  const cases: [string, string, unknown[]][] = [
    ["a line that is cut", `${line(A)}\n{"epkey":"X","dev\n${line(B)}\n`, [A, "2:18", B]],
    ["a line that is cut behind a colon", `{"epkey":\n${line(B)}\n`, ["1:10", B]],
    ["a line that is cut behind a comma", `{"epkey":"X",\n${line(B)}\n${line(A)}`, ["1:14", B, A]],
    ["a line that is cut behind a bracket", `{"browsers":[\n${line(B)}\n${line(A)}\n`, ["1:14", B, A]],
    ["a line that is cut within a list", `{"browsers":[{"a":1},\n${line(B)}\n${line(A)}\n`, ["1:22", B, A]],
    ["lines that are cut", `{"epkey":\n{"epkey":\n${line(C)}`, ["1:10", "2:10", C]],
    ["a last line that is cut", `${line(A)}\n{"epkey":`, [A, "2:10"]],
    ["a line with a fault in it", `${line(A)}\n{"epkey":"X",,}\n${line(B)}`, [A, "2:14", B]],
    ["a line that is no JSON at all", `${line(A)}\noops\n${line(B)}`, [A, "2:1", B]],
    ["two of them", `${line(A)}\noops\noops\n${line(B)}`, [A, "2:1", "3:1", B]],
    ["a cut line and one that is no JSON", `{"epkey":1\noops\n${line(B)}`, ["1:11", "2:1", B]],
    [
      "a scalar behind a cut line",
      `${line(A)}\n{"stat":"OK",\n"scalar"\n${line(B)}`,
      [A, "2:14", "scalar", B],
    ],
    ["brackets that only close", `${line(A)}\n]}\n${line(B)}`, [A, "2:1", B]],
    [
      "commas behind the lines",
      `${line(A)},\n${line(B)},\n`,
      [A, `1:${line(A).length + 1}`, B, `2:${line(B).length + 1}`],
    ],
    ["text behind a value", `${line(A)} oops\n${line(B)}`, [A, `1:${line(A).length + 2}`, B]],
    ["quoted CSV", '"a","b"\n1,2\n', ["1:4 it looks like CSV; export it as JSON"]],
    [
      "a page that is cut, among others",
      `${pretty(A)}\n${pretty(C).slice(0, 60)}\n${pretty(B)}\n${line(A)}\n`,
      [A, "13:20", B, A],
    ],
    [
      "a page that is cut at the end of a line, among others",
      `${pretty(C).split("\n").slice(0, 6).join("\n")}\n${pretty(B)}\n${pretty(A)}`,
      ["6:20", B, A],
    ],
    ["a page that is cut", pretty(C).slice(0, 60), ["5:20"]],
    [
      "a page with a record on each line that is cut",
      `{"response":[\n${line(A)},\n${line(B)},\n{"ep`,
      ["4:5"],
    ],
    ["a list that is cut", `[\n${line(A)}\n,\n${line(B)}\n,\n{"ep`, ["6:5"]],
    ["a list that is cut behind a record", `[\n${line(A)}\n,\n${line(B)}\n`, [`4:${line(B).length + 1}`]],
    ["a list that is cut behind its first record", `[\n${line(A)}\n`, [`2:${line(A).length + 1}`]],
    [
      "a list that is cut, and more behind it",
      `[\n${line(A)}\n,\n{"ep\n${line(B)}\n${line(A)}`,
      ["4:5", B, A],
    ],
    ["a page with a fault that is closed later", `{\n "response": [\n  {},\n  ]\n}\n${line(B)}`, ["4:3", B]],
    ["a page without a bracket that closes", `{\n "response": [\n  {}\n}\n${line(B)}`, ["4:1", B]],
    ["a fault in characters of several bytes", '{"a":"é😀",}', ["1:11"]],
  ];

  it.each(cases)("%s", async (_, text, documents) => {
    expect(await read(text)).toEqual(documents);
    expect(await read(text, { chunk: 1 })).toEqual(documents);
    expect(await read(gzipSync(text), { chunk: 5 })).toEqual(documents);
  });

  it("wherever one of several lines is cut", async () => {
    const record = line({ epkey: "X", browsers: [{ a: [1, { b: null }] }, "x"], users: { c: {} } });
    for (let length = 1; length < record.length; length++) {
      const cut = record.slice(0, length);
      const documents = await read(`${line(A)}\n${cut}\n${line(B)}\n${line(C)}\n`);
      expect([documents[0], ...documents.slice(2)], cut).toEqual([A, B, C]);
      expect(documents[1], cut).toMatch(/^2:\d+$/);
    }
  });

  it("wherever one of several pretty pages is cut, those behind the next line end are read", async () => {
    const text = pretty(C);
    for (let length = 1; length < text.length; length++) {
      const cut = text.slice(0, length);
      const documents = await read(`${pretty(A)}\n${cut}\n${pretty(B)}\n${pretty(A)}\n`);
      expect([documents[0], ...documents.slice(2)], cut).toEqual([A, B, A]);
    }
  });

  it("in time that grows with the text, however it is broken", async () => {
    for (const part of [
      '{"a":',
      "[",
      '{"a":[\n',
      '{"a":\n',
      "[\n",
      '{"a":1\n',
      '{"a":"\n',
      "x\n",
      "]\n",
      "{}x",
      "1,",
    ]) {
      const text = part.repeat(40_000);
      const start = process.cpuUsage();
      await read(text);
      expect(process.cpuUsage(start).user, part).toBeLessThan(10_000_000);
    }
  });
});

describe("bytes that are not UTF-8", () => {
  const bad = Buffer.from('{"name":"Ren\xe9"}', "latin1");

  it("reject the document that has them, with the place of the first in bytes", async () => {
    const text = Buffer.concat([Buffer.from(`${line(A)}\n`), bad, Buffer.from(`\n{"é":"\uFFFD"}\n`)]);
    expect(await read(text)).toEqual([A, "2:13 encoding", { é: "\uFFFD" }]);
  });

  it("reject one of several on a line, and one over several lines", async () => {
    expect(await read(Buffer.concat([Buffer.from(line(A)), bad, Buffer.from(line(B))]))).toEqual([
      A,
      `1:${line(A).length + 13} encoding`,
      B,
    ]);
    const pretty = Buffer.from('{\n "é": 1,\n "a": "\xff"\n}\n{}'.replace("é", "\xc3\xa9"), "latin1");
    expect(await read(pretty)).toEqual(["3:8 encoding", {}]);
  });

  it("are told from unpaired surrogates, which JSON may have", async () => {
    expect(await read('{"a":"\\ud800"}')).toEqual([{ a: "\ud800" }]);
    // The same surrogate in three bytes is no UTF-8.
    expect(await read(Buffer.from('{"a":"\xed\xa0\x80"}', "latin1"))).toEqual(["1:7 encoding"]);
  });
});

describe("damaged gzip", () => {
  const text = `${line(A)}\n${line(B)}\n`;
  const packed = gzipSync(text);
  const END = `2:${line(B).length + 1} gzip`;

  it.each<[string, Buffer, unknown[]]>([
    ["is told once behind all documents", packed.subarray(0, -3), [A, B, END]],
    ["is told once where text stands behind it", Buffer.concat([packed, Buffer.from("text")]), [A, B, END]],
    [
      "is told in place of the document that it cuts",
      Buffer.concat([gzipSync(text), gzipSync(line(C).slice(0, 20)).subarray(0, -8)]),
      [A, B, "3:21 gzip"],
    ],
    ["is told where nothing can be unpacked", packed.subarray(0, 10), ["1:1 gzip"]],
    ["is no padding", Buffer.concat([packed, Buffer.alloc(10)]), [A, B]],
  ])("%s", async (_, bytes, documents) => {
    expect(await read(bytes)).toEqual(documents);
    expect(await read(bytes, { chunk: 7 })).toEqual(documents);
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
    ["any other binary", Buffer.from([0xd4, 0x7f, 1, 2, 10, 123, 10, 91]), "1:1 encoding"],
    ["zeros", Buffer.alloc(1000), "1:1"],
    ["any other text", Buffer.from("Dear Ada,\nhere are the pages.\nBob\n"), "1:1"],
  ])("%s", async (_, bytes, document) => {
    expect(await read(bytes)).toEqual([document]);
    expect(await read(bytes, { chunk: 100 })).toEqual([document]);
  });

  it("and the documents behind text of another kind are read", async () => {
    const html = "<html>\n502 Bad Gateway\n</html>\n";
    expect(await read(`${html}${line(A)}\n${line(B)}`)).toEqual(["1:1 it looks like an HTML page", A, B]);
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
});
