import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import type { Manifest } from "../../src/collector/manifest.ts";
import { mapPage } from "../../src/core/map-page.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { simulator } from "../support/collector.ts";
import { type Invoked, invoking, startSecretsManager } from "../support/lambda.ts";
import { type S3, startS3 } from "../support/s3.ts";

const invoke = invoking("handler");

async function manifestIn(s3: S3): Promise<Manifest> {
  const objects = [...s3.objects()].filter(([key]) => key.startsWith("duo/manifests/"));
  expect(objects).toHaveLength(1);
  return JSON.parse(objects[0]?.[1].body ?? "");
}

const metricsIn = ({ logs }: Invoked) =>
  logs
    .filter((log) => "_aws" in log)
    .map(({ Pages, Objects, Retries, Failures }) => ({ Pages, Objects, Retries, Failures }));

describe("the collector's function", () => {
  test("collects, and returns what the guide's function returns", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 350 });
    const invoked = await invoke({ ...duo.env, ...s3.env });
    expect(invoked.outcome).toEqual({
      result: {
        ok: true,
        results: [
          { resource: "users", pages: 2, objects: 350 },
          { resource: "groups", pages: 1, objects: 5 },
          { resource: "phones", pages: 1, objects: 385 },
          { resource: "endpoints", pages: 2, objects: 525 },
          { resource: "tokens", pages: 1, objects: 35 },
          { resource: "webauthncredentials", pages: 1, objects: 70 },
          { resource: "desktop_authenticators", pages: 1, objects: 88 },
        ],
      },
    });
    expect(metricsIn(invoked)).toEqual([{ Pages: 9, Objects: 1_458, Retries: 0, Failures: 0 }]);
    expect(await manifestIn(s3)).toMatchObject({ complete: true });
  });

  test.each([
    ["an event's resources", { resources: ["tokens", "groups"] }, ["tokens", "groups"]],
    ["RESOURCES, for an event without", {}, ["users"]],
    [
      "RESOURCES, for the event of an EventBridge rule",
      { "detail-type": "Scheduled Event", resources: ["arn:x"] },
      ["users"],
    ],
  ])("collects %s", async (_, event, resources) => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { outcome } = await invoke({ ...duo.env, ...s3.env, RESOURCES: "users" }, event);
    expect(outcome).toMatchObject({ result: { results: resources.map((resource) => ({ resource })) } });
  });

  test("stores records, one per line, with the bytes that Duo sent", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { outcome } = await invoke({ ...duo.env, ...s3.env, OUTPUT: "records", RESOURCES: "users,phones" });
    expect(outcome).toMatchObject({ result: { ok: true } });
    const objects = [...(await s3.objects())].filter(([key]) => !key.startsWith("duo/manifests/"));
    const lines = (records: readonly object[]) => records.map((one) => `${JSON.stringify(one)}\n`).join("");
    expect(objects.map(([key, { body }]) => [key.replace(/\d{4}\/\d\d\/\d\d/, "DAY"), body])).toEqual([
      ["duo/records/DAY/duo-phones-00000.ndjson", lines(duo.account.page("phones", 0, 500))],
      ["duo/records/DAY/duo-users-00000.ndjson", lines(duo.account.page("users", 0, 500))],
    ]);
  });

  test("stores pages, records and the enriched profile's entities of an event's resources", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const env = { ...duo.env, ...s3.env, OUTPUT: "raw,records,udm", PROFILE: "enriched" };
    const { outcome, logs } = await invoke(env, { resources: ["groups"] });
    expect(outcome).toEqual({
      result: { ok: true, results: [{ resource: "groups", pages: 1, objects: 4 }] },
    });
    expect(logs.filter(({ level }) => level === "ERROR")).toEqual([]);
    const [page] = (await manifestIn(s3)).resources[0]?.pages ?? [];
    const objects = await s3.objects();
    expect([...objects.keys()].filter((key) => !key.startsWith("duo/manifests/")).sort()).toEqual(
      [page?.key, page?.record_lines?.key, page?.udm?.key].sort(),
    );
    const entities = mapPage(JSON.parse(objects.get(page?.key ?? "")?.body ?? ""), {
      collectedAt: (await manifestIn(s3)).start,
      source: page?.key ?? "",
      profile: PROFILES.enriched,
    }).entities;
    expect(entities).toHaveLength(4);
    expect(objects.get(page?.udm?.key ?? "")?.body).toBe(
      entities.map((entity) => `${JSON.stringify(entity)}\n`).join(""),
    );
  });

  const LONG = "x".repeat(1_000_000);
  let deep: unknown = "users";
  for (let level = 0; level < 2_000; level++) deep = [deep];

  test.each<[string, unknown, RegExp]>([
    ["null", { resources: null }, /^The event's resources must be a list of resource names\.$/],
    ["text", { resources: "users" }, /^The event's resources must be a list/],
    ["an object", { resources: { 0: "users", length: 1 } }, /^The event's resources must be a list/],
    ["a list of lists", { resources: [["users"]] }, /^The event's resources must be a list/],
    ["nested deeply", { resources: deep }, /^The event's resources must be a list/],
    ["a list of numbers", { resources: [1, 2] }, /^The event's resources must be a list/],
    ["empty", { resources: [] }, /^resources names no resource: give some of users, groups/],
    ["blank", { resources: ["", " "] }, /^resources names no resource/],
    ["a name of Object's", { resources: ["constructor"] }, /^resources: entry 1 is not one of users, groups/],
    ["1 MB of text", { resources: [LONG] }, /^resources: entry 1 is not one of/],
    ["100,000 unknown names", { resources: Array(100_000).fill("robots") }, /and 99995 more entries\.$/],
  ])(
    "refuses an event whose resources are %s, in few words and before any request",
    async (_, event, told) => {
      const duo = await simulator({ users: 1 });
      const { outcome, output } = await invoke({ ...duo.env, S3_BUCKET: "example-bucket" }, event);
      expect(outcome.error).toEqual({ name: "ConfigError", message: expect.stringMatching(told) });
      expect(output.length).toBeLessThan(3_000);
      expect(duo.requests).toEqual([]);
    },
  );

  test.each<[string, unknown]>([
    ["null", null],
    ["a number", 17],
    ["text", "users"],
    ["a list", ["users"]],
    ["1 MB of something else", { detail: LONG, Records: [{ s3: LONG }] }],
  ])("runs as configured for an event that is %s, and does not log it", async (_, event) => {
    const s3 = await startS3();
    const duo = await simulator({ users: 5 });
    const { outcome, output } = await invoke({ ...duo.env, ...s3.env, RESOURCES: "groups" }, event);
    expect(outcome).toMatchObject({ result: { results: [{ resource: "groups" }] } });
    expect(output.length).toBeLessThan(5_000);
  });

  test("throws once the manifest is written when a resource failed", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20, faults: [{ kind: "forbidden", resource: "tokens" }] });
    const invoked = await invoke({ ...duo.env, ...s3.env });
    const manifest = await manifestIn(s3);
    expect(manifest.resources.map(({ error }) => error?.duo_code)).toEqual([
      ...Array(4).fill(undefined),
      "40301",
      undefined,
      undefined,
    ]);
    expect(invoked.outcome.error?.name).toBe("CollectionError");
    expect(invoked.outcome.error?.message).toMatch(
      /^1 of 7 resources failed; .*\ntokens: Duo refused the request .*40301/,
    );
    expect(metricsIn(invoked)).toEqual([{ Pages: 6, Objects: 85, Retries: 0, Failures: 1 }]);
    expect(invoked.logs.filter(({ level }) => level === "ERROR").map(({ resource }) => resource)).toEqual([
      "tokens",
    ]);
  });

  test("keeps ten seconds of the remaining time to itself", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { outcome } = await invoke({ ...duo.env, ...s3.env }, {}, 9_999);
    expect(outcome.error?.message).toMatch(/^7 of 7 resources failed/);
    expect(duo.requests).toEqual([]);
    expect((await manifestIn(s3)).resources.map(({ error }) => error?.code)).toEqual(
      RESOURCES.map(() => "DEADLINE"),
    );
  });

  test("tells all faults of its configuration, before any request", async () => {
    const duo = await simulator({ users: 20 });
    const { outcome } = await invoke({ DUO_API_URL: duo.url, OUTPUT: "xml" }, { resources: ["robots"] });
    expect(outcome.error?.name).toBe("ConfigError");
    expect(outcome.error?.message.split("\n")).toHaveLength(6);
    expect(duo.requests).toEqual([]);
  });

  test.each([
    ["as text", (skey: string) => `${skey}\n`],
    ["as JSON", (skey: string) => JSON.stringify({ DUO_SKEY: skey })],
  ])("reads the secret key from Secrets Manager, kept %s", async (_, keep) => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { DUO_SKEY, ...env } = duo.env;
    const secrets = await startSecretsManager(keep(DUO_SKEY));
    const { outcome } = await invoke({ ...env, ...s3.env, ...secrets, DUO_SKEY_SECRET_ID: "duo/skey" });
    expect(outcome).toMatchObject({ result: { ok: true } });
  });

  test("says what to do when the secret cannot be read, and writes the manifest", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { DUO_SKEY: _, ...env } = duo.env;
    const secrets = await startSecretsManager("");
    const { outcome } = await invoke({
      ...env,
      ...s3.env,
      ...secrets,
      DUO_SKEY_SECRET_ID: "other",
      RESOURCES: "users",
    });
    expect(outcome.error?.message).toContain("(ResourceNotFoundException): check the name, the region");
    expect((await manifestIn(s3)).resources.map(({ error }) => error?.code)).toEqual(["SECRET_UNREADABLE"]);
  });

  test("logs JSON lines without any secret or record, whatever goes wrong", async () => {
    const s3 = await startS3();
    const duo = await simulator({
      users: 20,
      faults: [{ kind: "rate-limit" }, { kind: "fail", resource: "phones" }],
    });
    const { output, logs } = await invoke({ ...duo.env, ...s3.env, OUTPUT: "both" });
    const signatures = duo.requests.map(({ authorization }) => authorization.slice("Basic ".length));
    const secrets = [duo.env.DUO_SKEY, s3.env["AWS_SECRET_ACCESS_KEY"] ?? "", ...signatures];
    expect(logs.filter(({ level }) => level === "WARN").map(({ tries }) => tries)).toEqual([1]);
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
    expect(output).not.toContain("@example.com");
  });
});

test.each(["src/collector/index.ts", "src/lambda/index.ts", "src/cli/commands/collect.ts"])(
  "importing %s loads the AWS SDK only when S3 or Secrets Manager is used",
  async (entry) => {
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      write: false,
      metafile: true,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const ofAws = imports.filter(({ path }) => path.startsWith("@aws-sdk/"));
    const kinds = new Set(ofAws.map(({ path, kind }) => `${kind} ${path}`));
    expect([...kinds].sort()).toEqual([
      "dynamic-import @aws-sdk/client-s3",
      "dynamic-import @aws-sdk/client-secrets-manager",
    ]);
  },
);
