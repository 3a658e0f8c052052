/** A page or a list of pages mapped as a whole: what the library gives. */

import type { Issue } from "./issue.ts";
import { mapEach } from "./mapped.ts";
import { documentPath, placedDocuments, readPage } from "./page.ts";
import type { Profile, SkipReason } from "./profile.ts";
import { startRun } from "./reading.ts";
import type { Resource } from "./resource.ts";
import type { UdmEntity } from "./udm.ts";

export interface PageContext {
  /** The collection time: any timestamp the mapping reads. Used where neither record nor page has one. */
  readonly collectedAt: string;
  /** The document's name, for the issues; `duo-<resource>-<n>.json` tells the resource of its records. */
  readonly source?: string;
  /** The document's index in its source, for the issues, where a source holds several. */
  readonly document?: number;
  /** Default: the vendor's. */
  readonly profile?: Profile;
  /** The Duo resource of all records. Default: what the source's name or each record's identifying key tells. */
  readonly resource?: Resource;
}

export interface MappedPage {
  /** In record order. */
  entities: UdmEntity[];
  skipped: { record: number; reason: SkipReason }[];
  issues: Issue[];
  /** How many records the document holds. */
  records: number;
}

/**
 * Maps a document, its records one by one and in order. Pure and total, as {@link mapRecord} is. A list of pages is
 * mapped page by page; their issues then tell the page's index in the list as `document`.
 *
 * @throws RangeError when `collectedAt` is not a timestamp.
 */
export function mapPage(document: unknown, context: PageContext): MappedPage {
  const { collectedAt, source, document: index, profile, resource } = context;
  const mapped: MappedPage = { entities: [], skipped: [], issues: [], records: 0 };
  const documents = placedDocuments(document);
  for (const [at, placed] of documents.entries()) {
    const number = documents.length > 1 ? (index ?? 0) + at : index;
    const place = {
      ...(source !== undefined && { source }),
      ...(number !== undefined && { document: number }),
    };
    const page = readPage(placed.document, place, documentPath(placed));
    const run = startRun(collectedAt, page.timestamp, place, true);
    mapped.issues.push(...page.issues);
    mapped.records += page.records.length;
    mapEach(
      page,
      source ?? "",
      run,
      (one) => {
        const { record, reason, issues } = one;
        for (const raised of issues) mapped.issues.push(raised);
        const entity = one.entity();
        if (entity !== undefined) mapped.entities.push(entity);
        if (reason !== undefined) mapped.skipped.push({ record, reason });
      },
      { profile, resource },
    );
  }
  return mapped;
}
