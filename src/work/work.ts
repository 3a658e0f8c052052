/** Blocks, and what a reader finds in them. */

import type { RecordsAt } from "../core/page.ts";
import { type ProfileChoice, profileOf } from "../profiles/index.ts";
import { type Block, type Part, type PartFound, readPart } from "./blocks.ts";
import type { Reader } from "./reader.ts";
import { loadReader, type ReaderName, type Readers } from "./readers.ts";

/** Which reader reads the blocks, and how. Plain data, which can be sent to another thread. */
export interface Work<N extends ReaderName> {
  readonly reader: N;
  readonly options: Readers[N]["options"];
  /** Where in each JSON value the documents stand. Default: it is the document. */
  readonly recordsAt?: RecordsAt | undefined;
  /** What maps the records. Default: the vendor's profile. */
  readonly choice?: ProfileChoice | undefined;
}

/** What was found in the parts of a block, in their order. */
export interface BlockFound<N extends ReaderName> {
  readonly block: Block;
  readonly found: readonly PartFound<Readers[N]["found"]>[];
}

export function partsOf(block: Block): Part[] {
  return block.flatMap((entry) => ("part" in entry ? [entry.part] : []));
}

/** Reads parts, each by itself. */
export function readParts<T>(
  parts: readonly Part[],
  reader: Reader<T>,
  recordsAt: RecordsAt | undefined,
): PartFound<T>[] {
  return parts.map((part) => readPart(part, reader, recordsAt));
}

/** Reads blocks one after the other in this thread. */
export async function* inThisThread<N extends ReaderName>(
  blocks: AsyncIterable<Block>,
  work: Work<N>,
): AsyncGenerator<BlockFound<N>> {
  const reader = (await loadReader(work.reader))(work.options, profileOf(work.choice ?? {}));
  for await (const block of blocks) yield { block, found: readParts(partsOf(block), reader, work.recordsAt) };
}
