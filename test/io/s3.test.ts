import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import type http from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { closeS3 } from "../../src/io/s3.ts";
import { findSources, openAhead } from "../../src/io/sources.ts";
import { duoUdm } from "../support/cli.ts";
import { filesBelow, temporaryDirectory } from "../support/collector.ts";
import { BUCKET, type S3Options, startS3 } from "../support/s3.ts";

const MAIN = join(import.meta.dirname, "../../dist/cli/main.js");
const AT = "2026-01-02T03:04:05Z";
const URL_OF_ALL = `s3://${BUCKET}/duo/context`;

const page = (...epkeys: string[]) =>
  JSON.stringify({ stat: "OK", response: epkeys.map((epkey) => ({ epkey })) });

/** A bucket that holds these objects. */
async function bucket(objects: Readonly<Record<string, string | Buffer>>, options: S3Options = {}) {
  const s3 = await startS3(options);
  for (const [key, body] of Object.entries(objects)) await s3.put(key, Buffer.from(body));
  return s3;
}

/** The product_object_ids of entities, one a line, in order. */
const idsIn = (ndjson: string): string[] =>
  ndjson
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).entity.asset.product_object_id);

/** In this thread: workers run the built code, which the tests of `--jobs` use. */
const map = (...argv: string[]) => duoUdm(["map", ...argv, "--collected-at", AT, "--jobs", "1"]);

const pathOf = ({ url = "" }: http.IncomingMessage) => new URL(url, "http://localhost");
const isListing = (request: http.IncomingMessage) => pathOf(request).searchParams.has("list-type");

function refuse(response: http.ServerResponse, status: number, code: string): true {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  return true;
}

/** Answers a listing with so many of these keys at a time, which the server here cannot do by itself. */
function listSome(
  keys: readonly string[],
  most: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): boolean {
  if (!isListing(request)) return false;
  const { searchParams } = pathOf(request);
  const prefix = searchParams.get("prefix") ?? "";
  const after = searchParams.get("continuation-token") ?? "";
  const left = keys.filter((key) => key.startsWith(prefix) && key > after).sort();
  const some = left.slice(0, most);
  const more = `<IsTruncated>true</IsTruncated><NextContinuationToken>${some.at(-1)}</NextContinuationToken>`;
  const contents = some.map(
    (key) => `<Contents><Key>${key}</Key><LastModified>${AT}</LastModified><Size>20</Size></Contents>`,
  );
  response.writeHead(200, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0"?><ListBucketResult>${left.length > most ? more : ""}${contents.join("")}</ListBucketResult>`,
  );
  return true;
}

/** Twelve pages of one record. */
const twelve = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => String(at).padStart(5, "0")).map((at) => [
    `duo/context/duo-endpoints-${at}.json`,
    page(`EP${at}`),
  ]),
);
const idsOfTwelve = Array.from({ length: 12 }, (_, at) => `EP${String(at).padStart(5, "0")}`);

