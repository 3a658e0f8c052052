import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentsOf, readPage } from "../../src/core/page.ts";
import { mapPage, mapRecord, PROFILES } from "../../src/index.ts";
import { printable } from "../../src/text/escape.ts";
import { audit, launchChromium } from "../support/browser.ts";
import { duoUdm } from "../support/cli.ts";
import { rootUrl } from "../support/files.ts";
import { PAGES, readFixture } from "../support/fixtures.ts";
import { leavesOf } from "../support/invariants.ts";

const FILE = rootUrl("dist/playground.html");
const MOST_BYTES = 300_000;
const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(folder, { recursive: true }));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Opened {
  readonly page: Page;
  /** What the console said, errors of the page, and requests for anything but the page. */
  readonly complaints: readonly string[];
}

const READY = 'main[aria-busy="false"] .bar .badge';

async function open(url: string = FILE.href): Promise<Opened> {
  const page = await browser.newPage({ colorScheme: "light", viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url) complaints.push(request.url());
  });
  await page.goto(url);
  await page.locator(READY).waitFor();
  return { page, complaints };
}

let playground: Opened;
beforeAll(async () => {
  playground = await open();
});

/** Does something with the playground, as it is after opening but for its input, and holds it to its silence. */
async function withPlayground(use: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = playground;
  await page.locator('.controls input[type="text"]').fill("");
  await page.locator("label.radio", { hasText: "relation" }).click();
  await page.locator(".choice-label select").selectOption("vendor");
  await use(page);
  expect(complaints).toEqual([]);
}

/** Puts text into the input panel. What is expected of it is to be waited for. */
const type = (page: Page, text: string): Promise<void> => page.locator('[data-panel="input"]').fill(text);
const seen = (page: Page, selector: string, text: string): Promise<void> =>
  page.locator(selector, { hasText: text }).first().waitFor();

const VENDOR = ".column:nth-child(1)";
const ENRICHED = ".column:nth-child(2)";

/** The values of the entity in a column, by their paths. */
const valuesIn = (page: Page, column: string): Promise<Record<string, string | null>> =>
  page
    .locator(`[data-panel="entities"] ${column} [data-path]`)
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((one) => [one.getAttribute("data-path"), one.querySelector(".value")?.textContent ?? null]),
      ),
    );

/** The values in both columns once a record is selected. */
async function bothIn(page: Page, record: number): Promise<Record<string, Record<string, string>>> {
  await page.locator(`#record-${record}[aria-selected="true"]`).waitFor();
  return page.evaluate(`
    const valuesIn = (column) => Object.fromEntries(
      [...document.querySelectorAll(column + " [data-path]")].map((one) => [
        one.dataset.path,
        one.querySelector(".value").textContent,
      ]),
    );
    ({ "${VENDOR}": valuesIn("${VENDOR}"), "${ENRICHED}": valuesIn("${ENRICHED}") })`);
}

/** What is lit, in short. */
const litIn = (page: Page): Promise<string[]> =>
  page.locator(".lit").evaluateAll((all) =>
    all
      .map((one) =>
        ["data-path", "data-raw", "data-row"]
          .filter((name) => one.hasAttribute(name))
          .map((name) => `${name} ${one.getAttribute(name)}`)
          .join(),
      )
      .sort(),
  );

const issuesIn = (page: Page): Promise<string[]> => page.locator('[data-panel="issues"] h3').allInnerTexts();

const ENDPOINT = {
  epkey: "EPX1",
  device_name: "ada-laptop",
  browsers: [
    { browser_family: "Chrome", browser_version: "126" },
    { browser_family: "Safari", browser_version: "18" },
  ],
  email: "ada@example.com",
  timestamp: "2026-01-31T00:00:00Z",
};
const pageOf = (...records: readonly object[]): string => JSON.stringify({ stat: "OK", response: records });

