import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { loadMapConfig } from "../../src/collector/config.ts";
import { type MapOutcome, mapObject, udmKeyOf } from "../../src/lambda/map-object.ts";
import { BUCKET, type S3, type S3ErrorCode, startS3 } from "../support/s3.ts";
import { mappedAsStored } from "../support/stored.ts";

const KEY = "duo/context/2026/03/04/duo-phones-00000.json";
const UDM = "duo/udm/2026/03/04/duo-phones-00000.ndjson";
const config = loadMapConfig({ S3_BUCKET: BUCKET, S3_FORCE_PATH_STYLE: "true" });
const page = await readFile("fixtures/pages/phones/mobile.json");

/** A page of one record whose entity depends on `name` alone, whenever it was stored. */
const named = (name: string) =>
  JSON.stringify({
    stat: "OK",
    response: [{ phone_id: "DP0000", model: name, timestamp: "2026-03-04T05:06:07Z" }],
  });
const modelIn = (body: string | undefined) => /"model":"([^"]*)"/.exec(body ?? "")?.[1];
const stored = (s3: S3, key = UDM) => s3.objects().get(key)?.body;
const writes = (s3: S3) => s3.puts.filter(({ key }) => key === UDM).length;

/** A promise, and what resolves it. */
function signal() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Holds the first request of a kind until it is released. */
function gate(method: string, key: string) {
  const held = signal();
  const released = signal();
  let isFirst = true;
  return {
    held: held.promise,
    release: released.resolve,
    before: async (ofMethod: string, ofKey: string): Promise<undefined> => {
      if (!isFirst || ofMethod !== method || ofKey !== key) return;
      isFirst = false;
      held.resolve();
      await released.promise;
    },
  };
}

describe("the key of a page's entities", () => {
  test.each([
    ["duo/context/2026/03/04/duo-users-00001.json", "duo/udm/2026/03/04/duo-users-00001.ndjson"],
    ["duo/context/a.ndjson", "duo/udm/a.ndjson"],
    ["duo/context/a.jsonl.gz", "duo/udm/a.ndjson"],
    ["duo/context/a.b.JSON.GZ", "duo/udm/a.b.ndjson"],
    ["duo/context/a", "duo/udm/a.ndjson"],
    ["duo/context/json", "duo/udm/json.ndjson"],
    ["duo/context/2026/", undefined],
    ["duo/context/", undefined],
    ["duo/udm/a.ndjson", undefined],
    ["duo/manifests/a.json", undefined],
    ["elsewhere/a.json", undefined],
  ])("%s: %s", (key, expected) => {
    expect(udmKeyOf(config, key)).toBe(expected);
  });

  test("entities and manifests below the pages' prefix are no pages", () => {
    const nested = { ...config, prefix: "duo/" };
    const keys = ["duo/a.json", "duo/udm/a.ndjson", "duo/manifests/a.json"];
    expect(keys.map((key) => udmKeyOf(nested, key))).toEqual(["duo/udm/a.ndjson", undefined, undefined]);
  });
});

