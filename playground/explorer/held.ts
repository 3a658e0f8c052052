/** The records that the page holds: each is parsed, named and searched only when it is asked for. */

import { type Explored, type ExploredRecord, unpacked } from "../../src/report/explored.ts";
import { titleOf } from "../parts/title.ts";

/** Something that is worked out once per record, when it is first asked for. */
class Once<T> {
  readonly #make: (record: ExploredRecord) => T;
  readonly #known: (T | undefined)[] = [];

  constructor(make: (record: ExploredRecord) => T) {
    this.#make = make;
  }

  of(at: number, record: ExploredRecord): T {
    let value = this.#known[at];
    if (value === undefined) {
      value = this.#make(record);
      this.#known[at] = value;
    }
    return value;
  }
}

export class Held {
  readonly explored: Explored;
  readonly #texts = new Once(({ json }) => json.replaceAll("\\u003c", "<").toLowerCase());
  readonly #titles = new Once(({ json, record }) => titleOf(JSON.parse(json), record));

  constructor(text: string) {
    this.explored = unpacked(text);
  }

  get size(): number {
    return this.explored.records.length;
  }

  record(at: number): ExploredRecord {
    const record = this.explored.records[at];
    if (record === undefined) throw new RangeError(`there is no record ${at}`);
    return record;
  }

  raw(at: number): unknown {
    return JSON.parse(this.record(at).json);
  }

  /** The record as text, in lower case. */
  text(at: number): string {
    return this.#texts.of(at, this.record(at));
  }

  /** What a person knows the record by. */
  title(at: number): string {
    return this.#titles.of(at, this.record(at));
  }
}
