/** The secret key, from the configuration or from AWS Secrets Manager. */

import { loadSecretsManager } from "../io/aws.ts";
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

/** @throws CollectionError `SECRET_UNREADABLE` when Secrets Manager gives no key. */
export async function readSecret(secret: Config["secret"]): Promise<string> {
  if ("skey" in secret) return secret.skey;
  const { GetSecretValueCommand, SecretsManagerClient } = await loadSecretsManager();
  const client = new SecretsManagerClient({});
  try {
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secret.secretId }));
    const skey = keyIn(SecretString);
    if (skey !== undefined) return skey;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : "unknown error";
    throw new CollectionError(
      "SECRET_UNREADABLE",
      `The secret named by DUO_SKEY_SECRET_ID could not be read (${name}): check the name, the region and the permission secretsmanager:GetSecretValue.`,
      { cause },
    );
  } finally {
    client.destroy();
  }
  throw new CollectionError(
    "SECRET_UNREADABLE",
    "The secret named by DUO_SKEY_SECRET_ID holds no key: store the key as text, or as JSON under DUO_SKEY.",
  );
}
