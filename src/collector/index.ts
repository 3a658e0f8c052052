/** duo-udm/collector: Duo's pages, their records and their UDM entities, into S3 or a directory. */

export { ConfigError } from "../io/errors.ts";
export { type CollectEvent, type Collection, type CollectOptions, collect } from "./collect.ts";
export { type Config, loadConfig, type Overrides } from "./config.ts";
export { CollectionError, DuoApiError } from "./errors.ts";
export type { Manifest, ResourceReport } from "./manifest.ts";
