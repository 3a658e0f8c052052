/** Whether a store that refuses an object refuses all of them. */

import { mkdir, symlink, writeFile } from "node:fs/promises";
import type http from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CollectOptions, collect } from "../../src/collector/collect.ts";
import { loadConfig } from "../../src/collector/config.ts";
import type { Manifest } from "../../src/collector/manifest.ts";
import { StoreCauses } from "../../src/collector/store-causes.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { duoUdm } from "../support/cli.ts";
import { collectFrom, fakeClock, simulator, temporaryDirectory } from "../support/collector.ts";
import { type S3, startS3 } from "../support/s3.ts";

const RUN: CollectOptions = { runId: "run" };

/** An S3 server that refuses the objects whose path a pattern fits. */
function refusing(status: number, code: string, which: RegExp): Promise<S3> {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>No</Message></Error>`;
  const intercept = (request: http.IncomingMessage, response: http.ServerResponse): boolean => {
    if (request.method !== "PUT" || !which.test(request.url ?? "")) return false;
    request.resume().on("end", () => {
      response.writeHead(status, { "content-type": "application/xml" }).end(body);
    });
    return true;
  };
  return startS3({ intercept });
}

interface Told {
  readonly failed: readonly string[];
  readonly unstarted: number;
  readonly message: string | undefined;
}

function told({ resources }: Manifest): Told {
  const failed = resources.filter(({ error }) => error !== undefined);
  return {
    failed: failed.map(({ resource, error }) => `${resource} ${error?.code}`),
    unstarted: resources.filter(({ not_started }) => not_started).length,
    message: failed[0]?.error?.message,
  };
}

async function collectInto(s3: S3, env: Record<string, string> = {}): Promise<Told> {
  const clock = fakeClock();
  const duo = await simulator({ users: 20, now: clock.now });
  const { manifest } = await collect(loadConfig({ ...duo.env, ...s3.env, ...env }), { ...clock, ...RUN });
  return told(manifest);
}

const PAGES = /\/duo\/context\//;

describe("a refusal of S3 that concerns the account or the bucket", () => {
  test.each([
    [403, "AccessDenied", /allow .*s3:PutObject/],
    [403, "InvalidAccessKeyId", /check the AWS credentials/],
    [403, "SignatureDoesNotMatch", /check the AWS credentials/],
    [403, "RequestTimeTooSkewed", /clock/],
    [400, "ExpiredToken", /renew the AWS credentials/],
    [400, "InvalidToken", /check the AWS credentials/],
    [400, "AuthorizationHeaderMalformed", /AWS_REGION/],
    [404, "NoSuchBucket", /create the bucket/],
    [400, "KMS.DisabledException", /KMS key/],
    [501, "NotImplemented", /check the bucket/],
    [507, "XMinioStorageFull", /make room/],
  ])("is told once, and ends the run: %d %s", async (status, code, advice) => {
    expect(await collectInto(await refusing(status, code, PAGES))).toEqual({
      failed: ["users STORE_FAILED"],
      unstarted: 6,
      message: expect.stringMatching(
        new RegExp(`^s3://.*/duo-users-00000\\.json could not be written \\(${code}\\): .*${advice.source}`),
      ),
    });
  });

  test("is told once where it concerns the entities only", async () => {
    const found = await collectInto(await refusing(403, "AccessDenied", /\/duo\/udm\//), { OUTPUT: "both" });
    expect([found.failed, found.unstarted]).toEqual([["users STORE_FAILED"], 6]);
  });

  test("is told once on the command line, also where the manifest is refused", async () => {
    const s3 = await refusing(403, "AccessDenied", /./);
    const duo = await simulator({ users: 20 });
    const { status, stdout, stderr } = await duoUdm(["collect"], { env: { ...duo.env, ...s3.env } });
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(
      /^duo-udm: users: s3:.* \(AccessDenied\): allow .*\nduo-udm: the manifest could not be written either\nduo-udm: 7 resources, 0 records, 0 objects, 0 bytes in .* s; failed: users \(STORE_FAILED\); not started: .*\n$/,
    );
  });
});