describe("mapping an object", () => {
  test("writes what the mapping gives, with the checksum as metadata", async () => {
    const s3 = await startS3();
    s3.put(KEY, page);
    const outcome = await mapObject(config, KEY);
    const { entities, body } = mappedAsStored(s3, KEY);
    expect(outcome).toEqual({
      kind: "mapped",
      counts: { documents: 1, records: 1, entities: entities.length, skipped: {}, issues: {} },
    });
    expect(s3.objects().get(UDM)).toEqual({ body, type: "application/x-ndjson" });
    const sha256 = createHash("sha256").update(body);
    expect(s3.bucket.objects.get(UDM)?.headers["x-amz-meta-sha256"]).toBe(sha256.copy().digest("hex"));
    expect(s3.puts.at(-1)?.headers["x-amz-checksum-sha256"]).toBe(sha256.digest("base64"));
  });

  test("writes nothing the second time", async () => {
    const s3 = await startS3();
    s3.put(KEY, page);
    await mapObject(config, KEY);
    expect(await mapObject(config, KEY)).toMatchObject({ kind: "unchanged", counts: { records: 1 } });
    expect(writes(s3)).toBe(1);
  });

  test("follows the page as it is rewritten", async () => {
    const s3 = await startS3();
    s3.put(KEY, named("first"));
    await mapObject(config, KEY);
    s3.put(KEY, named("second"));
    expect(await mapObject(config, KEY)).toMatchObject({ kind: "mapped" });
    expect(modelIn(stored(s3))).toBe("second");
  });

  test("reads NDJSON, gzip and a byte-order mark", async () => {
    const s3 = await startS3();
    const key = "duo/context/many.ndjson.gz";
    s3.put(key, gzipSync(`\uFEFF${named("first")}\n${named("second")}\n`));
    expect(await mapObject(config, key)).toMatchObject({
      kind: "mapped",
      counts: { documents: 2, entities: 2 },
    });
    const lines = stored(s3, "duo/udm/many.ndjson")?.split("\n");
    expect(lines?.map(modelIn)).toEqual(["first", "second", undefined]);
  });

  test("gives a page without entities its empty object", async () => {
    const s3 = await startS3();
    s3.put(KEY, '{"stat":"OK","response":[]}');
    expect(await mapObject(config, KEY)).toMatchObject({
      kind: "mapped",
      counts: { records: 0, entities: 0, skipped: {}, issues: {} },
    });
    expect(stored(s3)).toBe("");
  });

  test("writes what is sound of a page in part rejected", async () => {
    const s3 = await startS3();
    s3.put(KEY, `${named("sound")}\n{"stat":"OK",\n"scalar"\n{"stat":"OK","response":[7]}\n`);
    const rejected = {
      kind: "rejected",
      code: "JSON_INVALID",
      counts: {
        documents: 4,
        records: 2,
        entities: 1,
        skipped: { RECORD_NOT_OBJECT: 1 },
        issues: { JSON_INVALID: 1, DOCUMENT_NOT_RECORDS: 1, RECORD_NOT_OBJECT: 1 },
      },
    };
    expect(await mapObject(config, KEY)).toEqual(rejected);
    expect(modelIn(stored(s3))).toBe("sound");
    expect(await mapObject(config, KEY)).toEqual(rejected);
    expect(writes(s3)).toBe(1);
  });

  test("leaves the object of a page that is rejected whole as it was", async () => {
    const s3 = await startS3();
    s3.put(KEY, named("sound"));
    await mapObject(config, KEY);
    s3.put(KEY, '{"stat":"FAIL","code":40103,"message":"Invalid signature"}');
    expect(await mapObject(config, KEY)).toMatchObject({ kind: "rejected", code: "DUO_STAT_FAIL" });
    expect(modelIn(stored(s3))).toBe("sound");
  });

  test("tells a page that was deleted meanwhile", async () => {
    const s3 = await startS3();
    expect(await mapObject(config, KEY)).toEqual({ kind: "gone" });
    expect(s3.puts).toEqual([]);
  });

  test("asks S3 nothing about a key that is no page's", async () => {
    const asked: string[] = [];
    await startS3({ before: async (_, key) => void asked.push(key) });
    expect(await mapObject(config, UDM)).toEqual({ kind: "ignored" });
    expect(asked).toEqual([]);
  });
});

