import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { mapPage } from "../../src/index.ts";
import { audit } from "../support/browser.ts";
import { leavesOf } from "../support/invariants.ts";
import {
  ENDPOINT,
  openPlayground,
  PLAYGROUND,
  pageOf,
  seen,
  sharedPlayground,
  type,
  VENDOR,
} from "../support/playground.ts";

const MOST_BYTES = 300_000;
const withPlayground = sharedPlayground();

/** What is lit, in short. */
const LIT = `[...document.querySelectorAll(".lit")]
  .map(({ dataset: { path, raw, row } }) =>
    path !== undefined ? "value " + path : raw !== undefined ? "raw " + raw : "row " + row)
  .sort()`;

/** Waits until this is lit, and sees that nothing else is. What lights up does so at once. */
async function isLit(page: Page, ...expected: readonly string[]): Promise<void> {
  const names: Readonly<Record<string, string>> = { raw: "data-raw", row: "data-row", value: "data-path" };
  const lit = page.locator(".lit");
  if (expected.length === 0) await lit.first().waitFor({ state: "detached" });
  for (const one of expected) {
    const [kind = "", at = ""] = one.split(/ (.*)/s);
    await page
      .locator(`.lit[${names[kind]}=${JSON.stringify(at)}]`)
      .first()
      .waitFor();
  }
  expect(await page.evaluate(LIT)).toEqual([...expected].sort());
}