describe("the page of the playground", () => {
  it(`is one file of less than ${MOST_BYTES} bytes that names nothing to load`, () => {
    const html = readFileSync(FILE, "utf8");
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
    const html = readFileSync(FILE);
    const server: Server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const { page, complaints } = await open(
      `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`,
    );
    await type(page, pageOf(ENDPOINT));
    await seen(page, VENDOR, "ada-laptop");
    expect(complaints).toEqual([]);
    await page.close();
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
      const expected = ["data-raw browsers[1].browser_family", "data-row browsers.browser_family"];
      const value = page.locator(`${VENDOR} [data-path="entity.asset.software[1].name"]`);
      await value.hover();
      await page.locator(".lit").first().waitFor();
      expect(await litIn(page)).toEqual(expected);
      await page.locator("h1").hover();
      await page.locator(".lit").first().waitFor({ state: "detached" });
      await value.focus();
      await page.locator(".lit").first().waitFor();
      expect(await litIn(page)).toEqual(expected);
    }));

  it("at a row lights what it read and what it wrote", () =>
    withPlayground(async (page) => {
      await type(page, pageOf(ENDPOINT));
      await seen(page, VENDOR, "ada-laptop");
      await page.locator('[data-row="browsers.browser_version"]').first().hover();
      await page.locator(".lit").first().waitFor();
      expect(await litIn(page)).toEqual([
        "data-path entity.asset.software[0].version",
        "data-path entity.asset.software[1].version",
        "data-raw browsers[0].browser_version",
        "data-raw browsers[1].browser_version",
      ]);
    }));

  it("at a raw field lights the rows that read it and the values of both profiles, brought into view", () =>
    withPlayground(async (page) => {
      await type(page, pageOf({ ...ENDPOINT, trusted_endpoint: "yes" }));
      await seen(page, VENDOR, "trusted_endpoint");
      const raw = page.locator('[data-raw="trusted_endpoint"]');
      await raw.focus();
      await page.locator(".lit").first().waitFor();
      const lit = await litIn(page);
      expect(lit.filter((one) => one === "data-row trusted_endpoint")).toHaveLength(2);
      expect(lit.filter((one) => one.startsWith("data-path entity.asset.attribute.labels"))).toHaveLength(2);
      const hidden = await page.evaluate(`
        [...document.querySelectorAll("[data-row].lit")].slice(0, 1).filter((one) => {
          const frame = one.closest(".scroll").getBoundingClientRect();
          const { top, bottom } = one.getBoundingClientRect();
          return top < frame.top || bottom > frame.bottom;
        }).length`);
      expect(hidden).toBe(0);
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
      await page.locator(".lit").first().waitFor();
      await page.locator('[data-row="device_name"]').first().focus();
      await page.keyboard.press("Enter");
      await seen(page, ".documentation", "Directly mapped from the raw log.");
      await page.keyboard.press("ArrowUp");
      expect(await page.evaluate("document.activeElement.dataset.row")).toBe("browsers.browser_version");
    }));
});

describe("the entities", () => {
  it("are those of the command, by both profiles, for records of every kind", () =>
    withPlayground(async (page) => {
      const documents = PAGES.filter((_, at) => at % 3 === 0).map(readFixture);
      const text = documents.map((document) => JSON.stringify(document)).join("\n");
      const buffer = Buffer.from(text);
      await page.locator('input[type="file"]').setInputFiles({ name: "all.ndjson", mimeType: "", buffer });
      const records = documents.flatMap((document) => {
        const { records: all, timestamp } = readPage(document);
        return all.map((raw) => ({ raw, timestamp }));
      });
      await seen(page, "#records-title", `${records.length} records`);
      const list = page.locator('[role="listbox"]');
      await list.focus();
      for (const [at, { raw, timestamp }] of records.entries()) {
        const found = await bothIn(page, at);
        for (const [column, profile] of [
          [VENDOR, PROFILES.vendor],
          [ENRICHED, PROFILES.enriched],
        ] as const) {
          const context = { collectedAt: "2026-01-31T00:00:00Z", pageTimestamp: timestamp, profile };
          const mapped = mapRecord(raw, context);
          const leaves = mapped.kind === "entity" ? leavesOf(mapped.entity) : [];
          const expected = Object.fromEntries(
            leaves.map(({ path, value }) => [path, printable(String(value))]),
          );
          const values = found[column] ?? {};
          const time = "metadata.collected_timestamp";
          if (expected[time] === context.collectedAt) expected[time] = values[time] ?? "";
          expect({ at, column, values }).toEqual({ at, column, values: expected });
        }
        await page.keyboard.press("ArrowDown");
      }
    }));

  it("show at a glance what the profiles make differently", () =>
    withPlayground(async (page) => {
      await type(page, pageOf({ ...ENDPOINT, firewall_status: "On", type: "mobile" }));
      await seen(page, VENDOR, "firewall_status");
      const classOf = (column: string, path: string) =>
        page.locator(`${column} [data-path="${path}"]`).getAttribute("class");
      expect(await classOf(VENDOR, "entity.asset.hostname")).toContain(" same");
      expect(await classOf(VENDOR, "entity.asset.attribute.labels[0].value")).toContain(" differs");
      expect(await classOf(VENDOR, "entity.asset.deployment_status")).toContain(" only");
      await seen(page, `${VENDOR} > p`, "only here");
    }));

  it("have the owner where the option puts it", () =>
    withPlayground(async (page) => {
      await type(page, pageOf(ENDPOINT));
      await seen(page, VENDOR, "ada-laptop");
      expect(Object.keys(await valuesIn(page, VENDOR))).toContain(
        "relations[0].entity.user.email_addresses[0]",
      );
      await page.locator("label.radio", { hasText: "noun" }).click();
      await page.locator(`${VENDOR} [data-path="entity.user.email_addresses[0]"]`).waitFor();
      expect(
        Object.keys(await valuesIn(page, VENDOR)).filter((path) => path.startsWith("relations")),
      ).toEqual([]);
    }));

  it("that a record does not make are told with the reason and what to do", () =>
    withPlayground(async (page) => {
      await type(page, pageOf({ group_id: "DG1", name: "Finance" }));
      await seen(page, `${VENDOR} .no-entity`, "NO_ASSET_IDENTITY");
      await seen(page, `${VENDOR} .no-entity`, "What to do: Expected for groups and credentials.");
      expect(await valuesIn(page, ENRICHED)).toMatchObject({ "metadata.entity_type": "GROUP" });
    }));

  it("have the times of Node.js, in whichever form of ISO 8601", () =>
    withPlayground(async (page) => {
      const times = [
        "2026-W05-3T10:00:00+02:00",
        "2026-031",
        "20260131T235959,25Z",
        "2024-02-29T24:00:00",
        "2025-02-29",
      ];
      const records = times.map((last_seen, at) => ({
        epkey: `EPX${at}`,
        device_name: `device-${at}`,
        last_seen,
      }));
      await type(page, pageOf(...records));
      await seen(page, "#records-title", `${times.length} records`);
      await page.locator('[role="listbox"]').focus();
      const path = "entity.asset.last_discover_time";
      for (const [at, record] of records.entries()) {
        await seen(page, VENDOR, `device-${at}`);
        const mapped = mapRecord(record, { collectedAt: "2026-01-31T00:00:00Z" });
        const expected =
          mapped.kind === "entity" ? mapped.entity.entity.asset?.last_discover_time : undefined;
        expect((await valuesIn(page, VENDOR))[path]).toBe(expected);
        await page.keyboard.press("ArrowDown");
      }
    }));
});

