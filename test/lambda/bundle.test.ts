import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, it, test } from "vitest";
import { simulator, temporaryDirectory } from "../support/collector.ts";
import { recorded } from "../support/events.ts";
import { readText } from "../support/files.ts";
import { bundle, makeBundle, startImport, startSecretsManager } from "../support/lambda.ts";
import { startS3 } from "../support/s3.ts";
import { mappedAsStored } from "../support/stored.ts";

const { directory, file, invoking } = bundle();
const collect = invoking("handler");
const map = invoking("mapHandler");

describe("the Lambda bundle", () => {
  test("is one file under 2 MB, and its zip holds that file", async () => {
    const code = await readFile(file());
    const zip = unzipSync(await readFile(join(directory(), "lambda.zip")));
    expect(code.length).toBeLessThan(2_000_000);
    expect(Object.keys(zip)).toEqual(["index.mjs"]);
    expect(code.equals(zip["index.mjs"] ?? new Uint8Array())).toBe(true);
  });

  test("is made of dist and the packages that it needs: no ajv", async () => {
    const { inputs }: { inputs: object } = JSON.parse(
      await readFile(join(directory(), "lambda.json"), "utf8"),
    );
    const own = Object.keys(inputs).filter((input) => !input.startsWith("node_modules/"));
    expect(own.filter((input) => !input.startsWith("dist/"))).toEqual([]);
    expect(own).toContain("dist/preflight/schema.js");
    expect(Object.keys(inputs).filter((input) => /node_modules\/ajv/.test(input))).toEqual([]);
  });

  test("is the same, byte for byte, when it is made again", async () => {
    const again = await temporaryDirectory();
    await makeBundle(again);
    const zip = (folder: string) => readFile(join(folder, "lambda.zip"));
    expect((await zip(again)).equals(await zip(directory()))).toBe(true);
  });

  test("collects with a secret from Secrets Manager into S3, and logs JSON lines", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 20 });
    const { DUO_SKEY, ...env } = duo.env;
    const secrets = await startSecretsManager(DUO_SKEY);
    const { outcome, logs } = await collect({
      ...env,
      ...s3.env,
      ...secrets,
      DUO_SKEY_SECRET_ID: "duo/skey",
      RESOURCES: "users",
    });
    expect(outcome).toEqual({
      result: { ok: true, results: [{ resource: "users", pages: 1, objects: 20 }] },
    });
    expect(logs.map(({ message }) => message)).toContain("manifest written");
    expect(logs.find((log) => "_aws" in log)).toMatchObject({ Pages: 1, Objects: 20, Failures: 0 });
    expect([...s3.objects().keys()].some((key) => key.startsWith("duo/manifests/"))).toBe(true);
  });

  test("imports what it collected, with the identity of AWS, and writes no credentials to a file", async () => {
    const { env, sent } = await startImport();
    const { outcome, logs } = await collect({ ...env, OUTPUT: "udm", TMPDIR: join(directory(), "none") });
    expect(outcome).toMatchObject({ result: { ok: true } });
    expect(sent.length).toBeGreaterThan(40);
    expect(logs.find((log) => "Imported" in log)).toMatchObject({ Imported: sent.length, Failures: 0 });
  });

  test("maps a page of the bucket, to the bytes that the mapping gives", async () => {
    const s3 = await startS3();
    const key = "duo/context/2026/03/04/duo-phones-00000.json";
    s3.put(key, readText("fixtures/pages/phones/mobile.json"));
    const { outcome } = await map(s3.env, recorded("sqs-s3-put"));
    expect(outcome).toEqual({ result: { batchItemFailures: [] } });
    const udm = s3.objects().get("duo/udm/2026/03/04/duo-phones-00000.ndjson");
    expect(udm?.body).toBe(mappedAsStored(s3, key).body);
  });
});

describe("an error of the Lambda bundle keeps its name, which retries and alarms go by:", () => {
  it("ConfigError", async () => {
    expect((await collect({})).outcome.error?.name).toBe("ConfigError");
  });

  it("CollectionError", async () => {
    const s3 = await startS3();
    const duo = await simulator({ users: 5, faults: [{ kind: "forbidden", resource: "users" }] });
    const { outcome } = await collect({ ...duo.env, ...s3.env, RESOURCES: "users" });
    expect(outcome.error?.name).toBe("CollectionError");
  });

  it("SecopsError", async () => {
    const { env } = await startImport({ faults: [{ kind: "forbidden" }] });
    expect((await collect({ ...env, RESOURCES: "phones" })).outcome.error?.name).toBe("SecopsError");
  });

  it.each([
    ["PagesRejected", 900_000],
    ["PagesUnfinished", 9_999],
  ])("%s", async (name, ms) => {
    const s3 = await startS3();
    s3.put("duo/context/a.json", "{");
    const { outcome } = await map(s3.env, { Items: [{ Key: "duo/context/a.json" }] }, ms);
    expect(outcome.error?.name).toBe(name);
  });
});