describe("when S3 fails", () => {
  test.each([
    ["HEAD", UDM],
    ["GET", KEY],
    ["PUT", UDM],
    ["HEAD", KEY],
  ])("a %s of %s that is turned away for a moment is sent again", async (method, key) => {
    const faults: S3ErrorCode[] = ["SlowDown", "SlowDown"];
    const s3 = await startS3({
      before: async (ofMethod, ofKey) => (ofMethod === method && ofKey === key ? faults.pop() : undefined),
    });
    s3.put(KEY, page);
    expect(await mapObject(config, KEY)).toMatchObject({ kind: "mapped" });
    expect(faults).toEqual([]);
    expect(stored(s3)).toBe(mappedAsStored(s3, KEY).body);
  });

  test.each<[string, S3ErrorCode, string]>([
    ["GET", "SlowDown", "SlowDown"],
    ["GET", "AccessDenied", "AccessDenied"],
    ["PUT", "AccessDenied", "AccessDenied"],
    ["PUT", "SlowDown", "SlowDown"],
    ["HEAD", "AccessDenied", "Forbidden"],
    ["HEAD", "SlowDown", "HTTP 503"],
  ])("%s: %s is a failure", async (method, fault, code) => {
    const s3 = await startS3({ before: async (ofMethod) => (ofMethod === method ? fault : undefined) });
    s3.put(KEY, page);
    expect(await mapObject(config, KEY)).toEqual({ kind: "failed", code });
    expect(stored(s3)).toBeUndefined();
  });
});

describe("two at once", () => {
  test("the one whose page is older starts over", async () => {
    const { before, held, release } = gate("PUT", UDM);
    const s3 = await startS3({ before });
    s3.put(KEY, named("older"));
    const slow = mapObject(config, KEY);
    await held;
    s3.put(KEY, named("newer"));
    const quick = await mapObject(config, KEY);
    release();
    expect([(await slow).kind, quick.kind]).toEqual(["unchanged", "mapped"]);
    expect(modelIn(stored(s3))).toBe("newer");
  });

  test("also where there was an object before, and where the newer page is read first", async () => {
    const { before, held, release } = gate("GET", KEY);
    const s3 = await startS3({ before });
    s3.put(KEY, named("before"));
    const first = mapObject(config, KEY);
    await held;
    s3.put(KEY, named("older"));
    await mapObject(config, KEY);
    s3.put(KEY, named("newer"));
    release();
    // It has looked at the object before the other wrote it, and so may not write, newer though its page is.
    expect(await first).toMatchObject({ kind: "mapped" });
    expect(modelIn(stored(s3))).toBe("newer");
    expect(writes(s3)).toBe(3);
  });

  test("a page that goes back to what it was leaves nothing of what it was meanwhile", async () => {
    const { before, held, release } = gate("PUT", UDM);
    const s3 = await startS3({ before: (method, key) => (isStarted ? before(method, key) : undefined) });
    let isStarted = false;
    s3.put(KEY, named("same"));
    await mapObject(config, KEY);
    isStarted = true;
    s3.put(KEY, named("other"));
    const slow = mapObject(config, KEY);
    await held;
    s3.put(KEY, named("same"));
    const quick = await mapObject(config, KEY);
    release();
    await slow;
    expect(quick.kind).toBe("unchanged");
    expect(modelIn(stored(s3))).toBe("same");
  });

  test("many, while the page is rewritten, end with the page as it is last", async () => {
    const s3 = await startS3();
    const running: Promise<MapOutcome>[] = [];
    for (let version = 0; version < 12; version++) {
      s3.put(KEY, named(`version ${version % 3} of ${version}`));
      running.push(mapObject(config, KEY));
    }
    const kinds = (await Promise.all(running)).map(({ kind }) => kind);
    // As a queue does with the message of one that failed.
    if (kinds.includes("failed")) await mapObject(config, KEY);
    expect(modelIn(stored(s3))).toBe("version 2 of 11");
  });

  test("a conflict that S3 tells is tried again", async () => {
    const faults: S3ErrorCode[] = ["ConditionalRequestConflict", "NoSuchKey"];
    const s3 = await startS3({ before: async (method) => (method === "PUT" ? faults.pop() : undefined) });
    s3.put(KEY, page);
    expect(await mapObject(config, KEY)).toMatchObject({ kind: "mapped" });
    expect(writes(s3)).toBe(3);
  });

  test("one that never gets its turn says so", async () => {
    const s3 = await startS3({
      before: async (method) => (method === "PUT" ? "PreconditionFailed" : undefined),
    });
    s3.put(KEY, page);
    expect(await mapObject(config, KEY)).toEqual({ kind: "failed", code: "OVERTAKEN" });
    expect(writes(s3)).toBe(5);
  });
});
