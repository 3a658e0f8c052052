/** A worker thread: reads blocks, all of them with the same reader. */

import { profileOf } from "../profiles/index.ts";
import type { Part, PartFound } from "./blocks.ts";
import type { Reader } from "./reader.ts";
import { loadReader, type ReaderName } from "./readers.ts";
import { readParts, type Work } from "./work.ts";

export interface Task<N extends ReaderName> extends Work<N> {
  readonly parts: readonly Part[];
}

/** Made for the first task, and kept: a thread does the work of one command. */
let thisReader: Promise<Reader<unknown>> | undefined;

export async function read<N extends ReaderName>({
  reader,
  options,
  recordsAt,
  choice = {},
  parts,
}: Task<N>): Promise<PartFound<unknown>[]> {
  thisReader ??= loadReader(reader).then((make) => make(options, profileOf(choice)));
  return readParts(parts, await thisReader, recordsAt);
}
