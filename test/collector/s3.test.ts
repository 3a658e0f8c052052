import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { collectFrom, fakeClock, simulator } from "../support/collector.ts";
import { BUCKET, startS3 } from "../support/s3.ts";

const options = () => ({ ...fakeClock(), runId: "run" });

test("S3 gets the keys and bytes that a directory gets", async () => {
  const s3 = await startS3();
  const { files } = await collectFrom({ users: 350 }, { OUTPUT: "both" });
  const clock = fakeClock();
  const duo = await simulator({ users: 350, now: clock.now });
  const { ok } = await collect(loadConfig({ ...duo.env, ...s3.env, OUTPUT: "both" }), options());
  const objects = [...s3.objects()].map(([key, { body }]) => [key, body]);
  expect(ok).toBe(true);
  expect(objects).toEqual([...files].map(([key, body]) => [key, body.toString()]));
});

test("each object says what it is and carries its checksum; the manifest comes last", async () => {
  const s3 = await startS3();
  const clock = fakeClock();
  const duo = await simulator({ users: 30, now: clock.now });
  await collect(loadConfig({ ...duo.env, ...s3.env, OUTPUT: "both" }), options());
  const objects = s3.objects();
  const types = new Set([...objects].map(([key, { type }]) => `${key.split(".").at(-1)} ${type}`));
  expect([...types].sort()).toEqual(["json application/json", "ndjson application/x-ndjson"]);
  const checksums = s3.puts.map(({ key, headers }) => [key, headers["x-amz-checksum-sha256"]]);
  const expected = [...objects].map(([key, { body }]) => [
    key,
    createHash("sha256").update(body).digest("base64"),
  ]);
  expect(new Map(checksums.sort().map(([key, sum]) => [key, sum]))).toEqual(
    new Map(expected.map(([key, sum]) => [key, sum])),
  );
  expect(s3.puts).toHaveLength(2 * RESOURCES.length + 1);
  expect(s3.puts.at(-1)?.key).toBe("duo/manifests/2026/03/04/run.json");
});

test("a write that S3 turns away for a moment is repeated by the SDK", async () => {
  const s3 = await startS3({ failures: 1 });
  const clock = fakeClock();
  const duo = await simulator({ users: 30, now: clock.now });
  const config = loadConfig(
    { ...duo.env, ...s3.env, RESOURCES: "users" },
    { to: `s3://${BUCKET}/elsewhere` },
  );
  const { ok } = await collect(config, options());
  expect([ok, [...s3.objects().keys()]]).toEqual([
    true,
    ["duo/manifests/2026/03/04/run.json", "elsewhere/2026/03/04/duo-users-00000.json"],
  ]);
});

test("a bucket that does not exist fails the run, and says what to do", async () => {
  const s3 = await startS3();
  const clock = fakeClock();
  const duo = await simulator({ users: 30, now: clock.now });
  const config = loadConfig({ ...duo.env, ...s3.env, S3_BUCKET: "no-such-bucket", RESOURCES: "users" });
  await expect(collect(config, options())).rejects.toMatchObject({
    name: "CollectionError",
    message:
      "s3://no-such-bucket/duo/manifests/2026/03/04/run.json could not be written (NoSuchBucket): " +
      "create the bucket, or correct its name.",
  });
});

test("without a region nothing is requested", async () => {
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  const duo = await simulator();
  await expect(collect(loadConfig({ ...duo.env, S3_BUCKET: BUCKET }))).rejects.toMatchObject({
    name: "ConfigError",
    faults: ["AWS_REGION is not set: give the bucket's region."],
  });
  expect(duo.requests).toEqual([]);
  vi.unstubAllEnvs();
});
