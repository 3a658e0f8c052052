import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { BUCKET, startS3 } from "./s3.ts";

const at = { Bucket: BUCKET, Key: "a.json" };

async function start() {
  const s3 = await startS3();
  const client = new S3Client({ forcePathStyle: true });
  onTestFinished(() => client.destroy());
  return { ...s3, client };
}

describe("the S3 that the tests use", () => {
  test("has an object as soon as its write is answered, and never a part of it", async () => {
    const { client } = await start();
    const read = async () => {
      const { Body, ETag } = await client.send(new GetObjectCommand(at));
      return { bytes: await Body?.transformToByteArray(), ETag };
    };
    for (let round = 0; round < 6; round++) {
      const Body = Buffer.alloc(5 << 20, `round ${round}`);
      const writing = client.send(new PutObjectCommand({ ...at, Body }));
      const beside = round === 0 ? [] : await Promise.all([read(), read()]);
      const { ETag } = await writing;
      const { bytes, ...rest } = await read();
      expect([Body.equals(bytes ?? Buffer.of()), rest]).toEqual([true, { ETag }]);
      for (const { bytes: whole } of beside) expect(whole?.length).toBe(Body.length);
    }
  });

  test("keeps the type and the metadata of a write", async () => {
    const { client } = await start();
    const kept = { ContentType: "application/json", Metadata: { sha256: "ab" } };
    await client.send(new PutObjectCommand({ ...at, ...kept, Body: "{}" }));
    expect(await client.send(new HeadObjectCommand(at))).toMatchObject({ ...kept, ContentLength: 2 });
  });

  test.each([
    ["where there is an object, none was expected", { IfNoneMatch: "*" }, "{}", "PreconditionFailed"],
    ["where there is none, one was expected", { IfMatch: '"tag"' }, undefined, "NoSuchKey"],
    ["where there is another than was expected", { IfMatch: '"tag"' }, "{}", "PreconditionFailed"],
  ])("refuses a write %s", async (_, condition, before, name) => {
    const { client, put, objects } = await start();
    if (before !== undefined) put(at.Key, before);
    const writing = client.send(new PutObjectCommand({ ...at, ...condition, Body: "[]" }));
    await expect(writing).rejects.toMatchObject({ name });
    expect(objects().get(at.Key)?.body).toBe(before);
  });

  test("gives the range that is asked for", async () => {
    const { client, put } = await start();
    put(at.Key, "0123456789");
    const ranges = ["bytes=3-", "bytes=3-5", "bytes=8-99"];
    const answers = await Promise.all(
      ranges.map((Range) => client.send(new GetObjectCommand({ ...at, Range }))),
    );
    const bodies = await Promise.all(answers.map(({ Body }) => Body?.transformToString()));
    expect(answers.map(({ ContentRange }, n) => [bodies[n], ContentRange])).toEqual([
      ["3456789", "bytes 3-9/10"],
      ["345", "bytes 3-5/10"],
      ["89", "bytes 8-9/10"],
    ]);
    const beyond = client.send(new GetObjectCommand({ ...at, Range: "bytes=10-" }));
    await expect(beyond).rejects.toMatchObject({ name: "InvalidRange" });
  });

  test("has no object of an upload that was only started", async () => {
    const { client, objects, bucket } = await start();
    await client.send(new CreateMultipartUploadCommand(at));
    expect([objects().size, bucket.uploads.size]).toEqual([0, 1]);
  });
});
