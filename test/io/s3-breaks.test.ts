import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { openObject } from "../../src/io/s3.ts";
import { duoUdm } from "../support/cli.ts";
import { BUCKET, refuse, startS3 } from "../support/s3.ts";

const KEY = "duo/context/a.ndjson";
const PLACE = { bucket: BUCKET, key: KEY, forcePathStyle: true };
const FAULT = `s3://${BUCKET}/${KEY}: cannot be read: PreconditionFailed: it was overwritten while it was read: run again`;
const SENT = 300_000;

/** Objects whose bytes tell their place: one that is read at once, and one that is read as it comes. */
const small = Array.from({ length: 40_000 }, (_, at) => `{"epkey":"EP${at}"}\n`).join("");
const large = Array.from({ length: 400_000 }, (_, at) => `{"epkey":"EP${at}"}\n`).join("");

interface Start {
  readonly isOverwritten?: boolean;
  readonly breaksAtOnce?: boolean;
  /** Answers when the object is asked for again. */
  readonly resume?: (response: ServerResponse, etag: string | undefined) => void;
}

/** Sends the start of the object only. The connection breaks at once, or else when `breakOff` is called. */
async function start(body: string, { isOverwritten = false, breaksAtOnce = false, resume }: Start = {}) {
  let breakOff: (() => void) | undefined;
  const ranges: string[] = [];
  const s3 = await startS3({
    intercept: ({ method, url, headers }, response) => {
      if (method !== "GET" || url?.includes(KEY) !== true) return false;
      if (breakOff !== undefined) {
        ranges.push(headers.range ?? "");
        resume?.(response, s3.bucket.objects.get(KEY)?.etag);
        if (resume !== undefined) return true;
        return isOverwritten && refuse(response, "PreconditionFailed");
      }
      breakOff = () => void response.destroy();
      response.writeHead(200, { "content-length": body.length, etag: s3.bucket.objects.get(KEY)?.etag });
      response.write(body.slice(0, SENT), () => breaksAtOnce && breakOff?.());
      return true;
    },
  });
  s3.put(KEY, body);
  return { ranges, s3, breakOff: () => breakOff?.() };
}

/** Reads an object that is read as it comes into `chunks`; calls `onSent` once everything that was sent has come. */
async function readAll(chunks: Buffer[], onSent: () => void): Promise<void> {
  const { bytes } = await openObject(PLACE);
  let count = 0;
  if (!(Symbol.asyncIterator in bytes)) throw new Error("was read at once");
  for await (const chunk of bytes) {
    chunks.push(chunk);
    count += chunk.length;
    if (count === SENT) onSent();
  }
}

describe("an object whose connection breaks", () => {
  test("is taken up where it broke", async () => {
    const { ranges, breakOff } = await start(large);
    const chunks: Buffer[] = [];
    await readAll(chunks, breakOff);
    expect(Buffer.concat(chunks).toString() === large).toBe(true);
    expect(ranges).toEqual([`bytes=${SENT}-`]);
  });

  test("is taken up too when it is read at once", async () => {
    const { ranges } = await start(small, { breaksAtOnce: true });
    const { bytes } = await openObject(PLACE);
    expect(bytes.toString() === small).toBe(true);
    expect(ranges).toEqual([expect.stringMatching(/^bytes=\d+-$/)]);
  });

  test("before it gave anything is read from a store that then sends all of it", async () => {
    const s3 = await startS3({
      intercept: ({ method, headers }, response) => {
        if (method !== "GET") return false;
        const isFirst = headers.range === undefined;
        response.writeHead(200, { "content-length": large.length, etag: '"x"' });
        if (!isFirst) return Boolean(response.end(large));
        response.flushHeaders();
        response.socket?.end();
        return true;
      },
    });
    s3.put(KEY, large);
    const chunks: Buffer[] = [];
    await readAll(chunks, () => {});
    expect(Buffer.concat(chunks).toString() === large).toBe(true);
  });

  test.each<readonly [string, NonNullable<Start["resume"]>]>([
    ["all of it", (response, etag) => response.writeHead(200, { etag }).end(large)],
    [
      "another part of it",
      (response, etag) =>
        response.writeHead(206, { etag, "content-range": `bytes 10-99/${large.length}` }).end("x".repeat(90)),
    ],
    [
      "a part of another object",
      (response) =>
        response
          .writeHead(206, { etag: '"other"', "content-range": `bytes ${SENT}-${SENT}/${large.length}` })
          .end("x"),
    ],
  ])("cannot be read to its end when the store then sends %s", async (_, resume) => {
    const { breakOff } = await start(large, { resume });
    const chunks: Buffer[] = [];
    await expect(readAll(chunks, breakOff)).rejects.toThrow(/NotTheRest: the connection broke/);
    expect(Buffer.concat(chunks).toString()).toBe(large.slice(0, SENT));
  });

  test("and that was overwritten meanwhile cannot be read to its end", async () => {
    const { breakOff } = await start(large, { isOverwritten: true });
    const chunks: Buffer[] = [];
    await expect(readAll(chunks, breakOff)).rejects.toThrow(FAULT);
    expect(Buffer.concat(chunks).toString()).toBe(large.slice(0, SENT));
  });

  test("and that was overwritten meanwhile is not opened when it is read at once", async () => {
    await start(small, { isOverwritten: true, breaksAtOnce: true });
    await expect(openObject(PLACE)).rejects.toThrow(FAULT);
  });

  test.each([
    ["small", small],
    ["large", large],
  ])("stops no other: %s", async (_, body) => {
    const { s3 } = await start(body, { isOverwritten: true, breaksAtOnce: true });
    s3.put("duo/context/b.ndjson", '{"epkey":"B"}\n');
    const { status, stdout, stderr } = await duoUdm(["map", `s3://${BUCKET}/duo/context`, "--jobs", "1"]);
    expect(status).toBe(3);
    expect(stderr).toContain(`duo-udm: ${FAULT}\n`);
    const ids = Array.from(stdout.matchAll(/"product_object_id":"(\w+)"/g), ([, id]) => id);
    expect(ids.pop()).toBe("B");
    expect(ids).toEqual(ids.map((_, at) => `EP${at}`));
  });
});
