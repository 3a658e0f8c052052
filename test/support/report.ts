/** The report as a page in a browser, and what is read off it. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll } from "vitest";
import { report } from "../../src/cli/commands/report.ts";
import { sharedTab } from "./browser.ts";
import { captured, type Ran } from "./cli.ts";
import { COLLECTED_AT } from "./fixtures.ts";

/** A folder and a browser for all tests of a file. */
export function reports() {
  const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (inputs: readonly string[], out: string): Promise<Ran> =>
    captured((io) => report(inputs, { out, collectedAt: COLLECTED_AT }, io));

  async function reportOf(name: string, document: unknown): Promise<string> {
    const input = join(folder, `${name}.json`);
    writeFileSync(input, JSON.stringify(document));
    const out = join(folder, `${name}.html`);
    await run([input], out);
    return out;
  }

  return { folder, run, reportOf, open: sharedTab() };
}

/** The cells of a table, row by row, as they read. */
export const cellsOf = (page: Page, table: string): Promise<string[][]> =>
  page
    .locator(`${table} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => Array.from(row.children, ({ textContent }) => textContent ?? "")),
    );

/** The charts by their titles: what stands beside each bar. */
export async function chartsOf(page: Page): Promise<Record<string, Record<string, string>>> {
  const charts = await page.locator(".bars").evaluateAll((tables) =>
    tables.map((table) => {
      const rows = Array.from(table.querySelectorAll("tr"), ({ children }) => {
        const [name = "", , ...numbers] = Array.from(children, ({ textContent }) => textContent ?? "");
        return [name, numbers.join(" ")];
      });
      return [table.querySelector("caption")?.textContent, Object.fromEntries(rows)];
    }),
  );
  return Object.fromEntries(charts);
}

/** The verdict as a script finds it, and as it reads. */
export const verdictOf = (page: Page): Promise<(string | null)[]> =>
  page
    .locator("[data-verdict]")
    .evaluateAll((all) =>
      all.flatMap((one) => [one.getAttribute("data-verdict"), one.querySelector("h2")?.textContent ?? null]),
    );

export const originOf = (page: Page): Promise<string[]> =>
  page
    .locator(".origin > div")
    .evaluateAll((all) =>
      all.map(({ children }) => Array.from(children, ({ textContent }) => textContent).join(" ")),
    );
