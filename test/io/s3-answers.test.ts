/** A server that is not S3, and answers everything with 200 and a page for people. */

import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { filesBelow, temporaryDirectory } from "../support/collector.ts";
import { BUCKET, startS3 } from "../support/s3.ts";

const PAGE = { stat: "OK", response: [{ epkey: "EP00000000000000000001", device_name: "laptop" }] };

async function startSignInPage() {
  return startS3({
    intercept: (request, response) => {
      request.resume().on("end", () => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
      });
      return true;
    },
  });
}

test.each([
  ["one part", 1],
  ["several parts", 3_000],
])("an object of %s counts as stored only when S3 says so", async (_, times) => {
  const { env } = await startSignInPage();
  const directory = await temporaryDirectory();
  const input = join(directory, "page.json");
  const response = Array.from({ length: times }, (_, at) => ({
    epkey: `EP${String(at).padStart(20, "0")}`,
    device_name: "x".repeat(6_000),
  }));
  await writeFile(input, JSON.stringify({ ...PAGE, response }));
  const issues = join(directory, "issues.ndjson");
  const argv = ["map", input, "--out", `s3://${BUCKET}/out.ndjson`, "--issues", issues];
  const { status, stderr } = await duoUdm(argv, { env });
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(/^duo-udm: s3:\/\/.*: cannot be written: NotAnS3Answer: check AWS_ENDPOINT_URL_S3/),
  ]);
  expect([...(await filesBelow(directory)).keys()]).toEqual(["page.json"]);
});

test("a listing is one only when S3 gives it", async () => {
  const { env } = await startSignInPage();
  const { status, stderr } = await duoUdm(["check", `s3://${BUCKET}/pages/`], { env });
  expect([status, stderr]).toEqual([3, expect.stringMatching(/NotAnS3Answer: check AWS_ENDPOINT_URL_S3/)]);
});

test.each([
  ["plain text", "OK"],
  ["HTML that is not announced", "<!DOCTYPE html><title>Sign in</title>"],
])("a listing in %s is none", async (_, body) => {
  const { env } = await startS3({ intercept: (_, response) => Boolean(response.end(body)) });
  const { status, stderr } = await duoUdm(["check", `s3://${BUCKET}/pages/`], { env });
  expect([status, stderr]).toEqual([3, expect.stringMatching(/NotAnS3Answer: check AWS_ENDPOINT_URL_S3/)]);
});

describe("a write that is answered with 200", () => {
  async function write(headers: Record<string, string>, ...chunks: string[]) {
    const { env } = await startS3({
      intercept: (request, response) => {
        request.resume().on("end", async () => {
          response.writeHead(200, headers);
          for (const chunk of chunks) {
            if (!response.write(chunk)) await once(response, "drain");
          }
          response.end();
        });
        return true;
      },
    });
    const directory = await temporaryDirectory();
    const input = join(directory, "page.json");
    await writeFile(input, JSON.stringify(PAGE));
    return duoUdm(["map", input, "--out", `s3://${BUCKET}/out.ndjson`], { env });
  }

  test.each([
    ["XML", '<?xml version="1.0"?><PutObjectResult/>', 0, /^documents 1/],
    ["XML that tells an error", "<Error><Code>AccessDenied</Code></Error>", 3, /AccessDenied: allow/],
  ])("and %s is S3's", async (_, body, expected, told) => {
    const { status, stderr } = await write({ "content-type": "application/xml" }, body);
    expect([status, stderr]).toEqual([expected, expect.stringMatching(told)]);
  });

  test.each([
    ["text of no announced length", { "content-type": "text/plain" }],
    ["a page for people that has a tag", { "content-type": "text/html", etag: '"x"' }],
  ])("and %s is not S3's", async (_, headers) => {
    const { status, stderr } = await write({ ...headers }, "O", "K");
    expect([status, stderr]).toEqual([3, expect.stringMatching(/NotAnS3Answer: check AWS_ENDPOINT_URL_S3/)]);
  });

  test.each([
    ["nothing", {}],
    ["nothing but a tag, as HTML", { "content-type": "text/html", etag: '"x"' }],
  ])("and %s is stored", async (_, headers) => {
    expect((await write({ ...headers })).status).toBe(0);
  });
});

describe.each([
  ["in HTML", "text/html", "<html>Not here &nbsp; <b>sorry</html>"],
  ["in plain text", "text/plain", "404 page not found"],
  ["in JSON", "application/json", '{"error":"no"}'],
])("an error %s", (_, type, body) => {
  async function listingFrom(statuses: readonly number[]) {
    let requests = 0;
    const { env } = await startS3({
      intercept: (request, response) => {
        const status = statuses[requests++];
        if (status === undefined) return false;
        request.resume().on("end", () => {
          response.writeHead(status, { "content-type": type }).end(body);
        });
        return true;
      },
    });
    const { status, stderr } = await duoUdm(["map", `s3://${BUCKET}/pages/`], { env });
    return { status, stderr, requests };
  }

  test.each([302, 400, 403, 404, 407, 511])("with status %d is not S3's, and final", async (code) => {
    const { status, stderr, requests } = await listingFrom([code]);
    expect([status, requests, stderr]).toEqual([
      3,
      1,
      expect.stringMatching(/NotAnS3Answer: check AWS_ENDPOINT_URL_S3/),
    ]);
  });

  test.each([429, 500, 502, 503, 504])("with status %d is a gateway's, and passes", async (code) => {
    const { stderr, requests } = await listingFrom([code]);
    expect([requests, stderr]).toEqual([2, expect.stringMatching(/^duo-udm: no pages found in/)]);
  });

  test("that stays names its status", async () => {
    expect((await listingFrom([502, 502, 502, 502])).stderr).toMatch(/cannot be listed: HTTP 502: check/);
  });
});
