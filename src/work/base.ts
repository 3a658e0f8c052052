/** What comes before a part of a source. */

import type { Place } from "../core/issue.ts";

export interface Base {
  /** Documents of the source before the part. */
  readonly documents: number;
  /** Line feeds of the source before the part. */
  readonly lines: number;
  /** Whether the source is one document, which needs no index. */
  readonly isOnly: boolean;
}

type Placed<P extends Place> = Omit<P, "document" | "line"> & Pick<Place, "document" | "line">;

/** An issue, or another place, that was found in a part, with its place in the source. */
export function placed<P extends Place>(found: P, { documents, lines, isOnly }: Base): Placed<P> {
  const { document, line, ...rest } = found;
  return {
    ...rest,
    ...(document !== undefined && !isOnly && { document: document + documents }),
    ...(line !== undefined && { line: line + lines }),
  };
}
