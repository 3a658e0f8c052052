// Takes the picture of the playground that the documentation shows: docs/images/playground.png. It needs Chromium, and
// a playground that has been built.
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = dirname(import.meta.dirname);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
await page.clock.setFixedTime("2026-01-31T00:00:00Z");
await page.goto(pathToFileURL(join(root, "dist/playground.html")).href);
await page.locator("main[aria-busy=false]").waitFor();
await page.locator('[data-path="entity.asset.hostname"]').first().hover();
await page.locator(".lit").first().waitFor();
await page.screenshot({ path: join(root, "docs/images/playground.png") });
await browser.close();
