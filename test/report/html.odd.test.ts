import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { report } from "../../src/cli/commands/report.ts";
import { mapPage } from "../../src/index.ts";
import { ConfigError } from "../../src/io/errors.ts";
import { audit } from "../support/browser.ts";
import { captured } from "../support/cli.ts";
import { collectFrom } from "../support/collector.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";
import { cellsOf, chartsOf, originOf, reports, verdictOf } from "../support/report.ts";

const { folder, run, reportOf, open } = reports();

describe("the report of an odd input", () => {
  it("says NOT READY where an error stands against it, and names it first", async () => {
    const entity = { metadata: {}, entity: { asset: { hostname: "h", nonsense: 1 } } };
    const { page } = await open(await reportOf("wrong", [{ epkey: "E1", email: ["x"] }, entity]));
    expect((await verdictOf(page))[0]).toBe("not-ready");
  });

  it("says NOT READY where an input cannot be read", async () => {
    const inputs = mkdtempSync(join(folder, "unreadable-"));
    writeFileSync(join(inputs, "b.json"), '[{"epkey":"E1"}]');
    symlinkSync(join(inputs, "nowhere"), join(inputs, "a.json"));
    const out = join(folder, "unreadable.html");
    expect((await run([inputs], out)).status).toBe(3);
    const { page } = await open(out);
    expect(await verdictOf(page)).toEqual(["not-ready", "NOT READY 1 input could not be read."]);
  });

  it("of one run of the collector names the run", async () => {
    const { directory } = await collectFrom({ users: 3 }, {}, { runId: "20260304T050607Z-abc" });
    const out = join(folder, "run.html");
    const ran = await captured((io) => report([directory], { out }, { ...io, run: "latest" }));
    expect(ran).toMatchObject({ status: 0 });
    const { page } = await open(out);
    expect(await originOf(page)).toContain("Run 20260304T050607Z-abc");
  });

  it("says NOT READY where no record makes an entity, and hints at where the records may be", async () => {
    const { page } = await open(await reportOf("deeper", [{ result: { epkey: "E1" } }]));
    expect(await verdictOf(page)).toEqual(["not-ready", "NOT READY No record makes an entity."]);
    expect(await page.locator("#verdict > p").textContent()).toBe(
      "SecOps would receive nothing of 1 record.",
    );
    expect(await page.locator("#verdict li").textContent()).toContain("--records-at [].result reads them");
    expect(await page.locator("section").evaluateAll((all) => all.map(({ id }) => id))).toEqual([
      "verdict",
      "resources",
      "issues",
      "unmapped",
    ]);
  });

  it("of UDM entities says what they are, and what to pass instead", async () => {
    const { entities } = mapPage([{ epkey: "E1" }], { collectedAt: COLLECTED_AT });
    const { page } = await open(await reportOf("entities", entities));
    expect(await verdictOf(page)).toEqual(["not-ready", "NOT READY These are UDM entities, not Duo pages."]);
    expect(await page.locator("#verdict li").first().textContent()).toContain("Pass the pages");
  });

  it("without records is its verdict alone, with what to do", async () => {
    const { page } = await open(await reportOf("none", { stat: "OK", response: [] }));
    expect(await verdictOf(page)).toEqual(["not-ready", "NOT READY The input holds no records."]);
    expect(await page.locator("#verdict li").count()).toBe(1);
    expect(await page.locator("section").count()).toBe(1);
  });

  it("by the enriched profile has a folded map for each resource, and charts of listed values only", async () => {
    const input = join(folder, "enriched.json");
    const record = { epkey: "E1", device_username: "ada", device_udid: "off", firewall_status: "Off" };
    writeFileSync(input, JSON.stringify([...Array(6).fill(record), { user_id: "U1", status: "bypass" }]));
    const out = join(folder, "enriched.html");
    await captured((io) =>
      report([input], { out, collectedAt: COLLECTED_AT }, { ...io, choice: { profile: "enriched" } }),
    );
    const { page } = await open(out);
    expect(await page.locator("#coverage summary").allTextContents()).toEqual([
      "users: 4 of 65 rows wrote a value",
      "endpoints: 6 of 37 rows wrote a value",
    ]);
    expect(await page.locator(".alike dt").allTextContents()).toContain("Label firewall_status");
    expect(readFileSync(out, "utf8")).not.toContain("ada<");
    expect(await page.locator("#resources").textContent()).not.toContain("device_u");
  });

  it("of nothing but errors is still a page, with status 1", async () => {
    const input = join(folder, "broken.json");
    writeFileSync(input, '{"stat":');
    const out = join(folder, "broken.html");
    expect((await run([input], out)).status).toBe(1);
    const { page, complaints } = await open(out, { width: 380 });
    expect(await verdictOf(page)).toEqual(["not-ready", "NOT READY The input holds no records."]);
    expect(await originOf(page)).toContain("Documents 1, 1 not JSON");
    expect((await cellsOf(page, "#issues table"))[0]?.slice(0, 3)).toEqual(["JSON_INVALID", "error", "1"]);
    expect({ complaints, violations: await audit(page) }).toEqual({ complaints: [], violations: [] });
  });

  it("that does not exist writes nothing", async () => {
    const out = join(mkdtempSync(join(folder, "empty-")), "report.html");
    await expect(run([join(folder, "nowhere")], out)).rejects.toThrow(ConfigError);
    expect(readdirSync(join(out, ".."))).toEqual([]);
  });

  it("shows a value that is not documented only when many share it, as words, and only so many of them", async () => {
    const shared = ["partially encrypted", "lovelace-mbp", "ada lovelace", "x1"];
    const records = shared.flatMap((value, at) =>
      Array.from({ length: at === 2 ? 4 : 5 }, () => ({ epkey: "E", disk_encryption_status: value })),
    );
    const { page } = await open(await reportOf("shared", records));
    expect((await chartsOf(page))["Label disk_encryption_status"]).toEqual({
      "partially encrypted": "5 26%",
      "other values": "14 74%",
    });
  });
});
