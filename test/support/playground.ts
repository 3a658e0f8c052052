/** The playground in Chromium, for its tests. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { newTab, type OpenPage, type Tab } from "./browser.ts";
import { rootUrl } from "./files.ts";

/** The page as the build makes it. */
export const PLAYGROUND = rootUrl("dist/playground.html");

/** Is there once the current input has been read. */
export const READY = 'main[aria-busy="false"] .bar .badge';

async function openIn(tab: Tab, url: string): Promise<OpenPage> {
  const opened = await tab.open(url);
  await opened.page.locator(READY).waitFor();
  return opened;
}

/** Opens a playground in a tab of its own, until the test ends. */
export async function openPlayground(url: string): Promise<OpenPage> {
  const tab = await newTab();
  onTestFinished(tab.close);
  return openIn(tab, url);
}

/**
 * Opens one playground for all tests of a file.
 *
 * @returns a function that resets all but the input, uses the page, and then expects no complaints
 */
export function sharedPlayground(): (use: (page: Page) => Promise<void>) => Promise<void> {
  let tab: Tab;
  let playground: OpenPage;
  beforeAll(async () => {
    tab = await newTab();
    playground = await openIn(tab, PLAYGROUND.href);
  });
  afterAll(() => tab?.close());
  return async (use) => {
    const { page, complaints } = playground;
    await page.locator('.controls input[type="text"]').fill("");
    await page.locator("label.radio", { hasText: "relation" }).click();
    await page.locator(".choice-label select").selectOption("vendor");
    await page.locator(READY).waitFor();
    await use(page);
    expect(complaints).toEqual([]);
  };
}

/** Puts text into the input panel, and waits until it is read. The page is busy from the first key on. */
export async function type(page: Page, text: string): Promise<void> {
  await page.locator('[data-panel="input"]').fill(text);
  await page.locator(READY).waitFor();
}

/** Waits until an element is there with a text in it. */
export const seen = (page: Page, selector: string, text: string): Promise<void> =>
  page.locator(selector, { hasText: text }).first().waitFor();

/** The columns of the entities panel. */
export const VENDOR = ".column:nth-child(1)";
export const ENRICHED = ".column:nth-child(2)";

/** The values of the entity in a column, by their paths. */
export const valuesIn = (page: Page, column: string): Promise<Record<string, string | null>> =>
  page
    .locator(`[data-panel="entities"] ${column} [data-path]`)
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((one) => [one.getAttribute("data-path"), one.querySelector(".value")?.textContent ?? null]),
      ),
    );

export const ENDPOINT = {
  epkey: "EPX1",
  device_name: "ada-laptop",
  browsers: [
    { browser_family: "Chrome", browser_version: "126" },
    { browser_family: "Safari", browser_version: "18" },
  ],
  email: "ada@example.com",
  timestamp: "2026-01-31T00:00:00Z",
};

export const pageOf = (...records: readonly object[]): string =>
  JSON.stringify({ stat: "OK", response: records });
