/** Chromium for the tests of pages: opened from their files, watched, and audited. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** How long a page may take on a busy machine. */
export const PATIENCE_MS = 120_000;

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
  return chromium.launch({ executablePath, args: [...FLAGS], timeout: PATIENCE_MS });
}

export interface OpenPage {
  readonly page: Page;
  /** What the console said, errors of the page, and requests for anything but the page. */
  readonly complaints: readonly string[];
}

/** Opens an address; `place` is what follows the page in it. */
export async function openUrl(
  browser: Browser,
  url: string,
  colorScheme: "light" | "dark" = "light",
  width = 1280,
  place = "",
): Promise<OpenPage> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url) complaints.push(request.url());
  });
  await page.goto(url + place);
  return { page, complaints };
}

/** Opens a file, as {@link openUrl} does. */
export function openFile(
  browser: Browser,
  file: string,
  colorScheme?: "light" | "dark",
  width?: number,
  place?: string,
): Promise<OpenPage> {
  return openUrl(browser, pathToFileURL(file).href, colorScheme, width, place);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown }[];
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The rules that the page, or a part of it, violates, and where. The audit is brought in past the page's own policy. */
export async function audit(page: Page, part = "html"): Promise<string[]> {
  for (const details of await page.locator("details").all()) {
    await details.evaluate((element) => element.setAttribute("open", ""));
  }
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(AXE, "utf8") });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(${JSON.stringify(part)}).then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  const violations: Violation[] = JSON.parse(result.value);
  return violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0]?.target)}`);
}
