/** Some records of many pages, once as pages and once as records: what a tenant's parser is tried with. */

import type { Origin } from "../compare/comparison.ts";
import { type Issue, issue, type Place } from "../core/issue.ts";
import { hasResponse, readPage } from "../core/page.ts";
import { resourceOf } from "../core/resource.ts";
import { isObject, type RawObject } from "../core/scalar.ts";
import { jsonOf } from "../text/json.ts";

/** The most logs that `runParser` takes. */
export const MAX_LOGS = 1_000;
/** The most bytes of a log that it takes, less what stands around the records of a page. */
const MAX_LOG_BYTES = 9_000_000;
/** It takes 50 MB of logs in all; its answer holds them again, with all that the parser made of them. */
const MAX_BYTES = 20_000_000;

export interface SampledRecord {
  readonly raw: RawObject;
  /** Where it stood. */
  readonly origin: Origin;
}

/** A page with its first records. */
export interface SampledPage {
  readonly source: string;
  readonly envelope: RawObject;
  readonly records: readonly SampledRecord[];
}

interface HeldPage {
  readonly source: string;
  readonly envelope: RawObject;
  /** Whether the envelope's `response` is the record itself. */
  readonly isOne: boolean;
  readonly records: SampledRecord[];
}

/** The pages of one resource, with as many records as the whole sample may have. */
interface ResourcePages {
  readonly pages: HeldPage[];
  records: number;
}

/** How many of each group are taken when `most` are shared out evenly. */
function shares(sizes: readonly number[], most: number): number[] {
  const taken = sizes.map(() => 0);
  let left = Math.min(
    most,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  while (left > 0) {
    for (const [at, size] of sizes.entries()) {
      const already = taken[at] ?? 0;
      if (left === 0 || already >= size) continue;
      taken[at] = already + 1;
      left--;
    }
  }
  return taken;
}

/** Gathers a sample: of each resource the first records, all resources alike. */
export class Sample {
  readonly #most: number;
  readonly #groups = new Map<string, ResourcePages>();

  /** @param records how many; never more than the API takes */
  constructor(records: number) {
    this.#most = Math.min(records, MAX_LOGS);
  }

  /** Whether a source of this name has nothing to add. */
  has(source: string): boolean {
    const resource = resourceOf(source, []);
    return resource !== "unknown" && (this.#groups.get(resource)?.records ?? 0) >= this.#most;
  }

  /**
   * Takes a document.
   *
   * @returns what is wrong with it
   */
  add(document: unknown, place: Place & { readonly source: string }): readonly Issue[] {
    const { source, document: index } = place;
    const page = readPage(document, place);
    const issues = [...page.issues];
    const records: SampledRecord[] = [];
    for (const [record, raw] of page.records.entries()) {
      const origin = { source, ...(index !== undefined && { document: index }), record };
      if (isObject(raw)) records.push({ raw, origin });
      else issues.push(issue("RECORD_NOT_OBJECT", { ...place, record }));
    }
    if (records.length === 0) return issues;
    const resource = resourceOf(
      source,
      records.map(({ raw }) => raw),
    );
    const group = this.#groups.get(resource) ?? { pages: [], records: 0 };
    this.#groups.set(resource, group);
    const taken = records.slice(0, this.#most - group.records);
    group.records += taken.length;
    if (hasResponse(document)) {
      const { response, ...around } = document;
      const envelope = jsonOf(around) === undefined ? { stat: "OK" } : document;
      group.pages.push({ source, envelope, isOne: !Array.isArray(response), records: taken });
      return issues;
    }
    // Records without a page are one page for each source.
    const last = group.pages.at(-1);
    const isBare = last !== undefined && !hasResponse(last.envelope);
    if (isBare && last.source === source) last.records.push(...taken);
    else group.pages.push({ source, envelope: { stat: "OK" }, isOne: false, records: taken });
    return issues;
  }

  /** The pages of the sample, in the order they came, cut to their first records. */
  pages(): SampledPage[] {
    const groups = [...this.#groups.values()];
    const wanted = shares(
      groups.map(({ records }) => records),
      this.#most,
    );
    let bytes = 0;
    return groups.flatMap(({ pages }, at) => {
      let left = wanted[at] ?? 0;
      return pages.flatMap(({ source, envelope, isOne, records }) => {
        const chosen: SampledRecord[] = [];
        let pageBytes = 0;
        for (const record of records.slice(0, left)) {
          const json = jsonOf(record.raw);
          // What is nested too deep to be written cannot be sent.
          if (json === undefined) continue;
          const size = Buffer.byteLength(json);
          if (pageBytes + size > MAX_LOG_BYTES || bytes + size > MAX_BYTES) continue;
          pageBytes += size;
          bytes += size;
          chosen.push(record);
        }
        left -= Math.min(left, records.length);
        if (chosen.length === 0) return [];
        const raws = chosen.map(({ raw }) => raw);
        const response: unknown = isOne ? raws[0] : raws;
        return [{ source, envelope: { ...envelope, response }, records: chosen }];
      });
    });
  }
}
