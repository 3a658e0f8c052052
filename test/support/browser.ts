/** Chromium for the tests of the report. */

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Launches the Chromium of CHROMIUM, else Debian's; without one the tests that need it fail. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `no Chromium at ${executablePath}: install it (Debian: apt-get install chromium), or name one in CHROMIUM`,
    );
  }
  return chromium.launch({ executablePath, args: [...FLAGS] });
}
