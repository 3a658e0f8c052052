// Takes the pictures of the documentation, docs/images/*.png, from an invented account. It needs Chromium, and what
// `npm run build` makes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = dirname(import.meta.dirname);
const folder = mkdtempSync(join(tmpdir(), "duo-udm-pictures-"));
const duoUdm = (...argv) =>
  execFileSync(process.execPath, [join(root, "dist/cli/main.js"), ...argv], { cwd: folder, stdio: "ignore" });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

/** Opens a page, prepares it, and takes a picture of its upper part, `shown` pixels high. */
async function take(name, file, { width = 1280, height, shown = height, place = "" }, prepare) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: "light" });
  await page.clock.setFixedTime("2026-01-31T00:00:00Z");
  await page.goto(pathToFileURL(file).href + place);
  await prepare?.(page);
  const clip = { x: 0, y: 0, width, height: shown };
  await page.screenshot({ path: join(root, "docs/images", `${name}.png`), clip });
  await page.close();
}

try {
  duoUdm("demo", "--out", "demo");
  await take("report", join(folder, "demo/report.html"), { width: 1120, height: 1000 });

  const explorer = join(folder, "explorer.html");
  duoUdm("report", "demo/pages/duo/context", "--explore", "--out", explorer);
  const withoutOwner = { height: 800, place: "#records?resource=endpoints&owner=no" };
  await take("explorer", explorer, withoutOwner, async (page) => {
    await page.locator(".record").nth(1).click();
    await page.locator(".found").evaluate((found) => found.scrollIntoView());
    await page.locator('[data-raw="device_name"]').hover();
  });

  const playground = join(folder, "playground.html");
  duoUdm("playground", "--out", playground);
  await take("playground", playground, { height: 790, shown: 640 }, async (page) => {
    await page.locator("main[aria-busy=false]").waitFor();
    await page
      .locator("[data-raw]")
      .first()
      .evaluate((line) => {
        line.closest(".scroll").scrollTop = 150;
      });
    await page.locator('[data-path="entity.asset.hostname"]').first().hover();
    await page.locator(".lit").first().waitFor();
  });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
