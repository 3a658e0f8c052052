/** A frame: the values that a record, or an element of a list in it, has for the reads of a plan, and the texts of its rows. */

import type { At } from "./cell.ts";
import type { Plan } from "./plan.ts";
import type { Scalar } from "./scalar.ts";

export class Frame {
  /** By the reads' indexes. */
  readonly values: (Scalar | undefined)[];
  /** By the rows' indexes. */
  readonly texts: (string | undefined)[];
  /** Where an element stands in its container. */
  at: At = undefined;

  constructor({ reads, rows }: Plan) {
    this.values = new Array(reads.length).fill(undefined);
    this.texts = new Array(rows.length).fill(undefined);
  }
}
