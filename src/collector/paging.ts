/** Follows the pages of one resource to their end, and finds out when they would not end. */

import { createHash } from "node:crypto";
import { IDENTIFYING_KEY } from "../core/resource.ts";
import { isObject } from "../core/scalar.ts";
import { type DuoPage, nextOffset } from "./duo.ts";
import { DuoApiError } from "./errors.ts";
import { compactResponse } from "./records.ts";

function pagingError({ path }: DuoPage, fault: string, cause?: unknown): DuoApiError {
  return new DuoApiError("DUO_PAGING", { path, fault }, { cause });
}

/** A fingerprint of a page's records: of their ids, or of all of them where one has no id. */
function fingerprint({ resource, body, page: { records } }: DuoPage): string {
  const key = IDENTIFYING_KEY[resource];
  const ids = records.map((record) => (isObject(record) ? record[key] : undefined));
  const isNamed = ids.every((id) => typeof id === "string" || typeof id === "number");
  return createHash("sha256")
    .update(isNamed ? JSON.stringify(ids) : compactResponse(body))
    .digest("base64");
}

/** The pages of one resource, as they come. */
export class Paging {
  readonly #seen = new Set<string>();
  /** `total_objects` as the first and as the last page reported it. */
  first: number | undefined;
  last: number | undefined;

  /**
   * Takes a page in.
   *
   * @throws DuoApiError `DUO_PAGING` when its records are those of a page before.
   */
  accept(page: DuoPage): void {
    if (page.page.records.length > 0) {
      const mark = fingerprint(page);
      if (this.#seen.has(mark)) throw pagingError(page, "the records of a page before came again");
      this.#seen.add(mark);
    }
    this.first ??= page.totalObjects;
    this.last = page.totalObjects ?? this.last;
  }

  /**
   * Where the page after this one starts; undefined when this one was the last.
   *
   * @throws DuoApiError `DUO_PAGING` when paging on would not end.
   */
  after(page: DuoPage): number | undefined {
    let next: number | undefined;
    try {
      next = nextOffset(page.document, page.offset);
    } catch (cause) {
      throw pagingError(page, "metadata.next_offset is not a number that grows", cause);
    }
    if (next === undefined) return undefined;
    if (page.page.records.length === 0) throw pagingError(page, "an empty page names a next one");
    if (this.last !== undefined && next > this.last + page.limit) {
      throw pagingError(page, "metadata.next_offset lies beyond metadata.total_objects");
    }
    return next;
  }

  /**
   * Called after the last page, with the number of records in all pages.
   *
   * @throws DuoApiError `DUO_SHORT` when Duo announced more.
   */
  end(page: DuoPage, records: number): void {
    const announced = Math.min(this.first ?? 0, this.last ?? 0);
    if (records >= announced) return;
    throw new DuoApiError("DUO_SHORT", { path: page.path, fault: `${records} of ${announced} records` });
  }
}
