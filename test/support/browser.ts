/** Chromium for the tests of pages: opened from their files, watched, and audited. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

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

/** How a page is opened: `place` is what follows the page in its address. */
export interface Opening {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly place?: string;
}

export type Open = (url: string, opening?: Opening) => Promise<OpenPage>;

/** A new tab. What it opens replaces what it had open, as if it were new: that takes half the time of a new tab. */
export async function newTab(browser: Browser): Promise<Open> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  let complaints: string[] = [];
  let address = "";
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(request.url());
  });
  return async (url, { colorScheme = "light", width = 1280, place = "" } = {}) => {
    // Nothing of the page before is left: without this, an address that differs in its place alone stays on it.
    await page.goto("about:blank");
    await page.mouse.move(0, 0);
    await page.emulateMedia({ colorScheme, media: null });
    await page.setViewportSize({ width, height: 900 });
    complaints = [];
    address = url;
    await page.goto(url + place);
    return { page, complaints };
  };
}

/** Chromium with one tab for all tests of a file, to open files in. */
export function sharedTab(): Open {
  let browser: Browser;
  let open: Open;
  beforeAll(async () => {
    browser = await launchChromium();
    open = await newTab(browser);
  });
  afterAll(() => browser?.close());
  return (file, opening) => open(pathToFileURL(file).href, opening);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown }[];
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The rules that the page, or a part of it, violates, and where. The audit is brought in past the page's own policy. */
export async function audit(page: Page, part = "html"): Promise<string[]> {
  await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(AXE, "utf8") });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe
      .run(${JSON.stringify(part)}, { resultTypes: ["violations"] })
      .then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  const violations: Violation[] = JSON.parse(result.value);
  return violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0]?.target)}`);
}
