import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { find } from "../../playground/explorer/find.ts";
import { Held } from "../../playground/explorer/held.ts";
import { report } from "../../src/cli/commands/report.ts";
import { profileOf } from "../../src/profiles/index.ts";
import { searchOf } from "../../src/report/links.ts";
import { audit, sharedTab } from "../support/browser.ts";
import { captured, type Ran } from "../support/cli.ts";
import { rootUrl } from "../support/files.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

const FIXTURES = fileURLToPath(rootUrl("fixtures/pages"));
const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(folder, { recursive: true }));

const explore = (input: string, out: string, profile: "vendor" | "enriched" = "vendor"): Promise<Ran> =>
  captured((io) =>
    report([input], { out, collectedAt: COLLECTED_AT, explore: true }, { ...io, choice: { profile } }),
  );

const HOSTILE = `</script><img src=x onerror="document.title='owned'"><!--<script>`;

const PAGE = {
  stat: "OK",
  timestamp: 1767225600,
  response: [
    { epkey: "E1", device_name: "WS-1", os_family: "Windows", email: "ada@example.com" },
    { epkey: "E2", device_name: HOSTILE, os_family: "BeOS", email: HOSTILE, [HOSTILE]: HOSTILE },
    { epkey: "E3", device_name: "WS-3", os_family: "Mac OS X", device_username: "EXAMPLE\\cy" },
    { group_id: "G1", name: "Admins" },
    { user_id: "U1", username: "bob@example.com", email: "bob@example.com" },
  ],
};
const known = join(folder, "known.html");
let ran: Ran;
beforeAll(async () => {
  const input = join(folder, "known.json");
  writeFileSync(input, JSON.stringify(PAGE));
  ran = await explore(input, known);
});
const open = sharedTab();

/** Waits until so many records are listed: `5 records` are not the last of `3 of 5 records`. */
const listed = (page: Page, text: string): Promise<unknown> =>
  page.locator(".found", { hasText: new RegExp(`^${text}`) }).waitFor();

const titles = (page: Page): Promise<string[]> => page.locator(".record .title").allTextContents();

/** What is lit, as scripts find it. */
const lit = (page: Page): Promise<string[]> =>
  page
    .locator(".lit")
    .evaluateAll((all) =>
      all.map(
        (one) =>
          one.getAttribute("data-raw") ??
          one.getAttribute("data-path") ??
          (one.hasAttribute("data-row") ? `row ${one.getAttribute("data-row")}` : one.textContent),
      ),
    );

