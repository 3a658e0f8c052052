/** Blocks of work: a megabyte or more of whole documents, from one large source or from many small ones. */

import { issue } from "../core/issue.ts";
import { documentPath, placedDocuments, type RecordsAt } from "../core/page.ts";
import { documentsIn, linesOf, rejectionIssue } from "../io/documents.ts";
import { InputError } from "../io/errors.ts";
import { LIMITS, type Piece, piecesOf } from "../io/pieces.ts";
import type { Source } from "../io/sources.ts";
import type { Reader } from "./reader.ts";

/** A piece of a source. Plain data, which can be sent to another thread. */
export interface Part {
  readonly source: string;
  readonly modified: string;
  readonly piece: Piece;
}

/** A part in the thread that reads the sources, or what says that a source cannot be read. */
export type BlockEntry =
  | { readonly source: Source; readonly part: Part }
  | { readonly source: Source; readonly unreadable: string };

export type Block = readonly BlockEntry[];

/** The parts of all sources in order, in blocks that follow from the sources alone. */
export async function* blocksOf(sources: AsyncIterable<Source>): AsyncGenerator<Block> {
  let block: BlockEntry[] = [];
  let bytes = 0;
  for await (const source of sources) {
    try {
      for await (const { modified, ...piece } of piecesOf(source)) {
        block.push({ source, part: { source: source.name, modified, piece } });
        bytes += piece.bytes.length;
        // A source that goes on fills a block, whether by its bytes or by its lines.
        if (bytes < LIMITS.piece && piece.isLast) continue;
        yield block;
        block = [];
        bytes = 0;
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      block.push({ source, unreadable: error.message });
    }
  }
  if (block.length > 0) yield block;
}

/** What a reader found in a part. */
export interface PartFound<Found> {
  readonly documents: number;
  /** Line feeds of the part. */
  readonly lines: number;
  readonly found: Found;
}

/** Reads the documents of a part. */
export function readPart<Found>(
  { source, modified, piece }: Part,
  reader: Reader<Found>,
  recordsAt?: RecordsAt,
): PartFound<Found> {
  let documents = 0;
  for (const document of documentsIn(piece, source)) {
    if (document.kind === "invalid") {
      reader.invalid(rejectionIssue(document.rejected, { source, document: documents }));
      documents++;
    } else {
      const { value, lines } = document;
      for (const placed of placedDocuments(value, recordsAt)) {
        const document = documents++;
        const under = lines.under(placed, recordsAt);
        if (placed.document === undefined) {
          reader.invalid(issue("RECORDS_AT_NOTHING", { source, document, line: under.first }));
        } else {
          // This runs for every line of NDJSON. On Node.js 20 a spread takes longer than mapping a record.
          const at = documentPath(placed);
          reader.document(placed.document, { source, document, modified, lines: under, at });
        }
      }
    }
  }
  // After the last part nobody needs the lines.
  return { documents, lines: piece.isLast ? 0 : linesOf(piece), found: reader.take() };
}
