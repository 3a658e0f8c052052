import { describe, expect, test } from "vitest";
import { loadConfig, type Overrides } from "../../src/collector/config.ts";
import type { Env } from "../../src/io/env.ts";
import { ConfigError } from "../../src/io/errors.ts";

const SKEY = "never-print-this-secret-key-0123456789ab";
const ENV = {
  DUO_IKEY: "DI0123456789ABCDEFGH",
  DUO_SKEY: SKEY,
  DUO_API_HOSTNAME: "api-example1.duosecurity.com",
  S3_BUCKET: "example-bucket",
};

function faultsOf(env: Env, overrides?: Overrides): readonly string[] {
  try {
    loadConfig(env, overrides);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("a configuration", () => {
  test("has the guide's defaults where the environment is silent", () => {
    expect(loadConfig(ENV)).toEqual({
      ikey: ENV.DUO_IKEY,
      secret: { skey: SKEY },
      hostname: ENV.DUO_API_HOSTNAME,
      baseUrl: "https://api-example1.duosecurity.com",
      signature: "v5",
      resources: [
        "users",
        "groups",
        "phones",
        "endpoints",
        "tokens",
        "webauthncredentials",
        "desktop_authenticators",
      ],
      limit: 500,
      forms: ["raw"],
      profile: "vendor",
      keyLayout: "day",
      destination: { kind: "s3", bucket: "example-bucket", forcePathStyle: false },
      prefixes: { raw: "duo/context/", records: "duo/records/", udm: "duo/udm/" },
      manifestPrefix: "duo/manifests/",
    });
  });

  test("takes every variable", () => {
    const { DUO_SKEY: _, ...rest } = ENV;
    const config = loadConfig({
      ...rest,
      DUO_SKEY_SECRET_ID: "duo/skey",
      DUO_API_URL: "http://127.0.0.1:8443",
      DUO_SIGNATURE: "v2",
      RESOURCES: " tokens , users,tokens ",
      LIMIT: "50",
      OUTPUT: "both",
      KEY_LAYOUT: "run",
      PROFILE: "enriched",
      UDM_PREFIX: "u",
      MANIFEST_PREFIX: "/m/n/",
      S3_PREFIX: "//a/b//",
      S3_FORCE_PATH_STYLE: "true",
    });
    expect(config).toEqual({
      ikey: ENV.DUO_IKEY,
      secret: { secretId: "duo/skey" },
      hostname: ENV.DUO_API_HOSTNAME,
      baseUrl: "http://127.0.0.1:8443",
      signature: "v2",
      resources: ["tokens", "users"],
      limit: 50,
      forms: ["raw", "udm"],
      profile: "enriched",
      keyLayout: "run",
      destination: { kind: "s3", bucket: "example-bucket", forcePathStyle: true },
      prefixes: { raw: "a/b/", records: "duo/records/", udm: "u/" },
      manifestPrefix: "m/n/",
    });
  });

  test.each([
    ["", ""],
    ["/", ""],
    ["x", "x/"],
  ])("S3_PREFIX %j means %j", (given, prefix) => {
    expect(loadConfig({ ...ENV, S3_PREFIX: given }).prefixes.raw).toBe(prefix);
  });

  test.each([
    ["s3://other", { kind: "s3", bucket: "other", forcePathStyle: false }, "duo/context/"],
    ["s3://other/some/where/", { kind: "s3", bucket: "other", forcePathStyle: false }, "some/where/"],
    [
      "s3://arn:aws:s3:us-east-1:111122223333:accesspoint/pages/some/where",
      {
        kind: "s3",
        bucket: "arn:aws:s3:us-east-1:111122223333:accesspoint/pages",
        forcePathStyle: false,
      },
      "some/where/",
    ],
    ["pages", { kind: "directory", path: "pages" }, "duo/context/"],
  ])("--to %s needs no S3_BUCKET", (to, destination, raw) => {
    const { S3_BUCKET: _, ...env } = ENV;
    expect(loadConfig(env, { to })).toMatchObject({ destination, prefixes: { raw } });
  });

  test("overrides RESOURCES where the caller names resources", () => {
    expect(loadConfig({ ...ENV, RESOURCES: "users" }, { resources: ["phones"] }).resources).toEqual([
      "phones",
    ]);
  });

  test.each(["API-EXAMPLE1.DUOSECURITY.COM", "api-x.duofederal.com"])("%s is a Duo host", (hostname) => {
    expect(loadConfig({ ...ENV, DUO_API_HOSTNAME: hostname }).hostname).toBe(hostname);
  });
});

describe("a faulty configuration", () => {
  test("is reported whole, one line a fault", () => {
    const faults = faultsOf({
      DUO_API_HOSTNAME: "https://evil.example.com/",
      DUO_API_URL: "http://10.0.0.1:80",
      DUO_SIGNATURE: "v3",
      RESOURCES: "users,robots",
      LIMIT: "many",
      OUTPUT: "xml",
      KEY_LAYOUT: "hour",
      S3_PREFIX: "a/../b",
      S3_FORCE_PATH_STYLE: "perhaps",
    });
    expect(faults.map((fault) => /^\w+/.exec(fault)?.[0]).sort()).toEqual([
      "DUO_API_HOSTNAME",
      "DUO_API_URL",
      "DUO_IKEY",
      "DUO_SIGNATURE",
      "DUO_SKEY",
      "KEY_LAYOUT",
      "LIMIT",
      "OUTPUT",
      "RESOURCES",
      "S3_BUCKET",
      "S3_FORCE_PATH_STYLE",
      "S3_PREFIX",
    ]);
    expect(faults.filter((fault) => fault.includes("\n"))).toEqual([]);
  });

  test.each([
    "api-example1.duosecurity.com.evil.example.com",
    "api-.duosecurity.com",
    "admin-example1.duosecurity.com",
    "api-example1.duosecurity.com:443",
    `api-${"x".repeat(64)}.duosecurity.com`,
    "api-a_b.duosecurity.com",
  ])("%s is no Duo host", (hostname) => {
    expect(faultsOf({ ...ENV, DUO_API_HOSTNAME: hostname })).toHaveLength(1);
  });

  test.each([
    "http://example.com",
    "http://127.0.0.1.example.com",
    "ftp://127.0.0.1",
    "http://127.0.0.1:1/path",
    "http://user:pass@127.0.0.1",
    "not a url",
  ])("DUO_API_URL %s is refused", (url) => {
    expect(faultsOf({ ...ENV, DUO_API_URL: url })).toHaveLength(1);
  });

  test.each(["http://127.8.8.8:1", "http://localhost:1/", "https://[::1]:1"])(
    "DUO_API_URL %s is taken",
    (url) => {
      expect(faultsOf({ ...ENV, DUO_API_URL: url })).toEqual([]);
    },
  );

  test("LIMIT may be any number, as each resource's own maximum applies", () => {
    expect(faultsOf({ ...ENV, LIMIT: "99999999999" })).toEqual([]);
  });

  test.each(["0", "-1", "1.5", "1e3"])("LIMIT %s is refused", (limit) => {
    expect(faultsOf({ ...ENV, LIMIT: limit })).toHaveLength(1);
  });

  test("wants one secret, not two", () => {
    expect(faultsOf({ ...ENV, DUO_SKEY_SECRET_ID: "duo/skey" })).toHaveLength(1);
  });

  test.each([
    ["raw", ["raw"]],
    ["records", ["records"]],
    ["both", ["raw", "udm"]],
    ["udm, records", ["records", "udm"]],
    ["records,both,raw", ["raw", "records", "udm"]],
  ])("OUTPUT %s is taken", (OUTPUT, forms) => {
    expect(loadConfig({ ...ENV, OUTPUT }).forms).toEqual(forms);
  });

  test.each(["raw,", "all", "raw;udm", ","])("OUTPUT %s is refused", (OUTPUT) => {
    expect(faultsOf({ ...ENV, OUTPUT })).toHaveLength(1);
  });

  test("records and entities need prefixes of their own, where both are written", () => {
    const same = { RECORDS_PREFIX: "a", UDM_PREFIX: "/a/" };
    expect(faultsOf({ ...ENV, ...same, OUTPUT: "records,udm" })).toHaveLength(1);
    expect(faultsOf({ ...ENV, ...same, OUTPUT: "records" })).toEqual([]);
  });

  test.each(["socks5://127.0.0.1:1080", "http://", "http://a b"])(
    "HTTPS_PROXY %s is refused",
    (HTTPS_PROXY) => {
      expect(faultsOf({ ...ENV, HTTPS_PROXY })).toEqual([expect.stringMatching(/^HTTPS_PROXY must be/)]);
    },
  );

  test("what is wrong names the variable that holds it", () => {
    expect(faultsOf({ ...ENV, ALL_PROXY: "socks5://127.0.0.1:1080" })).toEqual([
      expect.stringMatching(/^ALL_PROXY must be/),
    ]);
  });

  test.each(["http://user:pass@proxy.example.com:8080", "https://proxy", "proxy.example.com:8080"])(
    "HTTPS_PROXY %s is taken",
    (https_proxy) => {
      expect(faultsOf({ ...ENV, https_proxy })).toEqual([]);
    },
  );

  test.each([
    "S3_PREFIX",
    "MANIFEST_PREFIX",
    "RECORDS_PREFIX",
    "S3_BUCKET",
    "DUO_IKEY",
    "AWS_REGION",
    "NO_PROXY",
  ])("that holds the secret key in %s is refused, and neither the key nor the variable is named", (name) => {
    const faults = faultsOf({ ...ENV, [name]: `a/${SKEY}/b` });
    expect(faults).toContainEqual(expect.stringMatching(/^A variable or option other than DUO_SKEY/));
    expect(faults.filter((fault) => fault.includes(SKEY))).toEqual([]);
  });

  test.each(["B_", "a bucket", "arn:"])("the name of a bucket cannot be %s", (bucket) => {
    const fault = (where: string) =>
      `The bucket's name in ${where} must have 3 to 255 letters, digits, dots, hyphens or underscores, or be the ARN of an access point.`;
    expect(faultsOf({ ...ENV, S3_BUCKET: bucket })).toEqual([fault("S3_BUCKET")]);
    expect(faultsOf(ENV, { to: `s3://${bucket}/x` })).toEqual([fault("--to")]);
  });

  test("that holds the secret key in --to or --resource is refused", () => {
    for (const overrides of [{ to: `s3://bucket/${SKEY}` }, { resources: [SKEY] }]) {
      expect(faultsOf(ENV, overrides).join()).toContain("other than DUO_SKEY");
    }
  });

  test.each([
    [6, "1 more entry"],
    [100_000, "99995 more entries"],
  ])("names five of %i wrong entries, and counts the others", (length, others) => {
    const faults = faultsOf(ENV, { resources: Array<string>(length).fill("x".repeat(100)) });
    expect([faults.length, faults.at(-1)]).toEqual([6, `resources: and ${others}.`]);
  });

  test("never shows a value, whichever variable the secret stands in", () => {
    const names = [...Object.keys(ENV), "DUO_API_URL", "DUO_SIGNATURE", "RESOURCES", "LIMIT", "OUTPUT"];
    const faults = names.flatMap((name) =>
      faultsOf(
        { ...ENV, OUTPUT: "x", [name]: `${SKEY} ` },
        { resources: name === "RESOURCES" ? [SKEY] : undefined },
      ),
    );
    expect(faults.length).toBeGreaterThan(names.length);
    expect(faults.join("\n")).not.toContain(SKEY);
  });
});