describe("s3://bucket/prefix names", () => {
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
    await bucket(twelve, {
      intercept: (request, response) => listSome(Object.keys(twelve), 2, request, response),
    });
    const { stdout } = await duoUdm(
      ["map", URL_OF_ALL, "-", `${URL_OF_ALL}/duo-endpoints-00003.json`, "--jobs", "1"],
      { stdin: page("STDIN") },
    );
    expect(idsIn(stdout)).toEqual([...idsOfTwelve, "STDIN", "EP00003"]);
  });

  test("pages that were collected when they were last written", async () => {
    const { client } = await bucket({ "duo/context/a.json": page("A") });
    const { LastModified } = await client.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: "duo/context/a.json" }),
    );
    const { stdout } = await duoUdm(["map", URL_OF_ALL]);
    const time = `${LastModified?.toISOString().slice(0, 19)}Z`;
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
      intercept: (request, response) => {
        if (isListing(request)) requests.listings++;
        else if (request.method === "GET") requests.objects++;
        return listSome(Object.keys(twelve), 2, request, response);
      },
    });
    const { stdin } = process;
    const sources = await findSources([URL_OF_ALL], [], { stdin, now: new Date(AT), forcePathStyle: true });
    expect([sources.isAll, sources.first.length, requests]).toEqual([false, 2, { listings: 1, objects: 0 }]);
    const seen: string[] = [];
    for await (const source of openAhead(sources)) {
      await vi.waitFor(() => expect(requests.objects).toBeGreaterThanOrEqual(Math.min(seen.length + 4, 12)));
      expect(requests.objects).toBeLessThanOrEqual(seen.length + 5);
      expect(requests.listings).toBeLessThanOrEqual(Math.ceil((seen.length + 6) / 2));
      seen.push(source.name);
    }
    expect(seen).toHaveLength(12);
    closeS3();
  });

  /** Lines of a small object, which is read at once, and of a large one. */
  const lines = {
    small: Array.from({ length: 40_000 }, (_, at) => `{"epkey":"EP${at}"}`),
    large: Array.from({ length: 40_000 }, (_, at) => `{"epkey":"EP${at}","model":"${"x".repeat(100)}"}`),
  };
  const all = Array.from({ length: 40_000 }, (_, at) => `EP${at}`);

  /** Sends the start of an object whose connection then breaks; `after` sees the requests for the rest. */
  function breaking(
    body: string,
    after: (request: http.IncomingMessage, response: http.ServerResponse) => boolean,
  ) {
    let isBroken = false;
    return (request: http.IncomingMessage, response: http.ServerResponse): boolean => {
      if (request.method !== "GET" || !pathOf(request).pathname.endsWith("/a.ndjson")) return false;
      if (isBroken) return after(request, response);
      isBroken = true;
      response.writeHead(200, {
        "content-length": body.length,
        etag: '"tag"',
        "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      });
      response.write(body.slice(0, 300_000), () => setTimeout(() => response.destroy(), 100));
      return true;
    };
  }

  test.each(["small", "large"] as const)("takes up a %s object where its connection broke", async (size) => {
    const body = `${lines[size].join("\n")}\n`;
    const ranges: (string | undefined)[] = [];
    const intercept = breaking(body, ({ headers }) => {
      ranges.push(headers.range);
      return false;
    });
    await bucket({ "duo/context/a.ndjson": body }, { intercept });
    const { status, stdout } = await map(URL_OF_ALL);
    expect(status).toBe(0);
    expect(idsIn(stdout)).toEqual(all);
    expect(ranges).toEqual(["bytes=300000-"]);
  });

  test.each([
    ["small", "nothing"],
    ["large", "its first lines"],
  ] as const)("a %s object that was overwritten while it was read gives %s", async (size, given) => {
    const body = `${lines[size].join("\n")}\n`;
    const intercept = breaking(body, (_, response) => refuse(response, 412, "PreconditionFailed"));
    await bucket({ "duo/context/a.ndjson": body, "duo/context/b.ndjson": '{"epkey":"B"}\n' }, { intercept });
    const { status, stdout, stderr } = await map(URL_OF_ALL);
    expect(status).toBe(3);
    expect(stderr).toContain(
      `${URL_OF_ALL}/a.ndjson: cannot be read: PreconditionFailed: it was overwritten while it was read: run again`,
    );
    const ids = idsIn(stdout);
    expect(ids.pop()).toBe("B");
    expect(ids).toEqual(all.slice(0, ids.length));
    expect(ids.length > 0).toBe(given === "its first lines");
  });

  test("an object that was deleted meanwhile stops no other", async () => {
    await bucket(twelve, {
      intercept: (request, response) =>
        request.method === "GET" &&
        pathOf(request).pathname.endsWith("00004.json") &&
        refuse(response, 404, "NoSuchKey"),
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
      intercept: (request, response) =>
        isListing(request) && ++listings > 3
          ? refuse(response, 403, "AccessDenied")
          : listSome(Object.keys(twelve), 2, request, response),
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
    ["a name without a bucket", "s3://", 2, "s3://: must be s3://bucket/prefix"],
  ])("says what is wrong with %s", async (_, url, status, message) => {
    await bucket({});
    const ran = await map(url);
    expect([ran.status, ran.stdout]).toEqual([status, ""]);
    expect(ran.stderr).toContain(message);
  });

  test("says what is wrong when S3 refuses", async () => {
    await bucket(twelve, {
      intercept: (request, response) => request.method !== "PUT" && refuse(response, 403, "AccessDenied"),
    });
    const { status, stderr } = await map(URL_OF_ALL);
    expect(status).toBe(3);
    expect(stderr).toContain(`${URL_OF_ALL}: cannot be listed: AccessDenied: allow s3:ListBucket`);
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

describe("--out s3://", () => {
  test("writes one object, the bytes that a file gets", async () => {
    const s3 = await bucket(twelve);
    const file = join(await temporaryDirectory(), "entities.ndjson");
    await map(URL_OF_ALL, "--out", file, "--issues", `${file}.issues`);
    const { status } = await map(
      ...[URL_OF_ALL, "--out", `s3://${BUCKET}/out/entities.ndjson`],
      ...["--issues", `s3://${BUCKET}/out/issues.ndjson`],
    );
    const objects = await s3.objects();
    expect(status).toBe(0);
    expect(objects.get("out/entities.ndjson")).toEqual({
      body: await readFile(file, "utf8"),
      type: "application/x-ndjson",
    });
    expect(objects.get("out/issues.ndjson")?.body).toBe(await readFile(`${file}.issues`, "utf8"));
  });

  test("writes an object of several parts", async () => {
    const lines = Array.from({ length: 50_000 }, (_, at) =>
      JSON.stringify({ epkey: `EP${at}`, model: "x".repeat(500) }),
    );
    const s3 = await bucket({});
    const around = { stdin: lines.join("\n") };
    const piped = await duoUdm(["map", "-", "--collected-at", AT], around);
    const argv = ["map", "-", "--collected-at", AT, "--out", `s3://${BUCKET}/all.ndjson`];
    expect((await duoUdm(argv, around)).status).toBe(0);
    expect(piped.stdout.length).toBeGreaterThan(32 << 20);
    expect(s3.puts.filter(({ key }) => key === "all.ndjson").length).toBeGreaterThan(1);
    expect((await s3.objects()).get("all.ndjson")?.body === piped.stdout).toBe(true);
  });

  test("with a slash behind it, writes one object an input, and takes none of them for input", async () => {
    const s3 = await bucket({ ...twelve, "duo/x/a.json.gz": gzipSync(page("A")) });
    for (const _ of ["once", "again"]) {
      await map(`s3://${BUCKET}/duo`, "--out", `s3://${BUCKET}/duo/udm/`);
      const keys = [...(await s3.objects()).keys()].filter((key) => key.startsWith("duo/udm/"));
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
    expect((await s3.objects()).has("all.ndjson")).toBe(false);
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
    expect((await s3.objects()).get("report.html")?.type).toBe("text/html; charset=utf-8");
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
    expect(stderr).toContain("what is there is the output, or below it");
  });
});

test("keys that lead out of the output directory are refused", async () => {
  const keys = ["duo/context/../../../out.json", "duo/context/in.json"];
  await bucket({}, { intercept: (request, response) => listSome(keys, 2, request, response) });
  const directory = join(await temporaryDirectory(), "deep/er");
  await mkdir(directory, { recursive: true });
  const { status, stderr } = await map(URL_OF_ALL, "--out", `${directory}/`);
  expect(status).toBe(2);
  expect(stderr).toContain("out.json: would be written outside of ");
  expect([...(await filesBelow(join(directory, "../.."))).keys()]).toEqual([]);
});

test("jobs read S3 as one job does", async () => {
  const { env } = await bucket({
    ...twelve,
    "duo/context/broken.json": "{",
    "duo/context/z.ndjson": '{"epkey":"Z"}\n[',
  });
  const run = (...argv: string[]) =>
    new Promise((resolve) => {
      const options = { env: { ...process.env, ...env } };
      execFile(process.execPath, [MAIN, ...argv], options, (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr }),
      );
    });
  for (const command of ["map", "check", "coverage"]) {
    const one = await run(command, URL_OF_ALL, "--jobs", "1");
    expect(one).toMatchObject({ status: 1 });
    expect(await run(command, URL_OF_ALL, "--jobs", "3")).toEqual(one);
  }
});
