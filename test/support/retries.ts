/** Retries without the waits before them. */

import { onTestFinished, vi } from "vitest";
import { REAL_WORLD } from "../../src/io/retry.ts";

/** Makes nothing of the random part of a wait that clients, the AWS SDK's too, take before they repeat a request. */
export function repeatAtOnce(): void {
  const sources = [Math, REAL_WORLD].map((source) => vi.spyOn(source, "random").mockReturnValue(0));
  onTestFinished(() => {
    for (const source of sources) source.mockRestore();
  });
}
