import { readFile } from "node:fs/promises";
import type http from "node:http";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { closeS3, openS3, s3Name, s3Place } from "../../src/io/s3.ts";
import { findSources, openAhead } from "../../src/io/sources.ts";
import { built, captured, duoUdm } from "../support/cli.ts";
import { temporaryDirectory } from "../support/collector.ts";
import { BUCKET, refuse } from "../support/s3.ts";
import { AT, bucket, idsIn, idsOfTwelve, map, page, twelve, URL_OF_ALL } from "../support/s3-pages.ts";

const isListing = ({ url = "" }: http.IncomingMessage) => url.includes("list-type=");

describe("the client", () => {
  test("is one, also for uses that begin at once", async () => {
    await bucket({});
    const one = { forcePathStyle: true };
    const [first, second] = await Promise.all([openS3(one), openS3(one)]);
    expect(second).toBe(first);
    expect(await openS3(one)).toBe(first);
  });
});

const BUCKET_FAULT =
  "the bucket's name must have 3 to 255 letters, digits, dots, hyphens or underscores, or be the ARN of an access point";

describe("s3://bucket/prefix names", () => {
  test.each([
    ["example-bucket", "duo/a.json"],
    ["example-bucket", ""],
    ["arn:aws:s3:us-east-1:111122223333:accesspoint/pages", "duo/a.json"],
    ["arn:aws:s3:us-east-1:111122223333:accesspoint/pages", ""],
    ["arn:aws:s3:us-east-1:111122223333:accesspoint:pages", "accesspoint/a.json"],
    ["arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-01/accesspoint/pages", "duo/a.json"],
    ["arn:aws:s3-outposts:us-east-1:111122223333:outpost:op-01:accesspoint:pages", "duo/a.json"],
  ])("the bucket %s, and the key '%s'", (bucket, key) => {
    const place = { bucket, key, forcePathStyle: false };
    expect(s3Place(s3Name(place), false)).toEqual(place);
  });

  test("every object below it, whatever its name, in the order of the keys", async () => {
    await bucket({
      "duo/context/2/page": page("C"),
      "duo/context/1/b.ndjson": '{"epkey":"B1"}\n{"epkey":"B2"}\n',
      "duo/context/1/a.json.gz": gzipSync(page("A")),
      "duo/context/": "",
      "duo/context-of-others/page.json": page("X"),
      "duo/manifests/run.json": page("Y"),
    });
    const expected = {
      status: 0,
      stderr: "documents 4, records 4, entities 4, skipped 0, issues 0\n",
    };
    for (const url of [URL_OF_ALL, `${URL_OF_ALL}/`]) {
      const { stdout, ...rest } = await map(url);
      expect(rest).toEqual(expected);
      expect(idsIn(stdout)).toEqual(["A", "B1", "B2", "C"]);
    }
  });

  test("the one object of that key", async () => {
    await bucket({ "duo/context/a.json": page("A"), "duo/context/a.json.old": page("OLD") });
    expect(idsIn((await map(`${URL_OF_ALL}/a.json`)).stdout)).toEqual(["A"]);
  });

  test("the whole bucket, when there is no prefix", async () => {
    await bucket({ "a.json": page("A"), "z/b.json": page("B") });
    expect(idsIn((await map(`s3://${BUCKET}`)).stdout)).toEqual(["A", "B"]);
  });

  test("objects of listings of any length, beside files, in the order of the inputs", async () => {
    await bucket(twelve, { mostKeys: 2 });
    const { stdout } = await duoUdm(
      ["map", URL_OF_ALL, "-", `${URL_OF_ALL}/duo-endpoints-00003.json`, "--jobs", "1"],
      { stdin: page("STDIN") },
    );
    expect(idsIn(stdout)).toEqual([...idsOfTwelve, "STDIN", "EP00003"]);
  });

  test("pages that were collected when they were last written", async () => {
    const s3 = await bucket({ "duo/context/a.json": page("A") });
    const modified = s3.bucket.objects.get("duo/context/a.json")?.modified;
    const { stdout } = await duoUdm(["map", URL_OF_ALL]);
    const time = `${modified?.toISOString().slice(0, 19)}Z`;
    expect(JSON.parse(stdout).metadata.collected_timestamp).toBe(time);
  });

  test("pages for every command that reads them", async () => {
    await bucket(twelve);
    const out = join(await temporaryDirectory(), "report.html");
    const check = await duoUdm(["check", URL_OF_ALL]);
    expect(check.stdout).toContain("in 12 documents, 12 records, 12\nentities.");
    const coverage = await duoUdm(["coverage", URL_OF_ALL, "--format", "json"]);
    expect(JSON.parse(coverage.stdout)).toMatchObject({ documents: 12, entities: 12 });
    const explain = await duoUdm(["explain", URL_OF_ALL, "--id", "EP00007", "--format", "json"]);
    expect(JSON.parse(explain.stdout)).toMatchObject({
      source: `${URL_OF_ALL}/duo-endpoints-00007.json`,
      record: 0,
    });
    const report = await duoUdm(["report", URL_OF_ALL, "--out", out]);
    expect([report.status, (await readFile(out, "utf8")).includes("<html")]).toEqual([0, true]);
  });
});

