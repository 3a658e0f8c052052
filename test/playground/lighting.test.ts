import { describe, expect, it } from "vitest";
import { keyOf, litBy, type Target, traceOf } from "../../playground/parts/lighting.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { readPage } from "../../src/core/page.ts";
import type { Profile } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { valueAt } from "../../src/text/paths.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { leavesOf } from "../support/invariants.ts";

/** A record as a profile maps it, with what its panels need. */
function shown(raw: unknown, profile: Profile, pageTimestamp?: unknown) {
  const run = startRun(COLLECTED_AT, pageTimestamp, {});
  const mapped = recordMapper(profile).map(raw, run, { withNotes: true });
  return { trace: traceOf(profile.name, mapped), entity: mapped.entity() };
}

/** What lights up, in short: the log fields of rows, the paths of all others. */
function lit(raw: unknown, profile: Profile, target: Target): string[] {
  const { trace } = shown(raw, profile);
  return [...litBy(target, [trace])]
    .map((key) => {
      const [kind, ...rest] = key.split(" ");
      if (kind !== "row") return `${kind} ${rest.at(-1)}`;
      return `row ${trace.rows[Number(rest.at(-1))]?.row.log_field}`;
    })
    .sort();
}

const ENDPOINT = {
  epkey: "EPX1",
  browsers: [{ browser_family: "Chrome", browser_version: "1" }, { browser_family: "Safari" }],
  users: [{ email: "ada@example.com", username: "ada" }],
};
const { vendor, enriched } = PROFILES;

describe("what lights up", () => {
  it("for a value is the row that wrote it and the one raw field it came from", () => {
    const value = (path: string): Target => ({ kind: "value", profile: "vendor", path });
    expect(lit(ENDPOINT, vendor, value("entity.asset.software[1].name"))).toEqual([
      "raw browsers[1].browser_family",
      "row browsers.browser_family",
    ]);
    expect(lit(ENDPOINT, vendor, value("relations[0].entity.user.userid"))).toEqual([
      "raw users[0].username",
      "row users.username",
    ]);
    expect(lit(ENDPOINT, vendor, value("entity.asset.type"))).toEqual(["row type"]);
    expect(lit(ENDPOINT, vendor, value("metadata.vendor_name"))).toEqual(["row "]);
  });

  it("for a row is every raw field that it looked at and every value that it wrote", () => {
    const { trace } = shown(ENDPOINT, vendor);
    const row = trace.rows.findIndex((one) => one.row.log_field === "email");
    expect(
      lit({ ...ENDPOINT, username: "rosa@example.com" }, vendor, { kind: "row", profile: "vendor", row }),
    ).toEqual(["raw email", "raw username", "value relations[0].entity.user.email_addresses[0]"]);
  });

  it("for a raw field is the rows that looked at it and the values that came from it", () => {
    expect(lit(ENDPOINT, vendor, { kind: "raw", path: "users[0].username" })).toEqual([
      "row email",
      "row users.username",
      "value relations[0].entity.user.userid",
    ]);
  });

  it("for the key of a label is what lights up for its value", () => {
    const raw = { epkey: "EPX1", firewall_status: "On" };
    const of = (field: string): Target => ({
      kind: "value",
      profile: "vendor",
      path: `entity.asset.attribute.labels[0].${field}`,
    });
    expect(lit(raw, vendor, of("key"))).toEqual(lit(raw, vendor, of("value")));
    expect(lit(raw, vendor, of("key"))).toEqual(["raw firewall_status", "row firewall_status"]);
  });

  it("is nothing of the other profile, unless a raw field is pointed at", () => {
    const traces = [shown(ENDPOINT, vendor).trace, shown(ENDPOINT, enriched).trace];
    const target: Target = { kind: "value", profile: "enriched", path: "entity.asset.product_object_id" };
    expect([...litBy(target, traces)].filter((key) => key.includes("vendor"))).toEqual([]);
    const both = [...litBy({ kind: "raw", path: "epkey" }, traces)];
    expect(both).toContain(
      keyOf({ kind: "value", profile: "vendor", path: "entity.asset.product_object_id" }),
    );
    expect(both).toContain(keyOf(target));
    expect(litBy(undefined, traces).size).toBe(0);
  });
});

describe.each([
  ["vendor", vendor],
  ["enriched", enriched],
] as const)("in every fixture page, by the %s profile", (_, profile) => {
  const records = PAGES.flatMap((page) => {
    const { records: all, timestamp } = readPage(readFixture(page));
    return all.map((raw) => ({ raw, timestamp }));
  });

  it("every value of an entity has a row, and comes from a raw field that the row looked at", () => {
    let values = 0;
    for (const { raw, timestamp } of records) {
      const { trace, entity } = shown(raw, profile, timestamp);
      for (const { path } of entity === undefined ? [] : leavesOf(entity)) {
        const target: Target = { kind: "value", profile: profile.name, path };
        const keys = [...litBy(target, [trace])];
        const rows = keys.filter((key) => key.startsWith("row "));
        expect({ path, rows: rows.length }).toEqual({ path, rows: 1 });
        const row = trace.rows[Number(rows[0]?.split(" ").at(-1))];
        const fields = keys.filter((key) => key.startsWith("raw ")).map((key) => key.slice("raw ".length));
        expect(row?.reads.map((read) => read.path)).toEqual(expect.arrayContaining(fields));
        const isOfRecord = fields.length > 0 && fields[0] !== "envelope.timestamp";
        if (isOfRecord)
          expect({ path, raw: valueAt(raw, fields[0] ?? "") }).not.toEqual({ path, raw: undefined });
        values++;
      }
    }
    expect(values).toBeGreaterThan(500);
  });
});
