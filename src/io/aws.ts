/** The AWS SDK, which is optional. */

import { optional } from "./optional.ts";

// The modules' names stand for their types: else the declarations would spell out every name of the SDK.
type S3 = typeof import("@aws-sdk/client-s3");
type S3Upload = typeof import("@aws-sdk/lib-storage");
type SecretsManager = typeof import("@aws-sdk/client-secrets-manager");

export function loadS3(): Promise<S3> {
  return optional("@aws-sdk/client-s3", "reading or writing s3://", () => import("@aws-sdk/client-s3"));
}

export function loadS3Upload(): Promise<S3Upload> {
  return optional("@aws-sdk/lib-storage", "writing s3://", () => import("@aws-sdk/lib-storage"));
}

export function loadSecretsManager(): Promise<SecretsManager> {
  return optional(
    "@aws-sdk/client-secrets-manager",
    "DUO_SKEY_SECRET_ID",
    () => import("@aws-sdk/client-secrets-manager"),
  );
}