describe("reading from S3", () => {
  test("lists and opens only a little ahead of what is read", async () => {
    const requests = { listings: 0, objects: 0 };
    await bucket(twelve, {
      mostKeys: 2,
      intercept: (request) => {
        if (isListing(request)) requests.listings++;
        else if (request.method === "GET") requests.objects++;
        return false;
      },
    });
    const { stdin } = process;
    const sources = await findSources([URL_OF_ALL], [], { stdin, now: new Date(AT), forcePathStyle: true });
    expect([sources.isAll, sources.first.length, requests]).toEqual([false, 2, { listings: 1, objects: 0 }]);
    const seen: string[] = [];
    for await (const source of openAhead(sources)) {
      while (requests.objects < Math.min(seen.length + 4, 12)) await setImmediate();
      expect(requests.objects).toBeLessThanOrEqual(seen.length + 5);
      expect(requests.listings).toBeLessThanOrEqual(Math.ceil((seen.length + 6) / 2));
      seen.push(source.name);
    }
    expect(seen).toHaveLength(12);
    closeS3();
  });

  test("an object that was deleted meanwhile stops no other", async () => {
    await bucket(twelve, {
      intercept: (request, response) =>
        request.method === "GET" &&
        request.url?.includes("00004.json") === true &&
        refuse(response, "NoSuchKey"),
    });
    const { status, stdout, stderr } = await map(URL_OF_ALL);
    expect(status).toBe(3);
    expect(idsIn(stdout)).toEqual(idsOfTwelve.filter((id) => id !== "EP00004"));
    expect(stderr).toBe(
      `duo-udm: ${URL_OF_ALL}/duo-endpoints-00004.json: cannot be read: NoSuchKey: it was deleted meanwhile, or its name is wrong\n` +
        "documents 11, records 11, entities 11, skipped 0, issues 0\n",
    );
  });

  test("a listing that breaks off loses what comes after it and nothing else", async () => {
    let listings = 0;
    await bucket(twelve, {
      mostKeys: 2,
      intercept: (request, response) =>
        isListing(request) && ++listings > 3 && refuse(response, "AccessDenied"),
    });
    const { status, stdout, stderr } = await duoUdm(["map", URL_OF_ALL, "-", "--jobs", "1"], {
      stdin: page("STDIN"),
    });
    expect(status).toBe(3);
    expect(idsIn(stdout)).toEqual([...idsOfTwelve.slice(0, 6), "STDIN"]);
    expect(stderr).toContain(
      `duo-udm: ${URL_OF_ALL}/: the listing broke off: AccessDenied: allow s3:ListBucket`,
    );
  });

  test.each([
    ["back to where it was", "<NextContinuationToken>1</NextContinuationToken>", 2],
    ["in a circle", "<NextContinuationToken>?</NextContinuationToken>", 3],
    ["nowhere", "", 1],
    ["nowhere, by an empty token", "<NextContinuationToken/>", 1],
  ])("is read as far as it goes when the listing leads %s", async (_, token, listings) => {
    let asked = 0;
    const [key] = Object.keys(twelve);
    const object = `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>`;
    await bucket(twelve, {
      intercept: (request, response) => {
        if (!isListing(request)) return false;
        asked++;
        const next = token.replace("?", String(asked % 2));
        const body = `<ListBucketResult><IsTruncated>true</IsTruncated>${next}${object}</ListBucketResult>`;
        response.writeHead(200, { "content-type": "application/xml" }).end(body);
        return true;
      },
    });
    const { status, stderr } = await map(URL_OF_ALL);
    expect([status, asked]).toEqual([3, listings]);
    expect(stderr).toContain(`${URL_OF_ALL}/: the listing broke off: ListingStuck: the store announces more`);
  });

  test.each([
    [
      "a bucket that does not exist",
      "s3://no-such-bucket/x",
      2,
      "cannot be listed: NoSuchBucket: create the bucket",
    ],
    [
      "a prefix with nothing below it",
      `s3://${BUCKET}/none`,
      2,
      "no pages found in s3://example-bucket/none: ",
    ],
    ["a name without a bucket", "s3://", 2, "s3://: must be s3://bucket/prefix\n"],
    ["a prefix without a bucket", "s3:///x", 2, "s3:///x: must be s3://bucket/prefix\n"],
    ["a bucket's name that is too short", "s3://B_/x", 2, `s3://B_/x: ${BUCKET_FAULT}\n`],
    ["a bucket's name that holds a blank", "s3://my bucket/", 2, `s3://my bucket/: ${BUCKET_FAULT}\n`],
  ])("says what is wrong with %s", async (_, url, status, message) => {
    await bucket({});
    const ran = await map(url);
    expect([ran.status, ran.stdout]).toEqual([status, ""]);
    expect(ran.stderr).toContain(message);
  });

  test("says what is wrong when S3 refuses", async () => {
    await bucket(twelve, {
      intercept: (request, response) => request.method !== "PUT" && refuse(response, "AccessDenied"),
    });
    const { status, stderr } = await map(URL_OF_ALL);
    expect(status).toBe(3);
    expect(stderr).toContain(`${URL_OF_ALL}: cannot be listed: AccessDenied: allow s3:ListBucket`);
  });

  test.each([
    ["the address of the store", () => vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://[::1]:9000")],
    ["the store of this test", () => {}],
  ])("says once that %s has no access points", async (_, given) => {
    const told = vi.spyOn(console, "error");
    onTestFinished(() => told.mockRestore());
    await bucket({});
    given();
    const arn = "arn:aws:s3:us-east-1:111122223333:accesspoint:pages";
    const { status, stderr } = await map(`s3://${arn}/duo/`);
    expect([status, stderr]).toEqual([
      3,
      `duo-udm: s3://${arn}/duo/: cannot be listed: AccessPointWithoutHost: AWS_ENDPOINT_URL_S3 is an IP address: name the bucket in place of its access point, or give a host name\n`,
    ]);
    expect(told).not.toHaveBeenCalled();
  });

  test.each([
    ["an invalid time", "yesterday</LastModified></Contents></ListBucketResult>"],
    ["an invalid month", "2026-13-01T00:00:00Z</LastModified></Contents></ListBucketResult>"],
    ["no end", "2026-"],
  ])("says what is wrong with a listing that has %s", async (_, rest) => {
    const body = `<ListBucketResult><Contents><Key>a.json</Key><LastModified>${rest}`;
    await bucket({}, { intercept: (_, response) => Boolean(response.end(body)) });
    const { status, stderr } = await map(`${URL_OF_ALL}/`);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/cannot be listed: UnreadableAnswer: .* tell whoever runs the store\n$/),
    ]);
  });

  test.each(["HEAD", "GET"])("says what is wrong with an object whose time is none: %s", async (method) => {
    await bucket(
      { "duo/context/a.json": page("A") },
      {
        intercept: (request, response) => {
          if (request.method !== method || isListing(request)) return false;
          response.writeHead(200, { "last-modified": "Thu, 32 Jan 2026 00:00:00 GMT" }).end();
          return true;
        },
      },
    );
    const { status, stderr } = await map(`${URL_OF_ALL}/a.json`);
    expect([status, stderr]).toEqual([3, expect.stringMatching(/a\.json: cannot be .*: UnreadableAnswer: /)]);
  });

  test("says so when no region is configured", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await map(URL_OF_ALL)).toEqual({
      status: 2,
      stdout: "",
      stderr: "duo-udm: AWS_REGION is not set: give the bucket's region.\n",
    });
  });
});

test("jobs read S3 as one job does", async () => {
  const { env } = await bucket({
    ...twelve,
    "duo/context/broken.json": "{",
    "duo/context/z.ndjson": '{"epkey":"Z"}\n[',
  });
  const { run } = await built<typeof import("../../src/cli/run.ts")>("cli/run.js");
  const io = await built<typeof import("../../src/io/s3.ts")>("io/s3.js");
  onTestFinished(io.closeS3);
  const ran = (...argv: string[]) => captured((streams) => run(argv, streams), { env });
  for (const command of ["map", "check", "coverage"]) {
    const one = await ran(command, URL_OF_ALL, "--jobs", "1");
    expect(one).toMatchObject({ status: 1 });
    expect(await ran(command, URL_OF_ALL, "--jobs", "2")).toEqual(one);
  }
});
