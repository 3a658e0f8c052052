/** The errors of a part that standard error will show. */

import type { Issue } from "../core/issue.ts";

/** As many are kept of each part; the rest are counted. */
const KEPT = 20;

export interface Complaints {
  readonly first: readonly Issue[];
  readonly more: number;
}

/** What a reader counted, and the errors among the issues. */
export interface Complained<Counts> {
  readonly counts: Counts;
  readonly complaints: Complaints;
}

export class ComplaintList {
  #first: Issue[] = [];
  #more = 0;

  /** Takes an issue, if it is an error. */
  add(issue: Issue): void {
    if (issue.severity !== "error") return;
    if (this.#first.length < KEPT) this.#first.push(issue);
    else this.#more++;
  }

  take(): Complaints {
    const taken = { first: this.#first, more: this.#more };
    this.#first = [];
    this.#more = 0;
    return taken;
  }
}
