/** Powertools for AWS Lambda, which are optional. */

import type * as logger from "@aws-lambda-powertools/logger";
import { optional } from "../io/optional.ts";

export type Logger = logger.Logger;

export const { Logger } = await optional(
  "@aws-lambda-powertools/logger",
  "duo-udm/lambda",
  () => import("@aws-lambda-powertools/logger"),
);

export const { Metrics, MetricUnit } = await optional(
  "@aws-lambda-powertools/metrics",
  "duo-udm/lambda",
  () => import("@aws-lambda-powertools/metrics"),
);
