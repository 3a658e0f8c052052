import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { filesBelow, temporaryDirectory } from "../support/collector.ts";
import { BUCKET } from "../support/s3.ts";
import { AT, bucket, map, page, twelve, URL_OF_ALL } from "../support/s3-pages.ts";

describe("--out s3://", () => {
  test("writes one object, the bytes that a file gets", async () => {
    const s3 = await bucket(twelve);
    const file = join(await temporaryDirectory(), "entities.ndjson");
    await map(URL_OF_ALL, "--out", file, "--issues", `${file}.issues`);
    const { status } = await map(
      ...[URL_OF_ALL, "--out", `s3://${BUCKET}/out/entities.ndjson`],
      ...["--issues", `s3://${BUCKET}/out/issues.ndjson`],
    );
    const objects = s3.objects();
    expect(status).toBe(0);
    expect(objects.get("out/entities.ndjson")).toEqual({
      body: await readFile(file, "utf8"),
      type: "application/x-ndjson",
    });
    expect(objects.get("out/issues.ndjson")?.body).toBe(await readFile(`${file}.issues`, "utf8"));
  });

  test("writes an object of several parts", async () => {
    const lines = Array.from({ length: 3_000 }, (_, at) =>
      JSON.stringify({ epkey: `EP${at}`, model: "x".repeat(12_000) }),
    );
    const s3 = await bucket({});
    const around = { stdin: lines.join("\n") };
    const piped = await duoUdm(["map", "-", "--collected-at", AT], around);
    const argv = ["map", "-", "--collected-at", AT, "--out", `s3://${BUCKET}/all.ndjson`];
    expect((await duoUdm(argv, around)).status).toBe(0);
    expect(piped.stdout.length).toBeGreaterThan(32 << 20);
    expect(s3.puts.filter(({ key }) => key === "all.ndjson").length).toBeGreaterThan(1);
    expect(s3.objects().get("all.ndjson")?.body === piped.stdout).toBe(true);
  });

  test("with a slash after it, writes one object per input, and takes none of them for input", async () => {
    const s3 = await bucket({ ...twelve, "duo/x/a.json.gz": gzipSync(page("A")) });
    for (const _ of ["once", "again"]) {
      await map(`s3://${BUCKET}/duo`, "--out", `s3://${BUCKET}/duo/udm/`);
      const keys = [...s3.objects().keys()].filter((key) => key.startsWith("duo/udm/"));
      expect(keys).toEqual([
        ...Object.keys(twelve).map((key) => key.replace("duo/", "duo/udm/").replace(".json", ".ndjson")),
        "duo/udm/x/a.ndjson",
      ]);
    }
  });

  test("leaves nothing behind when something cannot be written", async () => {
    const s3 = await bucket(twelve);
    const argv = ["--out", `s3://${BUCKET}/all.ndjson`, "--issues", "/dev/full"];
    const { status, stderr } = await duoUdm(["map", URL_OF_ALL, "-", ...argv], { stdin: "{" });
    expect(status).toBe(3);
    expect(stderr).toContain("duo-udm: /dev/full: cannot be written: no space left on the device\n");
    expect([s3.objects().has("all.ndjson"), s3.bucket.uploads.size]).toEqual([false, 0]);
  });

  test("says so when it cannot write, and lets go of what it was about to read", async () => {
    await bucket(twelve);
    const { status, stderr } = await map(URL_OF_ALL, "--out", "s3://no-such-bucket/all.ndjson");
    expect([status, stderr]).toEqual([
      3,
      "duo-udm: s3://no-such-bucket/all.ndjson: cannot be written: NoSuchBucket: create the bucket, or correct its name\n",
    ]);
  });

  test("takes a report", async () => {
    const s3 = await bucket(twelve);
    await duoUdm(["report", URL_OF_ALL, "--out", `s3://${BUCKET}/report.html`]);
    expect(s3.objects().get("report.html")?.type).toBe("text/html; charset=utf-8");
  });

  test("refuses an object that is input too", async () => {
    await bucket({ "a.json": page("A") });
    const { status, stderr } = await map(`s3://${BUCKET}/a.json`, "--out", `s3://${BUCKET}/a.json`);
    expect([status, stderr]).toEqual([2, `duo-udm: s3://${BUCKET}/a.json: is both input and output\n`]);
  });

  test("says so when all of the input lies below the output", async () => {
    await bucket(twelve);
    const { status, stderr } = await map(URL_OF_ALL, "--out", `s3://${BUCKET}`);
    expect(status).toBe(2);
    expect(stderr).toContain("all of it lies in the output; give --out another place");
  });
});

test("keys that lead out of the output directory are refused", async () => {
  await bucket({ "duo/context/../../../out.json": page("A"), "duo/context/in.json": page("B") });
  const directory = join(await temporaryDirectory(), "deep/er");
  await mkdir(directory, { recursive: true });
  const { status, stderr } = await map(URL_OF_ALL, "--out", `${directory}/`);
  expect(status).toBe(2);
  expect(stderr).toContain("out.json: would be written outside of ");
  expect([...(await filesBelow(join(directory, "../.."))).keys()]).toEqual([]);
});
