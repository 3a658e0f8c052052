/** What the input panel shows of what is read. */

import type { Source } from "./input.ts";
import { isGzip, unpackedStart } from "./platform/gzip.ts";

/** The most characters that are shown: more would make the panel slow. */
export const MOST_SHOWN = 200_000;

export interface Shown {
  readonly text: string;
  /** Whether there is more than that. */
  readonly isCut: boolean;
}

/** What is shown of a text. */
export function shownOfText(text: string): Shown {
  return { text: text.slice(0, MOST_SHOWN), isCut: text.length > MOST_SHOWN };
}

/** What is shown of files: the beginning of the first. */
export async function shownOf(sources: readonly Source[]): Promise<Shown> {
  const [first] = sources;
  if (first === undefined) return shownOfText("");
  const isPacked = isGzip(first.bytes);
  const bytes = isPacked ? await unpackedStart(first.bytes, MOST_SHOWN) : first.bytes;
  const { text, isCut } = shownOfText(new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN)));
  return { text, isCut: isCut || isPacked || sources.length > 1 || bytes.length > MOST_SHOWN };
}
