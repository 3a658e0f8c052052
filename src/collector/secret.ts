/** The secret key, from the configuration or from AWS Secrets Manager. */

import { CERTIFICATE_ADVICE } from "../io/advice.ts";
import { loadSecretsManager } from "../io/aws.ts";
import { ConfigError } from "../io/errors.ts";
import { requestHandler, s3ErrorName } from "../io/s3.ts";
import { isCertificateCode } from "../io/tls.ts";
import { within } from "../io/within.ts";
import type { Config } from "./config.ts";
import { CollectionError } from "./errors.ts";

/** A secret is the key itself, or a JSON object with the key under `DUO_SKEY`. */
function keyIn(secret: string): string | undefined {
  if (!secret.trimStart().startsWith("{")) return secret.trim() || undefined;
  try {
    const { DUO_SKEY: skey }: { DUO_SKEY?: unknown } = JSON.parse(secret);
    return typeof skey === "string" && skey.trim() !== "" ? skey.trim() : undefined;
  } catch {
    return undefined;
  }
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    "AccessDeniedException",
    "allow secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own",
  ],
  ["CredentialsProviderError", "give AWS credentials, as for any AWS tool"],
  ["ExpiredTokenException", "renew the AWS credentials"],
  ["InvalidSignatureException", "check the AWS credentials and this machine's clock"],
  ["SyntaxError", "check AWS_REGION, and for a proxy or a sign-in page on the way"],
  ["UnrecognizedClientException", "check the AWS credentials"],
]);

/** As long as Secrets Manager may take, its retries included. */
const LONGEST_MS = 30_000;

/**
 * The secret key. The wait for Secrets Manager ends after `ms` milliseconds, or when `signal` is aborted.
 *
 * @throws CollectionError `SECRET_UNREADABLE` when Secrets Manager gives no key.
 * @throws ConfigError when the AWS SDK has no region.
 */
export async function readSecret(secret: Config["secret"], ms: number, signal: AbortSignal): Promise<string> {
  if ("skey" in secret) return secret.skey;
  const { GetSecretValueCommand, SecretsManagerClient } = await loadSecretsManager();
  const client = new SecretsManagerClient({ requestHandler: await requestHandler() });
  try {
    await client.config.region().catch((cause: unknown) => {
      throw new ConfigError("AWS_REGION is not set: give the region of the secret.", { cause });
    });
    const command = new GetSecretValueCommand({ SecretId: secret.secretId });
    const { SecretString = "" } = await within(Math.min(LONGEST_MS, ms), [signal], (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    const skey = keyIn(SecretString);
    if (skey !== undefined) return skey;
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const name = s3ErrorName(cause) === "AbortError" ? "TimeoutError" : s3ErrorName(cause);
    const advice =
      ADVICE.get(name) ??
      (isCertificateCode(name) ? CERTIFICATE_ADVICE : undefined) ??
      "check the name, the region, the network and the permission secretsmanager:GetSecretValue";
    throw new CollectionError(
      "SECRET_UNREADABLE",
      `The secret named by DUO_SKEY_SECRET_ID could not be read (${name}): ${advice}.`,
      { cause, endsRun: true },
    );
  } finally {
    client.destroy();
  }
  throw new CollectionError(
    "SECRET_UNREADABLE",
    "The secret named by DUO_SKEY_SECRET_ID holds no key: store the key as text, or as JSON under DUO_SKEY.",
    { endsRun: true },
  );
}
