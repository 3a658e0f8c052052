import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { mapPage } from "../../src/index.ts";
import { audit } from "../support/browser.ts";
import { readText, rootUrl } from "../support/files.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { leavesOf } from "../support/invariants.ts";
import { cellsOf, chartsOf, originOf, reports, verdictOf } from "../support/report.ts";

const FIXTURES = fileURLToPath(rootUrl("fixtures/pages"));
const { folder, run, reportOf, open } = reports();

const HOSTILE_NAME = `<img src=x onerror="document.title='owned'">`;
const HOSTILE_VALUE = "</style></svg><script>document.title='owned'</script>";

/** A page of which every number is known. */
const KNOWN = {
  stat: "OK",
  timestamp: 1767225600,
  response: [
    { epkey: "E1", os_family: "Windows", email: "ada@example.com", firewall_status: "On", extra: 1 },
    {
      epkey: "E2",
      os_family: "Mac OS X",
      firewall_status: "Off",
      activated: false,
      type: "mobile",
      extra: "x",
    },
    {
      epkey: "E3",
      os_family: "BeOS",
      firewall_status: HOSTILE_VALUE,
      [HOSTILE_NAME]: { [HOSTILE_VALUE]: 1 },
    },
    { group_id: "DG1", firewall_status: "lovelace-mbp-4711" },
  ],
};

