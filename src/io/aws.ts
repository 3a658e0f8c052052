/** The AWS SDK, which is optional. */

import { optional } from "./optional.ts";

export const loadS3 = () =>
  optional("@aws-sdk/client-s3", "reading or writing s3://", () => import("@aws-sdk/client-s3"));

export const loadS3Upload = () =>
  optional("@aws-sdk/lib-storage", "writing s3://", () => import("@aws-sdk/lib-storage"));

export const loadSecretsManager = () =>
  optional(
    "@aws-sdk/client-secrets-manager",
    "DUO_SKEY_SECRET_ID",
    () => import("@aws-sdk/client-secrets-manager"),
  );
