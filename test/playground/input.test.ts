import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { readPage } from "../../src/core/page.ts";
import { mapPage, mapRecord, PROFILES } from "../../src/index.ts";
import { printable } from "../../src/text/escape.ts";
import { duoUdm } from "../support/cli.ts";
import { PAGES, readFixture } from "../support/fixtures.ts";
import { leavesOf } from "../support/invariants.ts";
import {
  ENDPOINT,
  ENRICHED,
  pageOf,
  READY,
  seen,
  sharedPlayground,
  type,
  VENDOR,
  valuesIn,
} from "../support/playground.ts";

const withPlayground = sharedPlayground();
const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(folder, { recursive: true }));

const issuesIn = (page: Page): Promise<string[]> => page.locator('[data-panel="issues"] h3').allInnerTexts();

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
