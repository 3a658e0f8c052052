/** The secret key, from Secrets Manager. */

import { once } from "node:events";
import http from "node:http";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readSecret } from "../../src/collector/secret.ts";
import { duoUdm } from "../support/cli.ts";
import { filesBelow, temporaryDirectory } from "../support/collector.ts";

const never = new AbortController().signal;
const read = () => readSecret({ secretId: "duo/skey" }, Number.POSITIVE_INFINITY, never);

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "x");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "x");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
});
afterEach(() => void vi.unstubAllEnvs());

/** Secrets Manager with one answer. */
async function startSecretsManager(status: number, answer: object): Promise<void> {
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      response
        .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify(answer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", `http://127.0.0.1:${port}`);
}

describe("a secret", () => {
  test.each([
    ["is text", "the-key\n"],
    ["is JSON with the key under DUO_SKEY", JSON.stringify({ DUO_SKEY: " the-key" })],
  ])("%s", async (_, SecretString) => {
    await startSecretsManager(200, { SecretString });
    expect(await read()).toBe("the-key");
  });

  test.each(["", "{}", '{"DUO_SKEY": 17}', '{"DUO_SKEY"'])(
    "that is %j holds no key",
    async (SecretString) => {
      await startSecretsManager(200, { SecretString });
      await expect(read()).rejects.toMatchObject({ code: "SECRET_UNREADABLE", message: /holds no key/ });
    },
  );
});

test("a secret that stands in a prefix is refused, by a run and by the doctor, and shown by neither", async () => {
  const SecretString = "key-that-also-stands-in-a-prefix";
  await startSecretsManager(200, { SecretString });
  const to = await temporaryDirectory();
  const env = {
    DUO_IKEY: "DI0123456789ABCDEFGH",
    DUO_API_HOSTNAME: "api-example1.duosecurity.com",
    DUO_SKEY_SECRET_ID: "duo/skey",
    S3_PREFIX: `duo/${SecretString}`,
  };
  for (const options of [[], ["--doctor"]]) {
    const { status, stdout, stderr } = await duoUdm(["collect", "--to", to, ...options], { env });
    expect([status, stdout, stderr]).toEqual([2, "", expect.stringMatching(/holds the secret key/)]);
    expect(stderr).not.toContain(SecretString);
  }
  expect((await filesBelow(to)).size).toBe(0);
});

describe("a secret that cannot be read", () => {
  test.each([
    ["ResourceNotFoundException", /check the name, the region/],
    ["AccessDeniedException", /allow secretsmanager:GetSecretValue on it/],
    ["ExpiredTokenException", /renew the AWS credentials/],
    ["UnrecognizedClientException", /check the AWS credentials/],
    ["InvalidSignatureException", /this machine's clock/],
  ])("for %s ends the run, and says what to do", async (name, advice) => {
    await startSecretsManager(400, { __type: name, message: "No" });
    await expect(read()).rejects.toMatchObject({
      code: "SECRET_UNREADABLE",
      endsRun: true,
      message: expect.stringMatching(new RegExp(`\\(${name}\\): .*${advice.source}`)),
    });
  });

  test("for want of a region is a fault of the configuration", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    await expect(read()).rejects.toMatchObject({
      name: "ConfigError",
      faults: ["AWS_REGION is not set: give the region of the secret."],
    });
  });

  test("for want of credentials says so", async () => {
    await startSecretsManager(200, {});
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    await expect(read()).rejects.toMatchObject({
      message: /CredentialsProviderError\): give AWS credentials/,
    });
  });
});