describe("a report to explore", () => {
  it("says that it holds personal data, on the page and on standard error, and whom to share it with", async () => {
    expect(ran).toMatchObject({ status: 0, stdout: "" });
    expect(ran.stderr).toContain(
      "holds personal data, the values of 5 records: share it only with people who may",
    );
    const { page } = await open(known);
    expect(await page.title()).toBe("Duo to UDM mapping report, with personal data");
    expect(await page.locator("body > :nth-child(2)").textContent()).toMatch(
      /^This file holds personal data:\n5 records[\s\S]*a ticket or a chat/,
    );
  });

  it("leads from a number to its records, and from a record to its explanation", async () => {
    const { page, complaints } = await open(known);
    await page.locator("#resources tbody tr", { hasText: "endpoints" }).locator("a").first().click();
    await listed(page, "3 of 5 records");
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Records");
    expect(await titles(page)).toEqual(["WS-1", expect.stringContaining("</script><img src=x"), "WS-3"]);
    await page.locator(".record", { hasText: "WS-3" }).click();
    const detail = page.locator(".explained");
    expect(await detail.locator("p").nth(1).textContent()).toContain(
      'The record makes an entity, identified by hostname "WS-3" from device_name',
    );
    expect(await detail.locator(".issues code").allTextContents()).toContain("OWNER_MISSING");
    expect(complaints).toEqual([]);
  });

  it("lights up what belongs together: the verdict, the issues, the record, the entity and the rows", async () => {
    const { page } = await open(known, { place: "#records?text=beos" });
    await listed(page, "1 of 5 records");
    await page.locator('[data-raw="os_family"]').hover();
    expect(await lit(page)).toEqual([
      expect.stringContaining("PLATFORM_UNMAPPED"),
      "os_family",
      "row os_family",
    ]);
    await page.locator('[data-path="entity.asset.hostname"]').hover();
    expect(await lit(page)).toEqual([
      `hostname ${HOSTILE}`,
      expect.stringContaining("HOSTNAME_FORMAT"),
      "device_name",
      "entity.asset.hostname",
      "row device_name",
    ]);
    await page.locator(".one-issue", { hasText: "PLATFORM_UNMAPPED" }).hover();
    expect(await lit(page)).toContain("row os_family");
  });

  it("filters by text, resource, entity, owner and issue, and sorts", async () => {
    const { page } = await open(known);
    const choose = (label: string, value: string): Promise<unknown> =>
      page
        .locator("label", { has: page.locator("span", { hasText: label }) })
        .locator("select")
        .selectOption(value);
    await page.locator("input[type=search]").fill("EXAMPLE.com");
    await listed(page, "2 of 5 records");
    await page.locator("input[type=search]").fill("<img");
    await listed(page, "1 of 5 records");
    await page.locator("input[type=search]").fill("example\\cy");
    await listed(page, "1 of 5 records");
    expect(await titles(page)).toEqual(["WS-3"]);
    await page.getByText("Show all records").click();
    await listed(page, "5 records");
    await choose("Entity", "no");
    await listed(page, "1 of 5 records");
    await choose("Entity", "");
    await choose("Owner", "no");
    await listed(page, "2 of 5 records");
    await choose("Issue", "PLATFORM_UNMAPPED");
    await listed(page, "1 of 5 records");
    await page.getByText("Show all records").click();
    await choose("Order", "title");
    expect((await titles(page)).slice(1)).toEqual(["Admins", "bob@example.com", "WS-1", "WS-3"]);
    expect(await page.evaluate("location.hash")).toBe("#records");
  });

  it("shows hostile names and values as text", async () => {
    const { page, complaints } = await open(known, { place: "#records?text=onerror" });
    await listed(page, "1 of 5 records");
    expect(await page.locator("img, iframe, object, embed, link").count()).toBe(0);
    expect(await page.locator('[data-raw="device_name"]').textContent()).toContain("</script>");
    expect(await page.title()).not.toBe("owned");
    expect(complaints).toEqual([]);
  });

  it("leads from names that it does not show to the records that have such", () => {
    const [, data = ""] = /id="data">([\s\S]*?)<\/script>/.exec(readFileSync(known, "utf8")) ?? [];
    expect(find(new Held(data), profileOf({}), { field: "*" })).toEqual([1]);
  });

  it("is used by keyboard alone: a number, the list, and the lines of a record", async () => {
    const { page } = await open(known);
    await page.locator("#verdict .number a").first().focus();
    await page.keyboard.press("Enter");
    // All records were listed before: what tells that the address was followed is the focus.
    await page.locator(".record-list:focus").waitFor();
    await listed(page, "5 records");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.locator(".explained", { hasText: "WS-3" }).waitFor();
    await page.keyboard.press("End");
    await page.locator(".explained", { hasText: "bob@example.com" }).waitFor();
    // Past the values of the verdict and the issues.
    while ((await page.evaluate("document.activeElement.closest('[role=tree]')")) === null) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("End");
    expect(await page.evaluate("document.activeElement.getAttribute('data-raw')")).toBe("email");
    expect(await lit(page)).toContain("row email");
  });

  it("passes the accessibility audit as a whole", async () => {
    const { page } = await open(known);
    await page.locator(".explained").waitFor();
    expect(await audit(page)).toEqual([]);
  });

  it("leaves out what is nested too deep to be written, and says so", async () => {
    const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const input = join(folder, "deep.json");
    const records = `[{"epkey":"E1","x":${nested(9_000)}},{"epkey":"E2"}]`;
    writeFileSync(input, `{"stat":"OK","timestamp":${nested(9_000)},"response":${records}}`);
    const out = join(folder, "deep.html");
    const { status, stderr } = await explore(input, out);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "the values of 1 record: share it only with people who may see the Duo account; 1 more",
    );
    const { page, complaints } = await open(out);
    await listed(page, "1 record");
    expect(await titles(page)).toEqual(["E2"]);
    expect(complaints).toEqual([]);
  });

  it("without records is the report that names nobody", async () => {
    const input = join(folder, "none.json");
    writeFileSync(input, "[]");
    const out = join(folder, "none.html");
    expect((await explore(input, out)).stderr).toBe("");
    expect(readFileSync(out, "utf8")).toContain("holds no name, address, number");
  });

  it("forbids itself everything but its own script", () => {
    const html = readFileSync(known, "utf8");
    expect(html).toMatch(
      /content="default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/,
    );
    expect(html.match(/(?:src|href|action)="(?!#)[^"]*"|@import/g)).toBeNull();
  });
});

const AUDITED = { vendor: ["dark", 380], enriched: ["light", 1280] } as const;

describe.each(["vendor", "enriched"] as const)(
  "the report of all fixture pages to explore, %s",
  (profile) => {
    const file = join(folder, `${profile}.html`);
    let html: string;
    beforeAll(async () => {
      await explore(FIXTURES, file, profile);
      html = readFileSync(file, "utf8");
    });

    it("finds as many records as each number says", () => {
      const [, data = ""] = /id="data">([\s\S]*?)<\/script>/.exec(html) ?? [];
      const held = new Held(data);
      const links = Array.from(html.matchAll(/<a href="(#records[^"]*)">([\d,]+)(?=[ <])/g));
      const wrong = links.flatMap(([, address = "", shown = ""]) => {
        const search = searchOf(address.replaceAll("&amp;", "&")) ?? {};
        const found = find(held, profileOf({ profile }), search).length;
        const said = Number(shown.replaceAll(",", ""));
        // A record may have several issues of one code.
        const fits = search.issue === undefined ? found === said : found > 0 && found <= said;
        return fits ? [] : [`${address}: ${said}, but ${found}`];
      });
      expect(links.length).toBeGreaterThan(50);
      expect(wrong).toEqual([]);
    });

    it.each([AUDITED[profile]])(
      "passes the accessibility audit in %s at %i pixels, fits the width, and says nothing in the console",
      async (colorScheme, width) => {
        const { page, complaints } = await open(file, { colorScheme, width, place: "#records?text=kim" });
        await page.locator(".explained").waitFor();
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        // The tests of the report audit the rest.
        expect(await audit(page, "#records")).toEqual([]);
        expect(complaints).toEqual([]);
      },
    );
  },
);
