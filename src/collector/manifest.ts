/** The account of a run: what was stored, and what failed. It holds no record's data and no secret. */

import { createHash } from "node:crypto";
import type { Resource } from "../core/resource.ts";
import type { DuoErrorDetail } from "./causes.ts";
import type { PageForm } from "./config.ts";
import { CollectionError, DuoApiError } from "./errors.ts";

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Of the object's bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** A page's object: in the first form of the run's output that it has. */
export interface StoredPage extends StoredObject {
  readonly form: PageForm;
  readonly offset: number;
  /** Records in Duo's page. */
  readonly records: number;
  /** The page's objects in the other forms of the run's output. */
  readonly record_lines?: StoredObject;
  readonly udm?: StoredObject;
}

export interface Counts {
  /** Pages that were read. */
  pages: number;
  /** Records in those pages. */
  objects: number;
  /** Requests that were sent again. */
  retries: number;
  /** Entities, when pages are mapped. */
  entities?: number;
  /** Records that no line was written for, by reason. */
  skipped?: Record<string, number>;
  /** Issues by code: those of the pages, and when they are mapped those of the mapping and of preflight. */
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
  /** True when the run ended before this resource's turn came. */
  not_started?: true;
}

export interface Manifest {
  readonly run_id: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  /** True when every resource was collected to its end. */
  readonly complete: boolean;
  /** The forms that were written, separated by commas. */
  readonly output: string;
  readonly resources: readonly ResourceReport[];
}

export function emptyReport(resource: Resource, forms: readonly PageForm[]): ResourceReport {
  const counts: Counts = { pages: 0, objects: 0, retries: 0 };
  if (forms.includes("udm")) Object.assign(counts, { entities: 0, skipped: {}, issues: {} });
  return { resource, pages: [], total_objects: {}, counts };
}

/** Counts a name: a skip reason, an issue's code. */
export function tally(counts: Record<string, number>, name: string, times = 1): void {
  if (times > 0) counts[name] = (counts[name] ?? 0) + times;
}

export function storedObject(key: string, body: Uint8Array): StoredObject {
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
