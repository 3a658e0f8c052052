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

function launch(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `no Chromium at ${executablePath}: install it (Debian: apt-get install chromium), or name one in CHROMIUM`,
    );
  }
  return chromium.launch({ executablePath, args: [...FLAGS], timeout: PATIENCE_MS });
}

let launched: Promise<Browser> | undefined;

/**
 * The Chromium of CHROMIUM, else Debian's; without one the tests that need it fail. All files of a worker share one,
 * which ends with the worker.
 */
function sharedChromium(): Promise<Browser> {
  launched ??= launch();
  return launched;
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

export interface Tab {
  /** Opens a page in place of the one before, of which nothing is left. That takes half the time of a new tab. */
  readonly open: Open;
  readonly close: () => Promise<void>;
}

export async function newTab(): Promise<Tab> {
  const browser = await sharedChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  let complaints: string[] = [];
  let address = "";
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(request.url());
  });
  const open: Open = async (url, { colorScheme = "light", width = 1280, place = "" } = {}) => {
    // Without this, an address that differs in its place alone would stay on the page before.
    await page.goto("about:blank");
    await page.mouse.move(0, 0);
    await page.emulateMedia({ colorScheme, media: null, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    complaints = [];
    address = url;
    await page.goto(url + place);
    return { page, complaints };
  };
  return { open, close: () => page.close() };
}

/** One tab for all tests of a file, to open files in. */
export function sharedTab(): Open {
  let tab: Tab;
  beforeAll(async () => {
    tab = await newTab();
  });
  afterAll(() => tab?.close());
  return (file, opening) => tab.open(pathToFileURL(file).href, opening);
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
