/** What the input panel shows of files. */

import type { Source } from "./input.ts";
import { isGzip, unpackedStart } from "./platform/gzip.ts";

/** More would make the panel slow. */
const MOST_BYTES = 300_000;

/** The text of the files; its beginning where it is long. */
export async function shownOf(sources: readonly Source[]): Promise<{ text: string; isCut: boolean }> {
  let text = "";
  let isCut = false;
  for (const { bytes } of sources) {
    const left = MOST_BYTES - text.length;
    const plain = isGzip(bytes) ? await unpackedStart(bytes, left) : bytes;
    isCut ||= plain.length > left || isGzip(bytes);
    text += new TextDecoder().decode(plain.subarray(0, Math.max(left, 0)));
    if (isCut) break;
  }
  return { text, isCut: isCut || sources.length > 1 };
}
