/** Reads one resource page by page, in pages that a feed can take. */

import { type Config, MAX_LIMIT } from "./config.ts";
import type { DuoClient, DuoPage } from "./duo.ts";
import type { ResourceReport } from "./manifest.ts";
import { Paging } from "./paging.ts";
import { longestLine } from "./records.ts";

/** A feed drops longer lines. Source: Google SecOps, "Supported data sources: limits". */
export const LONGEST_LINE = 4_000_000;

export class PageReader {
  readonly #client: DuoClient;
  readonly #report: ResourceReport;
  readonly #isRaw: boolean;
  readonly #most: number;
  readonly #deadline: number;
  readonly #signal: AbortSignal;
  readonly #paging = new Paging();
  #limit: number;
  #records = 0;

  constructor(
    client: DuoClient,
    report: ResourceReport,
    { limit, forms }: Pick<Config, "limit" | "forms">,
    deadline: number,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#report = report;
    this.#isRaw = forms.includes("raw");
    this.#most = Math.min(limit, MAX_LIMIT[report.resource]);
    this.#limit = this.#most;
    this.#deadline = deadline;
    this.#signal = signal;
  }

  /** @throws DuoApiError */
  first(): Promise<DuoPage> {
    return this.#read(0);
  }

  /** The page after one; undefined when that was the last. @throws DuoApiError */
  async after(page: DuoPage): Promise<DuoPage | undefined> {
    const next = this.#paging.after(page);
    if (next !== undefined) return this.#read(next);
    this.#paging.end(page, this.#records);
    return undefined;
  }

  async #read(offset: number): Promise<DuoPage> {
    const page = await this.#readShort(offset);
    this.#paging.accept(page);
    this.#records += page.page.records.length;
    const { first, last } = this.#paging;
    this.#report.total_objects = {
      ...(first !== undefined && { first }),
      ...(last !== undefined && { last }),
    };
    return page;
  }

  /**
   * A page whose lines are short enough for a feed. Where they are not, fewer records are asked for. A page of one
   * record is returned whatever its length.
   */
  async #readShort(offset: number): Promise<DuoPage> {
    const { resource } = this.#report;
    for (;;) {
      const request = { resource, offset, limit: this.#limit };
      const page = await this.#client.page(request, this.#deadline, this.#signal);
      const longest = this.#isRaw ? longestLine(page.body) : 0;
      if (longest <= LONGEST_LINE) {
        if (2 * longest <= LONGEST_LINE) this.#limit = Math.min(2 * this.#limit, this.#most);
        return page;
      }
      if (this.#limit === 1 || page.page.records.length <= 1) return page;
      this.#limit = Math.floor(this.#limit / 2);
    }
  }
}
