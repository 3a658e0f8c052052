/** A server that is not S3, and answers everything with 200 and a page for people. */

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

describe("an error in HTML", () => {
  const PAGE_FOR_PEOPLE = "<html>Not here &nbsp; <b>sorry</html>";

  async function listingFrom(statuses: readonly number[]) {
    let requests = 0;
    const { env } = await startS3({
      intercept: (request, response) => {
        const status = statuses[requests++];
        if (status === undefined) return false;
        request.resume().on("end", () => {
          response.writeHead(status, { "content-type": "text/html" }).end(PAGE_FOR_PEOPLE);
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

  test.each([500, 502, 503, 504])("with status %d is a gateway's, and passes", async (code) => {
    const { stderr, requests } = await listingFrom([code]);
    expect([requests, stderr]).toEqual([2, expect.stringMatching(/^duo-udm: no pages found in/)]);
  });

  test("that stays names its status", async () => {
    expect((await listingFrom([502, 502, 502, 502])).stderr).toMatch(/cannot be listed: HTTP 502: check/);
  });
});
