/** One page in S3 to its UDM object. */

import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { MapConfig } from "../collector/config.ts";
import { mapToLines, NDJSON } from "../collector/entities.ts";
import { tally } from "../collector/manifest.ts";
import { putObject } from "../collector/put.ts";
import type { Issue, IssueCode } from "../core/issue.ts";
import { documentsOf, readPage } from "../core/page.ts";
import { loadS3 } from "../io/aws.ts";
import { readDocuments } from "../io/documents.ts";
import { InputError } from "../io/errors.ts";
import type { ReadableSource } from "../io/pieces.ts";
import { openObject, openS3, type S3Place, s3ErrorName } from "../io/s3.ts";
import type { ProfileName } from "../profiles/index.ts";

/** Counts of what mapping an object gave. */
export interface PageCounts {
  /** Documents in the object: one, or as many as NDJSON has lines. */
  documents: number;
  records: number;
  entities: number;
  /** Records without an entity, by reason. */
  readonly skipped: Record<string, number>;
  /** The mapping's issues, by code. */
  readonly issues: Record<string, number>;
}

export type MapOutcome =
  /** The UDM object was written, or it already held those bytes. */
  | { readonly kind: "mapped" | "unchanged"; readonly counts: PageCounts }
  /** Something in the page was rejected; `code` is the first such issue. The rest of the page is mapped. */
  | { readonly kind: "rejected"; readonly code: IssueCode; readonly counts: PageCounts }
  /** The key is not that of a page. */
  | { readonly kind: "ignored" }
  /** The page was deleted meanwhile. */
  | { readonly kind: "gone" }
  /** S3 failed or refused, so another try may succeed. `code` is the name of the error, as S3 or the system has it. */
  | { readonly kind: "failed"; readonly code: string };

/** The key of a page's entities, or `undefined` for a key that is not that of a page. */
export function udmKeyOf(config: MapConfig, key: string): string | undefined {
  const { prefix, recordsPrefix, udmPrefix, manifestPrefix } = config;
  // With S3_PREFIX below RECORDS_PREFIX, the records are the pages to map.
  const others = [udmPrefix, manifestPrefix, ...(prefix.startsWith(recordsPrefix) ? [] : [recordsPrefix])];
  const isPage =
    key.startsWith(prefix) &&
    !others.some((other) => key.startsWith(other)) &&
    !key.endsWith("/") &&
    key !== "";
  if (!isPage) return undefined;
  const name = key.slice(prefix.length).replace(/(?:\.(?:json|ndjson|jsonl))?(?:\.gz)?$/i, "");
  return `${udmPrefix}${name}.ndjson`;
}

/** The object's tag and our metadata; `undefined` when there is no object. */
async function headOf(place: S3Place): Promise<{ etag?: string; sha256?: string } | undefined> {
  const client = await openS3(place);
  const { HeadObjectCommand } = await loadS3();
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key }));
    const sha256 = head.Metadata?.["sha256"];
    return {
      ...(head.ETag !== undefined && { etag: head.ETag }),
      ...(sha256 !== undefined && { sha256 }),
    };
  } catch (error) {
    if (s3ErrorName(error) === "NotFound") return undefined;
    throw error;
  }
}

interface MappedObject {
  readonly body: Buffer;
  readonly counts: PageCounts;
  /** The code of the first issue that rejected something. */
  readonly rejection: IssueCode | undefined;
  /** The version that was read. */
  readonly etag: string | undefined;
}