describe("the report of a known page", () => {
  let file: string;
  beforeAll(async () => {
    file = await reportOf("known", KNOWN);
  });

  it("opens from its file without a word in the console and without a request", async () => {
    const { page, complaints } = await open(file);
    expect(await page.title()).toBe("Duo to UDM mapping report");
    expect(complaints).toEqual([]);
  });

  it("opens with its verdict, one sentence and what to do first, with links to the places", async () => {
    const { page } = await open(file);
    expect(await verdictOf(page)).toEqual(["ready", "READY These pages are ready to ingest."]);
    expect(await page.locator("#verdict > p").textContent()).toBe(
      "4 records make 3 entities; 1 of them names an owner, and SecOps should drop none.",
    );
    const links = await page
      .locator("#verdict li a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    expect(links).toEqual(["#issue-RAW_UNKNOWN_VALUE", "#issue-OWNER_MISSING", "#unmapped"]);
    for (const link of links) expect(await page.locator(link ?? "").count()).toBe(1);
  });

  it("names its source, the times and the version", async () => {
    const { page } = await open(file);
    const { version }: { version: string } = JSON.parse(readText("package.json"));
    expect(await originOf(page)).toEqual([
      "Source known.json",
      "Documents 1",
      "Collected 2026-01-01 00:00 UTC",
      "Table vendor, as Google publishes it",
      `Reported 2026-01-02 03:04 UTC by duo-udm ${version}`,
    ]);
  });

  it("shows its numbers", async () => {
    const { page } = await open(file);
    expect(await page.locator(".steps > div").allInnerTexts()).toEqual([
      "Records\n4\nread from the input",
      "Entities\n3\n75% of the records",
      "With an owner\n1\n33% of the entities",
      "SecOps may drop\n0\n0% of the entities",
    ]);
    expect(await cellsOf(page, "#resources .numbers")).toEqual([
      ["groups", "1", "0", "1", "0", "0"],
      ["endpoints", "3", "3", "0", "2", "0"],
    ]);
    expect(await page.locator("#resources tfoot tr > *").allTextContents()).toEqual([
      "all",
      "4",
      "3",
      "1",
      "2",
      "0",
    ]);
    expect(await chartsOf(page)).toEqual({
      Platform: { MAC: "1 33%", WINDOWS: "1 33%", none: "1 33%" },
      "Asset type": { MOBILE: "1 33%", "LAPTOP by default": "2 67%" },
      "Deployment status": { DECOMISSIONED: "1 33%", "ACTIVE by default": "2 67%" },
      "Label firewall_status": { off: "1 33%", on: "1 33%", "other values": "1 33%" },
    });
    const heat = await cellsOf(page, ".heat");
    expect(heat.filter(([, , share]) => share !== "–" && share !== "all")).toEqual([
      ["activated", "asset.deployment_status", "33%"],
      ["email", "user.email_addresses", "33%"],
      ["os_family", "asset.platform_software.platform", "67%"],
      ["type", "asset.type", "33%"],
    ]);
    expect(await page.locator(".constants li").allTextContents()).toContain("relations.relationship OWNS");
    expect(
      (await cellsOf(page, "#issues table")).map(([code, severity, count, , rows]) => [
        code,
        severity,
        count,
        rows,
      ]),
    ).toEqual([
      ["PLATFORM_UNMAPPED", "warning", "1", "os_family 1"],
      ["RAW_UNKNOWN_VALUE", "warning", "1", "firewall_status 1"],
      ["RAW_UNKNOWN_FIELD", "info", "3", ""],
      ["OWNER_MISSING", "info", "2", ""],
      ["NO_ASSET_IDENTITY", "info", "1", ""],
    ]);
  });

  it("shows a hostile field name as text, and a hostile value or a host name not at all", async () => {
    const { page } = await open(file);
    const unmapped = await cellsOf(page, "#unmapped");
    expect(unmapped).toEqual([
      ["Joins entities and events"],
      ["group_id", "groups", "group.product_object_id", "1", "100%"],
      ["extra", "endpoints", "2", "67%"],
      [`[${JSON.stringify(HOSTILE_NAME)}].*`, "endpoints", "1", "33%"],
    ]);
    expect(await page.locator("img, script, iframe, object, embed, link").count()).toBe(0);
    const text = readFileSync(file, "utf8");
    expect([HOSTILE_VALUE, "lovelace"].filter((value) => text.includes(value))).toEqual([]);
  });

  it("passes the accessibility audit, in dark", async () => {
    const { page } = await open(file, { colorScheme: "dark" });
    expect(await audit(page)).toEqual([]);
  });
});

describe("the report of all fixture pages", () => {
  const file = join(folder, "fixtures.html");
  beforeAll(async () => {
    expect(await run([FIXTURES], file)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["light", 1280],
    ["dark", 380],
  ] as const)(
    "passes the accessibility audit in %s at %i pixels, and fits the width",
    async (colorScheme, width) => {
      const { page, complaints } = await open(file, { colorScheme, width });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await audit(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(complaints).toEqual([]);
    },
  );

  it("can be reached all the way by keyboard, the way past the head first", async () => {
    const { page } = await open(file);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the report");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("location.hash")).toBe("#main");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('section').id")).toBe("verdict");
  });

  it("holds no value that tells one person or device from another", () => {
    const text = readFileSync(file, "utf8")
      .replace(/<style>[\s\S]*<\/style>/, "")
      .toLowerCase();
    const identifying =
      /^(?:entity\.asset\.(?:asset_id|product_object_id|hostname|hardware|software)|relations\.0\.entity\.user)/;
    const values = PAGES.flatMap((page) =>
      mapPage(readFixture(page), { collectedAt: COLLECTED_AT }).entities.flatMap((entity) =>
        leavesOf(entity)
          .map(({ path, value }) => ({ path: path.replace(/\[(\d+)\]/g, ".$1"), value: String(value) }))
          .filter(
            ({ path, value }) =>
              identifying.test(path) && value.length > 5 && !["Unknown", "LAPTOP"].includes(value),
          )
          .map(({ value }) => value.toLowerCase()),
      ),
    );
    expect(values.length).toBeGreaterThan(100);
    expect(values.filter((value) => text.includes(value))).toEqual([]);
    expect(text.match(/.{20}@.{20}/g)).toBeNull();
  });

  it("is the same page for the same input and time, and stands alone", async () => {
    const again = join(folder, "again.html");
    await run([FIXTURES], again);
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
    expect(readFileSync(file, "utf8").match(/(?:src|href|action)="(?!#)[^"]*"|url\(|@import/g)).toBeNull();
  });

  it("prints on few pages, with nothing cut off at the side and nothing unfolded", async () => {
    const { page } = await open(file, { width: 720 });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(720);
    expect(await page.locator("details:visible").count()).toBe(0);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(5);
  });
});
