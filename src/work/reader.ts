/** The frame that the commands share: what each makes of the documents of its inputs, in whichever thread. */

import type { Issue } from "../core/issue.ts";
import type { DocumentLines } from "../io/lines.ts";

/** Where a document comes from. Its index and its lines are counted from the start of the part that is read. */
export interface DocumentOrigin {
  /** The source's name. */
  readonly source: string;
  readonly document: number;
  /** When the source was last written. */
  readonly modified: string;
  readonly lines: DocumentLines;
  /** Where it stands in the value that was read: empty for the value itself. */
  readonly at: string;
}

/** Reads documents one by one. What it finds is plain data, which can be sent to another thread. */
export interface Reader<Found> {
  document(document: unknown, origin: DocumentOrigin): void;
  /** Takes the issue of a document that cannot be read. */
  invalid(issue: Issue): void;
  /** Returns what was found so far, and starts again with nothing. */
  take(): Found;
}