/** @throws InputError when the page cannot be read. */
async function readAndMap(page: S3Place, profile: ProfileName): Promise<MappedObject> {
  const counts: PageCounts = { documents: 0, records: 0, entities: 0, skipped: {}, issues: {} };
  const bodies: Uint8Array[] = [];
  let rejection: IssueCode | undefined;
  let etag: string | undefined;
  const count = (issues: readonly Issue[]) => {
    rejection ??= issues.find(({ severity }) => severity === "error")?.code;
    for (const { code } of issues) tally(counts.issues, code);
  };
  const source: ReadableSource = {
    name: page.key,
    // S3 gives every object a time; this one stands for an answer without it.
    modified: "1970-01-01T00:00:00Z",
    open: async () => {
      const opened = await openObject(page);
      etag = opened.etag;
      return opened;
    },
  };
  for await (const document of readDocuments(source)) {
    counts.documents++;
    if (document.kind === "invalid") {
      count([document.issue]);
      continue;
    }
    for (const one of documentsOf(document.value)) {
      const found = readPage(one, { source: page.key });
      counts.records += found.records.length;
      count(found.issues);
      const lines = mapToLines(found, page.key, document.modified, profile, ({ reason, issues }) => {
        if (reason === undefined) counts.entities++;
        else tally(counts.skipped, reason);
        count(issues);
      });
      bodies.push(lines);
    }
  }
  return { body: Buffer.concat(bodies), counts, rejection, etag };
}

/** Names of the error that another invocation has written or deleted the object meanwhile. Source: S3, "Conditional write behavior". */
const OVERTAKEN = new Set(["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"]);

/** Writes an object if its tag is still `etag`, or if there is still no object. */
async function putIfUntouched(
  place: S3Place,
  body: Buffer,
  sha256: string,
  etag: string | undefined,
): Promise<boolean> {
  const client = await openS3(place);
  const object = {
    Bucket: place.bucket,
    Key: place.key,
    Body: body,
    ContentType: NDJSON,
    Metadata: { sha256 },
    ...(etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag }),
  };
  try {
    await putObject(client, object);
    return true;
  } catch (error) {
    if (OVERTAKEN.has(s3ErrorName(error))) return false;
    throw error;
  }
}

/** One try. The outcome is `undefined` when another invocation came in between. */
async function tryToMap(
  page: S3Place,
  target: S3Place,
  profile: ProfileName,
): Promise<MapOutcome | undefined> {
  const before = await headOf(target);
  const { body, counts, rejection, etag } = await readAndMap(page, profile);
  const done = (kind: "mapped" | "unchanged"): MapOutcome =>
    rejection === undefined ? { kind, counts } : { kind: "rejected", code: rejection, counts };
  const sha256 = createHash("sha256").update(body).digest("hex");
  const hasNothing = rejection !== undefined && counts.entities === 0;
  if (hasNothing || before?.sha256 === sha256) return done("unchanged");
  if (!(await putIfUntouched(target, body, sha256, before?.etag))) return undefined;
  const now = await headOf(page);
  return now === undefined || now.etag === etag ? done("mapped") : undefined;
}

const MOST_TRIES = 5;
const WAIT_MS = 100;

/**
 * Maps the page at `key` and writes its entities under the UDM prefix: the same key, ending `.ndjson`, with the
 * body's SHA-256 as its metadata. Keys that differ only in their ending share one UDM object.
 *
 * Any number of invocations may map the same page at the same time, in any order. In the end the object belongs to
 * the page as it is now. The tag of the UDM object is read before the page, and the write succeeds only if the tag is
 * still the same. A writer with an older page therefore finds the tag changed, and starts over. A tag comes back when
 * its bytes come back, so the writer looks at the page once more after writing.
 *
 * A page with nothing but rejected documents writes nothing, and the object that was there stays.
 *
 * Never throws: the outcome says what went wrong.
 */
export async function mapObject(config: MapConfig, key: string): Promise<MapOutcome> {
  const { bucket, forcePathStyle } = config;
  const udmKey = udmKeyOf(config, key);
  if (udmKey === undefined) return { kind: "ignored" };
  const page = { bucket, forcePathStyle, key };
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (tries > 0) await setTimeout(Math.random() * WAIT_MS * 2 ** tries);
      const outcome = await tryToMap(page, { ...page, key: udmKey }, config.profile);
      if (outcome !== undefined) return outcome;
    }
    return { kind: "failed", code: "OVERTAKEN" };
  } catch (error) {
    const code = s3ErrorName(error instanceof InputError ? (error.cause ?? error) : error);
    return code === "NoSuchKey" ? { kind: "gone" } : { kind: "failed", code };
  }
}