describe("the input", () => {
  it("of 8,000 records stays quick: few are in the document, and any is found", () =>
    withPlayground(async (page) => {
      const records = Array.from({ length: 8000 }, (_, at) => ({
        ...ENDPOINT,
        epkey: `EPX${at}`,
        device_name: `host-${at}`,
      }));
      const buffer = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      await page.locator('input[type="file"]').setInputFiles({ name: "page.ndjson", mimeType: "", buffer });
      await seen(page, "#records-title", "8,000 records");
      await seen(page, ".input", "all of it is read");
      expect(await page.locator('[role="option"]').count()).toBeLessThan(40);
      await page.locator('[role="listbox"]').focus();
      await page.keyboard.press("End");
      await seen(page, `${VENDOR} [data-path="entity.asset.hostname"]`, "host-7999");
      await page.locator('input[type="search"]').fill("HOST-4242");
      await seen(page, "#records-title", "1 of 8,000 records");
      await seen(page, `${VENDOR} [data-path="entity.asset.hostname"]`, "host-4242");
      await seen(page, ".bar", "8,000 records, 8,000 entities");
    }));

  it("that is not JSON is told with its line and column, as the command does; the rest is read", () =>
    withPlayground(async (page) => {
      const text = `${pageOf(ENDPOINT)}\n{\n  "epkey": "EPX2",\n  "users": [,]\n}\n${JSON.stringify({ epkey: "EPX3" })}\n`;
      await type(page, text);
      await seen(page, '[data-panel="issues"]', "JSON_INVALID");
      const { stdout } = await duoUdm(["check", "-", "--format", "json"], { stdin: text });
      const { issues }: { issues: { code: string; line: number; column: number; document: number }[] } =
        JSON.parse(stdout);
      const [wrong] = issues.filter(({ code }) => code === "JSON_INVALID");
      expect(wrong?.line).toBe(4);
      await seen(page, ".place", `page:${wrong?.line}:${wrong?.column}, document ${wrong?.document}`);
      await seen(page, "#records-title", "2 records");
    }));

  it("of all fixtures has the issues that check tells, by either profile", () =>
    withPlayground(async (page) => {
      const text = PAGES.map((one) => JSON.stringify(readFixture(one))).join("\n");
      const file = join(folder, "all.ndjson");
      writeFileSync(file, text);
      await page.locator('input[type="file"]').setInputFiles(file);
      for (const profile of ["vendor", "enriched"]) {
        await page.locator(".choice-label select").selectOption(profile);
        const { stdout } = await duoUdm(["check", file, "--format", "json", "--profile", profile]);
        const { summary }: { summary: { entities: number; codes: Record<string, number> } } =
          JSON.parse(stdout);
        await seen(page, 'main[aria-busy="false"] .bar', `records, ${summary.entities} entities`);
        const told = (await issuesIn(page)).map((heading) => heading.split(" ").slice(1));
        const counts: Record<string, number> = {};
        for (const [code = "", count = ""] of told) {
          counts[code] = (counts[code] ?? 0) + Number(count.replaceAll(",", ""));
        }
        expect(counts).toEqual(summary.codes);
      }
    }));

  it("of another tool's export is reached by the place that the issue names", () =>
    withPlayground(async (page) => {
      await page.locator(".controls select").selectOption("A Splunk export");
      await seen(page, VENDOR, "ADA-MBP");
      const text = JSON.stringify({ preview: false, result: { _raw: JSON.stringify(ENDPOINT) } });
      await page.locator('.controls input[type="text"]').fill("");
      await type(page, text);
      await page.locator("button", { hasText: "Read records at result._raw" }).first().click();
      await seen(page, VENDOR, "ada-laptop");
      await page.locator('.controls input[type="text"]').fill("result._raw.nothing");
      await seen(page, '[data-panel="issues"]', "RECORDS_AT_NOTHING");
      await page.locator('.controls input[type="text"]').fill("result..");
      await seen(page, ".bar", "that is not a path");
    }));

  it("can be dropped in, gzipped too: of several members, cut short, or padded", () =>
    withPlayground(async (page) => {
      const drop = (name: string, bytes: Buffer) =>
        page.evaluate(`{
          const bytes = Uint8Array.from(atob("${bytes.toString("base64")}"), (unit) => unit.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], "${name}"));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }`);
      const packed = (name: string) => gzipSync(`${JSON.stringify({ epkey: name, device_name: name })}\n`);
      await drop("plain.json", Buffer.from(pageOf({ epkey: "EPX1", device_name: "plain" })));
      await seen(page, VENDOR, "plain");
      await drop("members.ndjson.gz", Buffer.concat([packed("one"), packed("two"), Buffer.alloc(7)]));
      await seen(page, "#records-title", "2 records");
      await seen(page, VENDOR, "one");
      expect(await issuesIn(page)).not.toContainEqual(expect.stringContaining("JSON_INVALID"));
      await drop("cut.ndjson.gz", Buffer.concat([packed("three"), packed("four").subarray(0, -6)]));
      await seen(page, VENDOR, "three");
      await seen(page, '[data-panel="issues"]', "JSON_INVALID");
      await seen(page, ".details", "gzip");
    }));

  it("can be chosen from examples, each of which shows something", () =>
    withPlayground(async (page) => {
      const examples = await page.locator(".controls option").allInnerTexts();
      expect(examples.length).toBeGreaterThan(6);
      for (const [at, example] of examples.entries()) {
        await page.locator(".controls select").selectOption(example);
        await page.locator(READY).waitFor();
        const shown = await page.locator('[data-panel="input"]').inputValue();
        expect(shown.length).toBeGreaterThan(200);
        if (at === examples.length - 1) await seen(page, '[data-panel="issues"]', "JSON_INVALID");
      }
    }));

  it("of UDM entities is checked, and of nothing is told", () =>
    withPlayground(async (page) => {
      const entities = mapPage(JSON.parse(pageOf(ENDPOINT)), {
        collectedAt: "2026-01-31T00:00:00Z",
      }).entities;
      await type(page, JSON.stringify(entities[0]));
      await seen(page, '[data-panel="entities"]', "There is no record to map.");
      await seen(page, ".bar", "1 entity");
      await type(page, "");
      await seen(page, ".bar", "0 records");
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
    }));
});

describe("a scrubbed copy", () => {
  it("holds nobody of the record, and maps as the record does", () =>
    withPlayground(async (page) => {
      const record = {
        ...ENDPOINT,
        hardware_uuid: "5CBD2D20-F503-AF0A-217D-F3585A00D8B8",
        notes: "call ada",
      };
      await type(page, pageOf(record));
      await seen(page, VENDOR, "ada-laptop");
      await page.locator("text=Scrubbed copy").click();
      const text = await page.locator("dialog textarea").inputValue();
      const scrubbed: Record<string, unknown> = JSON.parse(text);
      expect(Object.keys(scrubbed)).toEqual(Object.keys(record));
      expect(text).not.toMatch(/ada|EPX1|5CBD2D20/i);
      expect(text).toContain("Safari");
      const [one] = documentsOf(scrubbed);
      const context = { collectedAt: "2026-01-31T00:00:00Z" };
      const paths = (raw: unknown) =>
        mapPage(raw, context).entities.flatMap((entity) => leavesOf(entity).map(({ path }) => path));
      expect(paths(one)).toEqual(paths(record));
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    }));
});
