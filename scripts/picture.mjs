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
const page = await browser.newPage({ viewport: { width: 1280, height: 790 }, colorScheme: "light" });
await page.clock.setFixedTime("2026-01-31T00:00:00Z");
await page.goto(pathToFileURL(join(root, "dist/playground.html")).href);
await page.locator("main[aria-busy=false]").waitFor();
await page
  .locator("[data-raw]")
  .first()
  .evaluate((line) => {
    line.closest(".scroll").scrollTop = 150;
  });
await page.locator('[data-path="entity.asset.hostname"]').first().hover();
await page.locator(".lit").first().waitFor();
const clip = { x: 0, y: 0, width: 1280, height: 640 };
await page.screenshot({ path: join(root, "docs/images/playground.png"), clip });
await browser.close();
