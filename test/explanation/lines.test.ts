import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { explainRecord } from "../../src/core/explain.ts";
import { resourceOfRecord } from "../../src/core/resource.ts";
import type { RawObject } from "../../src/core/scalar.ts";
import { explanationJson, explanationLines, type Subject } from "../../src/explanation/lines.ts";
import { recordVerdict } from "../../src/explanation/verdict.ts";
import { type ProfileChoice, profileOf } from "../../src/profiles/index.ts";
import { linesText } from "../../src/text/lines.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

function explained(record: RawObject, choice: ProfileChoice = {}) {
  const resource = resourceOfRecord(record);
  const profile = profileOf(choice);
  const known = resource === "unknown" ? {} : { resource };
  const explanation = explainRecord(record, { collectedAt: COLLECTED_AT, profile, ...known });
  const subject: Subject = { source: "page.json", record: 0, resource };
  return { subject, explanation, verdict: recordVerdict(explanation, record, resource, profile) };
}

/** The lines as a pipe gets them. */
function textOf(
  record: RawObject,
  options: { all?: boolean; width?: number } = {},
  choice?: ProfileChoice,
): string {
  const { subject, explanation, verdict } = explained(record, choice);
  return linesText(explanationLines(subject, explanation, verdict, options));
}

const ENRICHED = { profile: "enriched" } as const;

describe("an explanation in lines", () => {
  it("opens with the record and the verdict", () => {
    const { subject, explanation, verdict } = explained({ epkey: "E1" });
    const lines = explanationLines({ ...subject, document: 2, record: 5 }, explanation, verdict, {
      width: 200,
    });
    expect(linesText(lines.slice(0, 1))).toBe("page.json, document 2, record 5 (endpoints)\n");
    expect(lines[1]).toEqual([{ tone: "good", text: verdict.sentences[0] }]);
  });

  it("says what to do for a record that makes no entity, and what its rows would have written", () => {
    const text = textOf({ group_id: "G1", os_version: "14" });
    expect(text).toMatch(/\nTo do: /);
    expect(text).toMatch(/\n\d+ rows would have written\n/);
    expect(text).toContain('\n  os_version\n      entity.asset.platform_software.platform_version = "14"\n');
  });

  it("names the rows that wrote, with the field where it is not their own", () => {
    const text = textOf({ epkey: "E1", username: "ada@example.com" });
    expect(text).toContain('\n  epkey\n      entity.asset.product_object_id = "E1"\n');
    expect(text).toContain("\n  email (from username)\n");
    expect(text).toContain('\n  type (by default: missing)\n      entity.asset.type = "LAPTOP"\n');
  });

  it("groups the rows that wrote nothing by their reasons, but for what is a row's own", () => {
    const text = textOf({
      epkey: "E1",
      phone_id: "P1",
      last_seen: "yesterday",
      model: null,
      os_version: " ",
    });
    const [, silent = ""] = text.split("rows wrote nothing\n");
    expect(silent).toContain('\n  last_seen: "yesterday" is not ISO 8601\n'.slice(1));
    expect(silent).toMatch(/^ {2}outranked by epkey: phone_id$/m);
    expect(silent).toMatch(/^ {2}null: model$/m);
    expect(silent).toMatch(/^ {2}blank: os_version$/m);
    expect(silent).toMatch(/^ {2}no value to stand beside: /m);
    expect(silent).toMatch(/^ {2}missing: /m);
  });

  it("lists every row in the table's order on demand, with its outcome", () => {
    const record = { user_id: "U1", username: "ada@example.com", email: "ada@example.com" };
    const text = textOf(record, { all: true }, ENRICHED);
    const names = explained(record, ENRICHED).explanation.rows.map(({ row }) => row.log_field || row.udm);
    const [, list = ""] = text.split("\n\n");
    const heads = list.split("\n").filter((line) => /^\S/.test(line));
    expect(heads.map((head) => head.split(" ")[0])).toEqual(names.map((name) => name.split(" ")[0]));
    expect(text).toMatch(/^username +repeated +the same value as email$/m);
    expect(text).toMatch(/^entity\.relations\.entity_type +no owner +no value to stand beside$/m);
  });

  it("names the fields that a row took values from, where its own name does not say them", () => {
    const users = [{ email: "a@example.com" }, { email: "none" }, { email: "b@example.com" }];
    expect(textOf({ phone_id: "P1", users }, { all: true }, ENRICHED)).toMatch(
      /^users\[\]\.email +wrote +from users\[0\]\.email and users\[2\]\.email$/m,
    );
  });

  it("shows a few of many values, and says how many more there are", () => {
    const browsers = Array.from({ length: 8 }, (_, at) => ({ browser_family: `B${at}` }));
    const text = textOf({ epkey: "E1", browsers });
    expect(text).toContain('software[4].name = "B4"\n      and 3 more values like it; --all lists them\n');
    expect(textOf({ epkey: "E1", browsers }, { all: true })).toContain('software[7].name = "B7"\n');
  });

  it("ends with the issues, ten of them at most", () => {
    const one = textOf({ epkey: "E1", last_seen: "yesterday" });
    expect(one).toMatch(/\nIssues\n {4}warning TIMESTAMP_INVALID last_seen\n$/);
    expect(textOf({ epkey: "E1" })).not.toContain("Issues");
    const browsers = Array.from({ length: 13 }, () => 7);
    expect(textOf({ epkey: "E1", browsers })).toMatch(
      /\n {4}warning FIELD_TYPE browsers\[9\]\n {4}and 3 more issues; --format json has all\n$/,
    );
  });

  it.each([80, 120])("has no line of more than %i columns, whatever the record holds", (width) => {
    const long = "word ".repeat(1_000);
    const record = {
      epkey: long,
      last_seen: long,
      [long]: 1,
      device_name: "x".repeat(1_000),
      browsers: long,
    };
    for (const all of [false, true]) {
      const lines = textOf(record, { all, width }).split("\n");
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });
});

describe("an explanation as JSON", () => {
  it("is one canonical value with the vendor's cells in each row", () => {
    const { subject, explanation, verdict } = explained({
      epkey: "E1",
      email: "ada@example.com",
      read_by_no_row: "1",
    });
    const text = explanationJson(subject, explanation, verdict);
    const json = JSON.parse(text);
    expect(text).toBe(`${stableStringify(json)}\n`);
    expect(json).toMatchObject({
      ...subject,
      kind: "entity",
      unread: ["read_by_no_row"],
      verdict: verdict.sentences,
    });
    expect(json.rows).toEqual(explanation.rows.map(({ row, ...trace }) => ({ ...row, ...trace })));
  });
});
