import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { googleCredentials } from "../../src/secops/auth.ts";
import { SecopsError } from "../../src/secops/errors.ts";
import { temporaryDirectory } from "../support/collector.ts";
import { findCredentialsAt, secops } from "../support/secops.ts";

/** Makes `content` the credentials file, until the test ends. */
async function useFile(content: string): Promise<string> {
  const file = join(await temporaryDirectory(), "credentials.json");
  await writeFile(file, content);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
  return file;
}

async function failure(): Promise<SecopsError> {
  const credentials = await googleCredentials("example-project");
  const error: unknown = await credentials.headers(false).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SecopsError) return error;
  throw new Error("it should have failed", { cause: error });
}

const AUDIENCE =
  "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/pool/providers/provider";

function federation(url: string, more: object): string {
  return JSON.stringify({
    type: "external_account",
    audience: AUDIENCE,
    token_url: `${url}/v1/token`,
    ...more,
  });
}

const AWS = {
  subject_token_type: "urn:ietf:params:aws:token-type:aws4_request",
  credential_source: {
    environment_id: "aws1",
    regional_cred_verification_url:
      "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
  },
};

describe("Application Default Credentials", () => {
  it("come from the metadata server, and are kept until they are refused", async () => {
    findCredentialsAt(await secops());
    const credentials = await googleCredentials("example-project");
    const first = await credentials.headers(false);
    expect(first["authorization"]).toMatch(/^Bearer simulated-/);
    expect(await credentials.headers(false)).toEqual(first);
    const renewed = await credentials.headers(true);
    expect(renewed["authorization"]).toMatch(/^Bearer simulated-/);
    expect(renewed).not.toEqual(first);
    expect(await credentials.headers(false)).toEqual(renewed);
  });

  it("come from a workload of AWS, by federation", async () => {
    const simulator = await secops();
    findCredentialsAt(simulator);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "EXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example-secret");
    vi.stubEnv("AWS_REGION", "us-east-1");
    await useFile(federation(simulator.url, AWS));
    const credentials = await googleCredentials("example-project");
    expect((await credentials.headers(false))["authorization"]).toMatch(/^Bearer simulated-/);
    expect(simulator.exchanges).toEqual([expect.stringContaining("GetCallerIdentity")]);
  });

  it("come from a token in a file, by federation", async () => {
    const simulator = await secops();
    findCredentialsAt(simulator);
    const file = await useFile("the-subject-token");
    await useFile(
      federation(simulator.url, {
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        credential_source: { file },
      }),
    );
    const credentials = await googleCredentials("example-project");
    expect((await credentials.headers(false))["authorization"]).toMatch(/^Bearer simulated-/);
    expect(simulator.exchanges).toEqual(["the-subject-token"]);
  });

  it("that are nowhere are told", async () => {
    findCredentialsAt({ env: { SECOPS_API_URL: "", GCE_METADATA_HOST: "" } });
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    const error = await failure();
    expect(error.code).toBe("CREDENTIALS");
    expect(error.message).toContain("there are no Application Default Credentials");
    expect(error.message).toContain("gcloud auth application-default login");
  });

  it("whose file is gone are told", async () => {
    findCredentialsAt(await secops());
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/credentials.json");
    expect((await failure()).message).toContain("names a file that does not exist");
  });

  it.each(["", "no JSON", "{}", '{"type":"unheard_of"}', '{"type":"service_account"}'])(
    "whose file holds %j are told, without what it holds",
    async (content) => {
      findCredentialsAt(await secops());
      await useFile(content);
      const { message } = await failure();
      expect(message).toContain("GOOGLE_APPLICATION_CREDENTIALS");
      if (content !== "") expect(message).not.toContain(content);
    },
  );

  it("that are refused are told, without the secret", async () => {
    const simulator = await secops({ refusesTokens: true });
    findCredentialsAt(simulator);
    const file = await useFile("the-subject-token");
    await useFile(
      federation(simulator.url, {
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        credential_source: { file },
      }),
    );
    const { message } = await failure();
    expect(message).toBe(
      "Google gave no access token (Application Default Credentials, HTTP 400, invalid_grant): Google refused the credentials; make new ones, and check this machine's clock.",
    );
  });
});