test("what keeps the manifest from being written is told where it is another cause", async () => {
  const body = (code: string) => `<Error><Code>${code}</Code><Message>No</Message></Error>`;
  const s3 = await startS3({
    intercept: (request, response) => {
      if (request.method !== "PUT") return false;
      const [status, code] = PAGES.test(request.url ?? "") ? [400, "KeyTooLongError"] : [403, "AccessDenied"];
      request.resume().on("end", () => response.writeHead(status).end(body(code)));
      return true;
    },
  });
  const duo = await simulator({ users: 20 });
  const { stderr } = await duoUdm(["collect", "--resource", "users"], { env: { ...duo.env, ...s3.env } });
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/users: .*\(KeyTooLongError\)/),
    expect.stringMatching(/manifests.* could not be written \(AccessDenied\): allow/),
    expect.stringMatching(/1 resource, .*; failed: users \(STORE_FAILED\)$/),
  ]);
});

test.each([
  [400, "KeyTooLongError"],
  [400, "BadDigest"],
  [403, "AccessDenied"],
])("a refusal of S3 that concerns one object lets the others go on: %d %s", async (status, code) => {
  const found = await collectInto(await refusing(status, code, /duo-phones-/));
  expect([found.failed, found.unstarted]).toEqual([["phones STORE_FAILED"], 0]);
});

describe("a directory", () => {
  test.each([
    ["EACCES", true],
    ["EPERM", true],
    ["EROFS", true],
    ["ENOSPC", true],
    ["EDQUOT", true],
    ["EISDIR", false],
    ["ENAMETOOLONG", false],
    ["EIO", true],
    ["ENOENT", true],
    ["EPROTO", true],
    ["HPE_INVALID_CONSTANT", true],
    ["ERR_INVALID_URL", true],
    ["AccessPointWithoutHost", true],
  ])("that nothing was stored in, and that gives %s: ends the run: %s", (code, ends) => {
    expect(new StoreCauses().concernAll(code, "duo/context/2026/03/04/duo-users-00000.json")).toBe(ends);
  });

  test.each([
    ["EACCES", false],
    ["EROFS", true],
    ["ENOSPC", true],
  ])("that a page of the day was stored in, and that gives %s: ends the run: %s", (code, ends) => {
    const causes = new StoreCauses();
    causes.sawStored("duo/context/2026/03/04/duo-users-00000.json");
    expect(causes.concernAll(code, "duo/context/2026/03/04/duo-phones-00000.json")).toBe(ends);
    expect(causes.concernAll("EACCES", "duo/udm/2026/03/04/duo-users-00000.ndjson")).toBe(true);
  });

  test("whose path leads through a file is told once, and ends the run", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "duo"));
    await symlink("/dev/full", join(directory, "duo/context"));
    const { manifest } = await collectFrom({}, {}, {}, { to: directory });
    expect(told(manifest)).toEqual({
      failed: ["users STORE_FAILED"],
      unstarted: 6,
      message: expect.stringMatching(
        /could not be written \((?:EEXIST|ENOTDIR)\): a part of the path is a file/,
      ),
    });
  });

  test("in which one page cannot be written goes on with the other resources", async () => {
    const directory = await temporaryDirectory();
    const page = join(directory, "duo/context/2026/03/04/duo-phones-00000.json");
    await mkdir(page, { recursive: true });
    await writeFile(join(page, "in the way"), "");
    const { manifest } = await collectFrom({}, {}, {}, { to: directory });
    expect(told(manifest)).toMatchObject({ failed: ["phones STORE_FAILED"], unstarted: 0 });
    expect(manifest.resources).toHaveLength(RESOURCES.length);
  });
});