describe("the page of the playground", () => {
  it(`is one file of less than ${MOST_BYTES} bytes that names nothing to load`, () => {
    const html = readFileSync(PLAYGROUND, "utf8");
    expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy.replaceAll(/sha256-[\w+/=]+/g, "HASH")).toBe(
      "default-src 'none'; script-src 'HASH'; style-src 'HASH'; base-uri 'none'; form-action 'none'",
    );
    expect(
      html.replace(/<script>[\s\S]*<\/script>/, "").match(/(?:src|href|action)=|url\(|@import/g),
    ).toBeNull();
  });

  it("is accessible and no wider than the window, in light and dark, wide and narrow", () =>
    withPlayground(async (page) => {
      await type(
        page,
        pageOf({ ...ENDPOINT, device_name: "a", email: ["x"] }, ENDPOINT, { group_id: "DG1" }),
      );
      await seen(page, "#records-title", "3 records");
      await page.locator('[data-row="browsers.browser_family"]').first().click();
      for (const [colorScheme, width] of [
        ["light", 1280],
        ["dark", 380],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.locator('[data-path="entity.asset.hostname"]').first().focus();
        await page.locator('[data-raw="device_name"].lit').waitFor();
        expect(await audit(page)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      }
      await page.locator("text=Scrubbed copy").click();
      await page.locator("dialog[open] textarea").waitFor();
      expect(await audit(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 1280, height: 900 });
    }));

  it("works when it is served, by an origin of this machine", async () => {
    const html = readFileSync(PLAYGROUND);
    const server: Server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const { page, complaints } = await openPlayground(
      `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`,
    );
    await type(page, pageOf(ENDPOINT));
    await seen(page, VENDOR, "ada-laptop");
    expect(complaints).toEqual([]);
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  it("has its panels, and the input panel is a textarea", () =>
    withPlayground(async (page) => {
      const panels = await page
        .locator("[data-panel]")
        .evaluateAll((all) => all.map((one) => `${one.getAttribute("data-panel")} ${one.localName}`));
      expect(panels).toEqual(["input textarea", "entities section", "rows section", "issues section"]);
    }));
});

describe("pointing", () => {
  it("at a value lights its row and its raw field, with the mouse and with the focus", () =>
    withPlayground(async (page) => {
      await type(page, pageOf(ENDPOINT));
      await seen(page, VENDOR, "ada-laptop");
      const expected = ["raw browsers[1].browser_family", "row browsers.browser_family"];
      const value = page.locator(`${VENDOR} [data-path="entity.asset.software[1].name"]`);
      await value.hover();
      await isLit(page, ...expected);
      await page.locator("h1").hover();
      await isLit(page);
      await value.focus();
      await isLit(page, ...expected);
    }));

  it("at a row lights what it read and what it wrote", () =>
    withPlayground(async (page) => {
      await type(page, pageOf(ENDPOINT));
      await seen(page, VENDOR, "ada-laptop");
      await page.locator('[data-row="browsers.browser_version"]').first().hover();
      await isLit(
        page,
        "value entity.asset.software[0].version",
        "value entity.asset.software[1].version",
        "raw browsers[0].browser_version",
        "raw browsers[1].browser_version",
      );
    }));

  it("at a raw field lights the rows that read it and the values of both profiles, brought into view", () =>
    withPlayground(async (page) => {
      await type(page, pageOf({ ...ENDPOINT, trusted_endpoint: "yes" }));
      await seen(page, VENDOR, "trusted_endpoint");
      const raw = page.locator('[data-raw="trusted_endpoint"]');
      await raw.focus();
      await isLit(
        page,
        "row trusted_endpoint",
        "row trusted_endpoint",
        "value entity.asset.attribute.labels[0].value",
        "value entity.asset.attribute.labels[0].value",
      );
      // The row stands far down in its panel.
      const isInView = `(() => {
        const row = document.querySelector("[data-row].lit");
        const frame = row.closest(".scroll").getBoundingClientRect();
        const { top, bottom } = row.getBoundingClientRect();
        return top >= frame.top && bottom <= frame.bottom;
      })()`;
      await expect.poll(() => page.evaluate(isInView), { timeout: 30_000 }).toBe(true);
    }));

  it("works without a mouse from the top of the page", () =>
    withPlayground(async (page) => {
      await type(page, pageOf(ENDPOINT));
      await seen(page, VENDOR, "ada-laptop");
      await page.locator(".controls select").focus();
      const panels: string[] = [];
      for (let step = 0; step < 14; step++) {
        await page.keyboard.press("Tab");
        const at = "document.activeElement.closest('[data-panel], .grows, .controls')";
        panels.push(String(await page.evaluate(`${at}?.dataset.panel ?? ${at}?.className ?? ""`)));
      }
      expect([...new Set(panels)].slice(0, 6)).toEqual([
        "controls",
        "input",
        "card grows",
        "entities",
        "rows",
        "issues",
      ]);
      await page.locator('[data-panel="entities"] [data-item]').first().focus();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowDown");
      expect(await page.evaluate("document.activeElement.dataset.path")).toBe("relations[0].relationship");
      await isLit(page, "row ");
      await page.locator('[data-row="device_name"]').first().focus();
      await page.keyboard.press("Enter");
      await seen(page, ".documentation", "Directly mapped from the raw log.");
      await page.keyboard.press("ArrowUp");
      expect(await page.evaluate("document.activeElement.dataset.row")).toBe("browsers.browser_version");
    }));
});

describe("hostile values", () => {
  it("stay text, with what could turn it shown as escapes", () =>
    withPlayground(async (page) => {
      const hostile = `<img src=x onerror="document.title='owned'">\u202eevil\u0000`;
      const shown = `<img src=x onerror="document.title='owned'">\\u202eevil\\u0000`;
      const record = {
        ...ENDPOINT,
        device_name: hostile,
        [hostile]: { __proto__: null, constructor: hostile },
      };
      await type(page, `{"__proto__":{"epkey":"x"},${JSON.stringify(record).slice(1)}`);
      await seen(page, `${VENDOR} [data-path="entity.asset.hostname"]`, shown);
      await seen(page, '[data-raw="device_name"]', "onerror=");
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.title()).toBe("duo-udm playground");
      expect(await page.evaluate("document.body.innerText.includes('\\u202e')")).toBe(false);
    }));

  it("of any depth and length leave the page alive", () =>
    withPlayground(async (page) => {
      const deep = `${"[".repeat(3000)}${"]".repeat(3000)}`;
      const long = "x".repeat(100_000);
      await type(page, `{"epkey":"EPX1","device_name":"deep","users":${deep},"notes":"${long}"}`);
      await seen(page, VENDOR, "deep");
      await seen(page, '[aria-label="Raw record"]', "nested too deep to be shown");
      await page.locator("text=Scrubbed copy").click();
      expect(await page.locator("dialog textarea").inputValue()).toBe(
        "The record is nested too deep to be scrubbed.",
      );
      await page.keyboard.press("Escape");
    }));
});

describe("a scrubbed copy", () => {
  it("holds nobody of the record, and maps as the record does", () =>
    withPlayground(async (page) => {
      const record = {
        ...ENDPOINT,
        epkey: "EPK4X9Q2M7T1B8W3L5ZD",
        device_name: "ada-laptop-lovelace",
        email: "lovelace@example.com",
        hardware_uuid: "5CBD2D20-F503-AF0A-217D-F3585A00D8B8",
        notes: "call lovelace",
      };
      await type(page, pageOf(record));
      await seen(page, VENDOR, "ada-laptop");
      await page.locator("text=Scrubbed copy").click();
      const text = await page.locator("dialog textarea").inputValue();
      const scrubbed: Record<string, unknown> = JSON.parse(text);
      expect(Object.keys(scrubbed)).toEqual(Object.keys(record));
      expect(text).not.toMatch(/lovelace|K4X9Q2M7T1|5CBD2D20/i);
      expect(text).toContain("Safari");
      const context = { collectedAt: "2026-01-31T00:00:00Z" };
      const paths = (raw: unknown) =>
        mapPage(raw, context).entities.flatMap((entity) => leavesOf(entity).map(({ path }) => path));
      expect(paths(scrubbed)).toEqual(paths(record));
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    }));
});
