/** The account of a run: what was stored, and what failed. It holds no record's data and no secret. */

import { createHash } from "node:crypto";
import type { Resource } from "../core/resource.ts";
import type { Output } from "./config.ts";
import { CollectionError, DuoApiError, type DuoErrorDetail } from "./errors.ts";

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Of the object's bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** A page's object: the raw page, or with `OUTPUT=udm` its entities. */
export interface StoredPage extends StoredObject {
  readonly offset: number;
  /** Records in Duo's page. */
  readonly records: number;
  /** With `OUTPUT=both`, the page's entities. */
  readonly udm?: StoredObject;
}

export interface Counts {
  pages: number;
  /** Records in those pages. */
  objects: number;
  /** Requests that were sent again. */
  retries: number;
  /** The rest is counted when pages are mapped. */
  entities?: number;
  /** Records without an entity, by reason. */
  skipped?: Record<string, number>;
  /** Issues by code: those of the mapping and of preflight. */
  issues?: Record<string, number>;
}

export interface ManifestError extends Partial<DuoErrorDetail> {
  readonly code: string;
  /** What happened, where, and what to do. */
  readonly message: string;
}

export interface ResourceReport {
  readonly resource: Resource;
  readonly pages: StoredPage[];
  /** `metadata.total_objects` of the first and of the last page; they differ when Duo's data changed meanwhile. */
  total_objects: { first?: number; last?: number };
  readonly counts: Counts;
  error?: ManifestError;
}

export interface Manifest {
  readonly run_id: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  /** True when every resource was collected to its end. */
  readonly complete: boolean;
  readonly output: Output;
  readonly resources: readonly ResourceReport[];
}

export function emptyReport(resource: Resource, output: Output): ResourceReport {
  const counts: Counts = { pages: 0, objects: 0, retries: 0 };
  if (output !== "raw") Object.assign(counts, { entities: 0, skipped: {}, issues: {} });
  return { resource, pages: [], total_objects: {}, counts };
}

export function describe(key: string, body: Uint8Array): StoredObject {
  return { key, bytes: body.byteLength, sha256: createHash("sha256").update(body).digest("hex") };
}

/** An error as the manifest tells it: the collector's own in full, of any other only the kind. */
export function toManifestError(error: unknown): ManifestError {
  if (error instanceof DuoApiError) return { code: error.code, message: error.message, ...error.detail };
  if (error instanceof CollectionError) return { code: error.code, message: error.message };
  const name = error instanceof Error ? error.name : typeof error;
  return {
    code: "INTERNAL",
    message: `The collector failed in a way it does not know (${name}): report it.`,
  };
}
