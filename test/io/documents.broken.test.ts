import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { A, B, C, line, pretty, read } from "../support/documents.ts";

describe("broken text rejects as little as possible", () => {
  const cases: [string, string, unknown[]][] = [
    ["a line that is cut", `${line(A)}\n{"epkey":"X","dev\n${line(B)}\n`, [A, "2:18", B]],
    ["a line that is cut after a colon", `{"epkey":\n${line(B)}\n`, ["1:10", B]],
    ["a line that is cut after a comma", `{"epkey":"X",\n${line(B)}\n${line(A)}`, ["1:14", B, A]],
    ["a line that is cut after a bracket", `{"browsers":[\n${line(B)}\n${line(A)}\n`, ["1:14", B, A]],
    ["a line that is cut within a list", `{"browsers":[{"a":1},\n${line(B)}\n${line(A)}\n`, ["1:22", B, A]],
    ["lines that are cut", `{"epkey":\n{"epkey":\n${line(C)}`, ["1:10", "2:10", C]],
    ["a last line that is cut", `${line(A)}\n{"epkey":`, [A, "2:10"]],
    ["a line with a fault in it", `${line(A)}\n{"epkey":"X",,}\n${line(B)}`, [A, "2:14", B]],
    ["a line that is no JSON at all", `${line(A)}\noops\n${line(B)}`, [A, "2:1", B]],
    ["two of them", `${line(A)}\noops\noops\n${line(B)}`, [A, "2:1", "3:1", B]],
    ["a cut line and one that is no JSON", `{"epkey":1\noops\n${line(B)}`, ["1:11", "2:1", B]],
    [
      "a scalar after a cut line",
      `${line(A)}\n{"stat":"OK",\n"scalar"\n${line(B)}`,
      [A, "2:14", "scalar", B],
    ],
    ["brackets that only close", `${line(A)}\n]}\n${line(B)}`, [A, "2:1", B]],
    [
      "commas after the lines",
      `${line(A)},\n${line(B)},\n`,
      [A, `1:${line(A).length + 1}`, B, `2:${line(B).length + 1}`],
    ],
    ["text after a value", `${line(A)} oops\n${line(B)}`, [A, `1:${line(A).length + 2}`, B]],
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
    ["a list that is cut after a record", `[\n${line(A)}\n,\n${line(B)}\n`, [`4:${line(B).length + 1}`]],
    ["a list that is cut after its first record", `[\n${line(A)}\n`, [`2:${line(A).length + 1}`]],
    [
      "a list that is cut, and more after it",
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

  it("and no value after a broken line, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.object(), fc.jsonValue()), { minLength: 1 }), async (some) => {
        const lines = some.map((value) => JSON.stringify(value));
        const values = lines.map((text): unknown => JSON.parse(text));
        const text = [line(A), "oops", ...lines, "oops", ...lines].join("\n");
        expect(await read(text)).toEqual([A, "2:1", ...values, `${3 + lines.length}:1`, ...values]);
      }),
    );
  });

  it("wherever one of several pretty pages is cut, those after the next line end are read", async () => {
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
    ["is reported once, after all documents", packed.subarray(0, -3), [A, B, END]],
    ["is reported once where text follows it", Buffer.concat([packed, Buffer.from("text")]), [A, B, END]],
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
