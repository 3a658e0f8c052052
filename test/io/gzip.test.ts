import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzip } from "../../src/io/gzip.ts";

/** What comes of packed data that arrives in chunks of so many bytes. */
async function unpacked(
  packed: Buffer,
  chunk = packed.length,
): Promise<{ text: string; isDamaged: boolean }> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += chunk) yield packed.subarray(at, at + chunk);
  }
  const damage = { isFound: false };
  const parts: Buffer[] = [];
  for await (const part of gunzip(chunks(), damage)) parts.push(part);
  return { text: Buffer.concat(parts).toString(), isDamaged: damage.isFound };
}

/** Lines that no packer makes small. */
const text = Array.from({ length: 3000 }, (_, n) => `${(n * 7919) % 10007}:${(n * 104729) % 99991}\n`).join(
  "",
);
const member = gzipSync(text);

/** A header with everything in it that a header can have. */
const fullHeader = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 30, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7]),
  Buffer.from("name\0comment\0"),
  Buffer.from([1, 2]),
]);

describe("gunzip", () => {
  it("unpacks members one after the other, however they arrive", async () => {
    const texts = fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 200 }), fc.nat(3), async (all, chunk, zeros) => {
        const packed = Buffer.concat([...all.map((one) => gzipSync(one)), Buffer.alloc(zeros)]);
        expect(await unpacked(packed, chunk)).toEqual({
          text: Buffer.from(all.join("")).toString(),
          isDamaged: false,
        });
      }),
    );
  });

  it("reads a header with a name, a comment, extra fields and a checksum", async () => {
    const packed = Buffer.concat([fullHeader, gzipSync("hello").subarray(10)]);
    expect(await unpacked(packed, 3)).toEqual({ text: "hello", isDamaged: false });
  });

  it("gives all that stands before the place at which the data is cut", async () => {
    for (const part of [0.2, 0.5, 0.9]) {
      const { text: found, isDamaged } = await unpacked(member.subarray(0, member.length * part));
      expect(isDamaged).toBe(true);
      expect(text.startsWith(found)).toBe(true);
      expect(found.length).toBeGreaterThan(text.length * (part - 0.1));
    }
  });

  const damaged: [string, Buffer][] = [
    [
      "a checksum that is wrong",
      Buffer.concat([member.subarray(0, -8), Buffer.alloc(4, 1), member.subarray(-4)]),
    ],
    ["a length that is wrong", Buffer.concat([member.subarray(0, -4), Buffer.alloc(4, 1)])],
    ["an end that is cut", member.subarray(0, -3)],
    ["an end that is missing", member.subarray(0, -8)],
    ["text after the end", Buffer.concat([member, Buffer.from("trailing text")])],
    ["one byte after the end", Buffer.concat([member, Buffer.from([0x1f])])],
    ["text after padding", Buffer.concat([member, Buffer.alloc(20), Buffer.from("text")])],
    [
      "a second member that is none",
      Buffer.concat([member, gzipSync("").subarray(0, 10), Buffer.alloc(50, 0xff)]),
    ],
    ["a second header that is cut", Buffer.concat([member, member.subarray(0, 5)])],
  ];

  it.each(damaged)("gives all there is where there is %s", async (_, packed) => {
    expect(await unpacked(packed)).toEqual({ text, isDamaged: true });
    expect(await unpacked(packed, 100)).toEqual({ text, isDamaged: true });
  });

  it("gives the members after one whose checksum is wrong", async () => {
    const wrong = Buffer.from(gzipSync("first"));
    wrong.fill(1, wrong.length - 8, wrong.length - 4);
    for (const chunk of [1, 7, 1000]) {
      const found = await unpacked(Buffer.concat([wrong, gzipSync("second")]), chunk);
      expect(found).toEqual({ text: "firstsecond", isDamaged: true });
    }
  });

  it("gives what stands before damaged data, near to the damage", async () => {
    const packed = Buffer.from(member);
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
    const { text: found, isDamaged } = await unpacked(packed);
    let same = 0;
    while (found[same] === text[same]) same++;
    expect(isDamaged).toBe(true);
    expect(same).toBeGreaterThan(text.length * 0.45);
  });
});
