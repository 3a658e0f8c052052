import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PROFILES } from "../../src/profiles/index.ts";
import { messages, notification, recorded } from "../support/events.ts";
import { type Invoked, invoking } from "../support/lambda.ts";
import { BUCKET, type S3, startS3 } from "../support/s3.ts";
import { mappedAsStored } from "../support/stored.ts";

const invoke = invoking("mapHandler");

const DAY = "2026/03/04";
const pageKey = (n: number) => `duo/context/${DAY}/duo-phones-0000${n}.json`;
const udmKey = (n: number) => `duo/udm/${DAY}/duo-phones-0000${n}.ndjson`;
const page = readFileSync("fixtures/pages/phones/mobile.json", "utf8");
const failing = (...ids: readonly string[]) => ({
  result: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

const loggedOutcomes = ({ logs }: Invoked) =>
  logs.flatMap(({ key, outcome, code }) => (outcome === undefined ? [] : [[key, code ?? outcome]]));
const metricsIn = ({ logs }: Invoked) =>
  logs
    .filter((log) => "_aws" in log)
    .map(({ Pages, Unchanged, Records, Entities, Failures }) => ({
      Pages,
      Unchanged,
      Records,
      Entities,
      Failures,
    }));
const udmKeys = async (s3: S3) => [...s3.objects().keys()].filter((key) => key.startsWith("duo/udm/"));

/** One page in the bucket, at the key of the recorded events. */
async function startWithPage(options?: Parameters<typeof startS3>[0]): Promise<S3> {
  const s3 = await startS3(options);
  s3.put(pageKey(0), page);
  return s3;
}

describe("messages of the queue", () => {
  test("a page that arrives is mapped, to the bytes that the mapping gives", async () => {
    const s3 = await startWithPage();
    const invoked = await invoke(s3.env, recorded("sqs-s3-put"));
    expect(invoked.outcome).toEqual(failing());
    expect(s3.objects().get(udmKey(0))?.body).toBe(mappedAsStored(s3, pageKey(0)).body);
    expect(metricsIn(invoked)).toEqual([{ Pages: 1, Unchanged: 0, Records: 1, Entities: 1, Failures: 0 }]);
  });

  test("is mapped with the profile that PROFILE names, also when the vendor's was written before", async () => {
    const s3 = await startWithPage();
    await invoke(s3.env, recorded("sqs-s3-put"));
    await invoke({ ...s3.env, PROFILE: "enriched" }, recorded("sqs-s3-put"));
    const expected = mappedAsStored(s3, pageKey(0), PROFILES.enriched);
    expect(s3.objects().get(udmKey(0))?.body).toBe(expected.body);
  });

  test("delivered again, it writes nothing", async () => {
    const s3 = await startWithPage();
    await invoke(s3.env, recorded("sqs-s3-put"));
    const again = await invoke(s3.env, recorded("sqs-s3-put"));
    expect(again.outcome).toEqual(failing());
    expect(loggedOutcomes(again)).toEqual([[pageKey(0), "unchanged"]]);
    expect(s3.puts.map(({ key }) => key)).toEqual([udmKey(0)]);
  });

  test("several of one page map it once", async () => {
    const reads: string[] = [];
    const s3 = await startWithPage({
      before: async (method, key) => void (method === "GET" && reads.push(key)),
    });
    const event = messages(
      notification(pageKey(0)),
      notification(pageKey(0), pageKey(0)),
      notification(pageKey(0)),
    );
    expect((await invoke(s3.env, event)).outcome).toEqual(failing());
    expect(reads).toEqual([pageKey(0)]);
  });

  test("an older event after a newer one leaves the page as it is now", async () => {
    const s3 = await startS3();
    const older = { ...notification(pageKey(0)).Records[0], eventTime: "2026-03-04T04:00:00.000Z" };
    s3.put(pageKey(0), page.replace("Mobile", "tablet"));
    s3.put(pageKey(0), page);
    const { body } = mappedAsStored(s3, pageKey(0));
    await invoke(s3.env, messages(notification(pageKey(0))));
    const late = await invoke(s3.env, messages({ Records: [older] }));
    expect(loggedOutcomes(late)).toEqual([[pageKey(0), "unchanged"]]);
    expect(s3.objects().get(udmKey(0))?.body).toBe(body);
  });

  test.each(["sqs-test-event", "sqs-s3-removed"])("%s asks for nothing", async (name) => {
    const s3 = await startWithPage();
    expect((await invoke(s3.env, recorded(name))).outcome).toEqual(failing());
    expect(await udmKeys(s3)).toEqual([]);
  });

  test("poison fails itself and nothing else", async () => {
    const s3 = await startWithPage();
    const elsewhere = JSON.stringify(notification(pageKey(0))).replaceAll(BUCKET, "other-bucket");
    const undecodable = JSON.stringify(notification(pageKey(0))).replace("duo-phones", "%E0%A4%A");
    const event = messages(
      "not JSON",
      "null",
      {},
      { Records: [{ eventSource: "aws:s3" }] },
      { Records: [{ ...notification(pageKey(0)).Records[0], eventSource: "aws:sns" }] },
      `{"__proto__":${JSON.stringify(notification(pageKey(0)))}}`,
      elsewhere,
      undecodable,
      notification(pageKey(0)),
    );
    const invoked = await invoke(s3.env, event);
    expect(invoked.outcome).toEqual(failing(...Array.from({ length: 8 }, (_, n) => `message-${n}`)));
    expect(invoked.logs.flatMap(({ codes }) => (Array.isArray(codes) ? codes : []))).toEqual([
      ...Array(6).fill("NOT_A_NOTIFICATION"),
      "OTHER_BUCKET",
      "KEY_UNREADABLE",
    ]);
    expect(await udmKeys(s3)).toEqual([udmKey(0)]);
    expect(metricsIn(invoked)).toMatchObject([{ Pages: 1, Failures: 8 }]);
  });

  test("a page that is rejected in part fails its message, and the rest of it is written", async () => {
    const s3 = await startWithPage();
    const lines = [JSON.stringify(JSON.parse(page)), '{"stat":"FAIL","message":"secret@example.com"}', ""];
    s3.put(pageKey(1), lines.join("\n"));
    const invoked = await invoke(s3.env, messages(notification(pageKey(0)), notification(pageKey(1))));
    expect(invoked.outcome).toEqual(failing("message-1"));
    expect(loggedOutcomes(invoked).sort()).toEqual([
      [pageKey(0), "mapped"],
      [pageKey(1), "DUO_STAT_FAIL"],
    ]);
    expect(s3.objects().get(udmKey(1))?.body.split("\n")).toHaveLength(2);
    expect(invoked.output).not.toContain("@example.com");
    expect(invoked.output).not.toContain("+1503");
  });

  test("a page that S3 does not give fails its message; one that is gone does not", async () => {
    const s3 = await startWithPage({
      before: async (method, key) => (method === "GET" && key === pageKey(1) ? "AccessDenied" : undefined),
    });
    s3.put(pageKey(1), page);
    const keys = [pageKey(0), pageKey(1), pageKey(2)];
    const invoked = await invoke(s3.env, messages(...keys.map((key) => notification(key))));
    expect(invoked.outcome).toEqual(failing("message-1"));
    expect(loggedOutcomes(invoked).sort()).toEqual([
      [pageKey(0), "mapped"],
      [pageKey(1), "AccessDenied"],
      [pageKey(2), "gone"],
    ]);
  });

  test("keys may hold spaces, signs and any letters", async () => {
    const s3 = await startS3();
    const names = ["a b+c", "100%", "é 日本", "q?x=1&y#z"];
    for (const name of names) s3.put(`duo/context/${name}.json`, page);
    const event = messages(...names.map((name) => notification(`duo/context/${name}.json`)));
    expect((await invoke(s3.env, event)).outcome).toEqual(failing());
    expect(await udmKeys(s3)).toEqual(names.map((name) => `duo/udm/${name}.ndjson`).sort());
  });

  test("its own output, in a bucket that is notified of all, asks for nothing", async () => {
    const s3 = await startS3();
    s3.put("duo/udm/a.ndjson", "{}\n");
    const env = { ...s3.env, S3_PREFIX: "duo" };
    const { outcome } = await invoke(env, messages(notification("duo/udm/a.ndjson", "duo/manifests/a.json")));
    expect(outcome).toEqual(failing());
    expect(s3.puts).toEqual([]);
  });

  test("a page that S3 does not give in time is given up, and the others are answered", async () => {
    const s3 = await startWithPage({
      intercept: ({ method, url }) => method === "GET" && url?.includes(pageKey(1)) === true,
    });
    s3.put(pageKey(1), page);
    const left = [60_000, 60_000, 60_000];
    const event = messages(notification(pageKey(0)), notification(pageKey(1)));
    const invoked = await invoke(s3.env, event, () => left.shift() ?? 2_050);
    expect(invoked.outcome).toEqual(failing("message-1"));
    expect(loggedOutcomes(invoked).sort()).toEqual([
      [pageKey(0), "mapped"],
      [pageKey(1), "DEADLINE"],
    ]);
  });

  test("with under ten seconds left no page is begun", async () => {
    const s3 = await startWithPage();
    const invoked = await invoke(s3.env, recorded("sqs-s3-put"), 9_999);
    expect(invoked.outcome).toEqual({
      result: { batchItemFailures: [{ itemIdentifier: expect.any(String) }] },
    });
    expect(loggedOutcomes(invoked)).toEqual([[pageKey(0), "DEADLINE"]]);
    expect(s3.puts).toEqual([]);
  });
});

describe("a notification of S3 itself", () => {
  test.each([
    ["s3-put", { mapped: 1, unchanged: 0, ignored: 0, gone: 0, records: 1, entities: 1 }],
    ["s3-multipart", { mapped: 1, unchanged: 0, ignored: 0, gone: 0, records: 1, entities: 1 }],
    ["s3-removed", { mapped: 0, unchanged: 0, ignored: 0, gone: 0, records: 0, entities: 0 }],
  ])("%s", async (name, result) => {
    const s3 = await startWithPage();
    expect((await invoke(s3.env, recorded(name))).outcome).toEqual({ result });
  });

  test("throws when a page was rejected", async () => {
    const s3 = await startS3();
    s3.put(pageKey(0), "{");
    expect((await invoke(s3.env, recorded("s3-put"))).outcome).toEqual({
      error: {
        name: "PagesRejected",
        message: `1 of 1 objects were not mapped in full.\n${pageKey(0)}: JSON_INVALID`,
      },
    });
  });
});

describe("a batch of the state machine", () => {
  const ofTwo = { mapped: 2, unchanged: 0, ignored: 0, gone: 0, records: 2, entities: 2 };

  test.each([
    ["sfn-list-batch", ofTwo],
    ["sfn-list-batch-input", { ...ofTwo, mapped: 1, records: 1, entities: 1 }],
    ["sfn-list-item", { ...ofTwo, mapped: 1, records: 1, entities: 1 }],
    ["sfn-inventory-batch", ofTwo],
  ])("%s", async (name, result) => {
    const s3 = await startWithPage();
    s3.put(pageKey(1), page);
    s3.put(`duo/context/${DAY}/café 1+1/duo-phones-00001.json`, page);
    expect((await invoke(s3.env, recorded(name))).outcome).toEqual({ result });
  });

  test("as Step Functions makes it of this bucket's listing", async () => {
    const s3 = await startWithPage();
    s3.put("duo/context/a b+c%20.json", page);
    s3.put("duo/context/empty/", "");
    s3.put("duo/udm/x.ndjson", "");
    const listed = [...s3.bucket.objects].filter(([key]) => key.startsWith("duo/context/"));
    const Items = listed.map(([Key, { etag, modified, body }]) => ({
      Etag: etag,
      Key,
      LastModified: Number(modified) / 1_000,
      Size: body.length,
      StorageClass: "STANDARD",
    }));
    const result = { ...ofTwo, ignored: 1 };
    expect((await invoke(s3.env, { Items })).outcome).toEqual({ result });
    expect(await udmKeys(s3)).toEqual([
      "duo/udm/2026/03/04/duo-phones-00000.ndjson",
      "duo/udm/a b+c%20.ndjson",
      "duo/udm/x.ndjson",
    ]);
    const again = await invoke(s3.env, { Items });
    expect(again.outcome).toEqual({ result: { ...result, mapped: 0, unchanged: 2 } });
  });

  test("names what failed: PagesUnfinished when another try may help, the rest is mapped", async () => {
    const s3 = await startWithPage({
      before: async (method, key) => (method === "GET" && key === pageKey(1) ? "AccessDenied" : undefined),
    });
    s3.put(pageKey(1), page);
    s3.put(pageKey(2), "{");
    const Items = [0, 1, 2].map((n) => ({ Key: pageKey(n) }));
    expect((await invoke(s3.env, { Items })).outcome.error).toEqual({
      name: "PagesUnfinished",
      message: `2 of 3 objects were not mapped in full.\n${pageKey(1)}: AccessDenied\n${pageKey(2)}: JSON_INVALID`,
    });
    expect(await udmKeys(s3)).toEqual([udmKey(0)]);
  });

  test("names the first of many: PagesRejected when no other try helps", async () => {
    const s3 = await startS3();
    const keys = Array.from({ length: 8 }, (_, n) => pageKey(n));
    for (const key of keys) s3.put(key, '"text"');
    const Items = [...keys.map((Key) => ({ Key })), { Bucket: "other-bucket", Key: "a" }, {}];
    const { error } = (await invoke(s3.env, { Items })).outcome;
    expect(error?.name).toBe("PagesRejected");
    expect(error?.message.split("\n")).toEqual([
      "10 of 10 objects were not mapped in full.",
      ...keys.slice(0, 5).map((key) => `${key}: DOCUMENT_NOT_RECORDS`),
      "and 5 more",
    ]);
  });

  test("begins no page with under ten seconds left", async () => {
    const s3 = await startWithPage();
    const { outcome } = await invoke(s3.env, recorded("sfn-list-item"), 9_999);
    expect(outcome.error).toEqual({
      name: "PagesUnfinished",
      message: `1 of 1 objects were not mapped in full.\n${pageKey(0)}: DEADLINE`,
    });
  });
});

test.each([
  ["null", null],
  ["an empty object", {}],
  ["the collector's", { resources: ["users"] }],
  ["a message of another service", { Records: [{ eventSource: "aws:sns", Sns: {} }] }],
  ["messages among others", { Records: [...messages("{}").Records, { eventSource: "aws:s3" }] }],
  ["a rule's", { "detail-type": "Object Created", detail: { object: { key: "a" } } }],
])("an event of another shape is refused: %s", async (_, event) => {
  const s3 = await startS3();
  const { outcome } = await invoke(s3.env, event);
  expect(outcome.error).toEqual({
    name: "TypeError",
    message:
      "The event is none of those this function takes: SQS messages of S3 notifications, an S3 notification, " +
      "a Step Functions batch ({Items}), or one item ({Key}).",
  });
});

test("all faults of the configuration are told, before any request", async () => {
  const env = {
    S3_PREFIX: "duo/udm/raw",
    UDM_PREFIX: "duo/udm",
    MANIFEST_PREFIX: "",
    S3_FORCE_PATH_STYLE: "x",
  };
  const { outcome } = await invoke(env, recorded("sqs-s3-put"));
  expect(outcome.error).toEqual({
    name: "ConfigError",
    message: [
      "S3_BUCKET is not set: give the pages' bucket.",
      "S3_FORCE_PATH_STYLE must be true or false or 1 or 0.",
      "UDM_PREFIX must not be S3_PREFIX or a start of it: no key would count as a page.",
      "MANIFEST_PREFIX must not be S3_PREFIX or a start of it: no key would count as a page.",
    ].join("\n"),
  });
});
