import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentsOf, readPage } from "../../src/core/page.ts";
import type { Profile } from "../../src/core/profile.ts";
import { RESOURCES, resourceOfName } from "../../src/core/resource.ts";
import { checkPage, explainRecord } from "../../src/index.ts";
import { isPlaceholder } from "../../src/preflight/placeholder.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { hmacOf } from "../../src/scrub/hmac.ts";
import { Scrubber } from "../../src/scrub/scrub.ts";
import { walkDocument } from "../../src/scrub/walk.ts";
import { anyJson, nearPage } from "../support/arbitraries.ts";
import { readText } from "../support/files.ts";
import { COLLECTED_AT, PAGES } from "../support/fixtures.ts";

function scrubbed(
  texts: readonly string[],
  { source = "page.json", key = "secret", keep = [] as readonly string[] } = {},
): string[] {
  const scrubber = new Scrubber(hmacOf(key), new Set(keep));
  for (const text of texts) scrubber.learn(text, JSON.parse(text), source);
  return texts.map((text) => scrubber.replace(text, JSON.parse(text), source));
}

const scrubbedPage = (page: unknown, options = {}): unknown =>
  JSON.parse(scrubbed([JSON.stringify(page)], options)[0] ?? "");

/** A key of aliases that is no field's name may be someone's, and is replaced. */
const withoutKeys = (path: string | undefined): string | undefined =>
  path?.replace(/(^|\.)aliases[.[].*$/s, "$1aliases.*");

/** What every row did with every record: its outcome, what it found and where, and where it wrote; no value. */
function behaviour(value: unknown, source: string, profile: Profile): unknown {
  const resource = resourceOfName(source);
  const explained = documentsOf(value).flatMap((page) => {
    const { records, timestamp } = readPage(page);
    const named = resource === "unknown" ? {} : { resource };
    const context = { collectedAt: COLLECTED_AT, pageTimestamp: timestamp, profile, ...named };
    return records.map((record) => {
      const { kind, rows, issues } = explainRecord(record, context);
      return {
        kind,
        rows: rows.map(({ row, outcome, reads, writes, by, because }) => ({
          row: row.log_field,
          outcome,
          reads: reads.map(({ path, found }) => ({ path: withoutKeys(path), found })),
          writes: writes.map(({ path }) => path),
          by,
          because,
        })),
        issues: issues.map(({ code, path }) => ({ code, path: withoutKeys(path) })),
      };
    });
  });
  const checked = checkPage(value, { collectedAt: COLLECTED_AT, source });
  // A name that is no field's may be someone's, and is replaced.
  const found = checked
    .filter(({ code }) => code !== "RAW_UNKNOWN_FIELD")
    .map(({ code, path, record }) => ({ code, path: withoutKeys(path), record }));
  return { explained, found };
}

describe.each(Object.values(PROFILES))(
  "what every row of $name does with every record is the same before and after",
  (profile) => {
    test.each(PAGES)("%s", (page) => {
      const text = readText(`fixtures/pages/${page}`);
      const source = `duo-${page.split("/")[0]}-00000.json`;
      const after: unknown = JSON.parse(scrubbed([text], { source })[0] ?? "");
      expect(behaviour(after, source, profile)).toEqual(behaviour(JSON.parse(text), source, profile));
    });

    test("for pages close to Duo's, and for any JSON", () => {
      const sources = RESOURCES.map((resource) => `duo-${resource}-00000.json`);
      fc.assert(
        fc.property(
          fc.oneof(nearPage, anyJson),
          fc.constantFrom("page.json", ...sources),
          fc.string(),
          (page, source, key) => {
            const before: unknown = JSON.parse(JSON.stringify(page));
            const after = scrubbedPage(page, { source, key });
            expect(behaviour(after, source, profile)).toEqual(behaviour(before, source, profile));
          },
        ),
        { numRuns: 150 },
      );
    });
  },
);

/** What a text says, in every way that it may say it: as it is, decoded, and with its words decoded. */
function sayings(text: string): string[] {
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (part) =>
    Buffer.from(part.replaceAll("%", ""), "hex").toString("utf8"),
  );
  const words = text.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? [];
  return [text, decoded, ...words.map((word) => Buffer.from(word, "base64").toString("utf8"))].map((one) =>
    one.toLowerCase(),
  );
}

describe("nothing of the original is left", () => {
  const ada = "ada.lovelace@corp.example.com";
  const page = {
    stat: "OK",
    response: [
      {
        ...{ epkey: "EPX9K2M4T7B1Q8W3L5ZD", device_name: "Analytical-7", email: ada, username: "Lovelace" },
        ...{
          hardware_uuid: "550E8400-E29B-41D4-A716-446655440000",
          computer_sid: "S-1-5-21-397955417-626881126",
        },
        model: "ThinkPad of LOVELACE (analytical 7)",
        os_build: `mailto:${encodeURIComponent(ada)} ${Buffer.from(ada).toString("base64")}`,
        security_agents: [{ security_agent: "Agent for ada.lovelace", version: "+15035550142" }],
        badge: { "lovelace@corp": "B-4711-77", level: 123456 },
        notes: "unknown field here",
      },
      {
        ...{
          phone_id: "DPX9K2M4T7B1Q8W3L5ZD",
          number: "+15035550142",
          name: "Ada's phone",
          notes: `ask ${ada}`,
        },
        users: [
          {
            user_id: "DUX9K2M4T7B1Q8W3L5ZD",
            realname: "Ada Lovelace",
            custom_attributes: { Employer: "Difference" },
          },
        ],
      },
    ],
  };
  const values = [
    ...[
      "X9K2M4T7B1Q8W3L5ZD",
      "analytical",
      ada,
      "ada.lovelace",
      "lovelace",
      "550e8400",
      "397955417",
      "5035550142",
    ],
    ...["B-4711-77", "123456", "Ada's", "difference", "employer", "field here"],
  ];

  test("whatever its case and encoding, also inside longer texts", () => {
    const text = JSON.stringify(page);
    const [after = ""] = scrubbed([text]);
    for (const value of values) {
      expect(
        sayings(text).some((one) => one.includes(value.toLowerCase())),
        value,
      ).toBe(true);
      expect(
        sayings(after).filter((one) => one.includes(value.toLowerCase())),
        value,
      ).toEqual([]);
    }
  });

  test("in any fixture: every identifying value and every free text", () => {
    const texts = PAGES.map((one) => readText(`fixtures/pages/${one}`));
    const replaced = new Set<string>();
    const technical = new Set<string>();
    const collect = (text: string): void => {
      walkDocument(text, JSON.parse(text), "page.json", {
        keep: new Set(),
        text: (value, { treatment }) => {
          (treatment === "technical" ? technical : replaced).add(value.toLowerCase());
          return value;
        },
        number: (literal) => literal,
        name: (name) => name,
      });
    };
    for (const text of texts) collect(text);
    const telling = [...replaced].filter(
      (value) =>
        value.length > 5 &&
        !technical.has(value) &&
        !isPlaceholder(value) &&
        !/^(?:iphone|desktop|laptop|macbook)/.test(value),
    );
    expect(telling.length).toBeGreaterThan(100);
    const after = scrubbed(texts).flatMap(sayings);
    for (const value of telling) {
      const escaped = JSON.stringify(value).slice(1, -1);
      expect(
        after.filter((text) => text.includes(value) || text.includes(escaped)),
        value,
      ).toEqual([]);
    }
  });

  test("in the names of files", () => {
    const scrubber = new Scrubber(hmacOf("secret"), new Set());
    scrubber.learn(JSON.stringify(page), page, "page.json");
    expect(scrubber.fileName("2026/01/31/duo-endpoints-00000")).toBe("2026/01/31/duo-endpoints-00000");
    expect(scrubber.fileName("laptop of lovelace/export")).toMatch(/^laptop of [a-z]{8}\/export$/);
  });
});

describe("the same value is replaced in the same way", () => {
  const page = [
    {
      username: "ada",
      email: "ada@example.com",
      realname: "Ada",
      notes: "ada, ADA and ada@example.com; +15035550142",
    },
    { phone_id: "DP1", number: "+15035550142", users: [{ username: "ADA", email: "ADA@EXAMPLE.COM" }] },
    { phone_id: "DP2", number: "15035550142" },
    { dakey: "DD1", daid: 36512 },
    { dakey: "DD2", daid: "36512" },
  ];
  const after = JSON.stringify(scrubbedPage(page));

  test("whatever its case, in whichever field, and within texts", () => {
    const [first] = JSON.parse(after);
    const { username, email } = first;
    expect(email).toMatch(new RegExp(`^${username}@[a-z]{7}\\.com\\.example$`));
    expect(first.realname).toBe(username.charAt(0).toUpperCase() + username.slice(1));
    const [, phone, other] = JSON.parse(after);
    expect(phone.users[0]).toEqual({
      username: username.toUpperCase(),
      email: email.toUpperCase().replace(".EXAMPLE", ".example"),
    });
    expect(phone.number).toMatch(/^\+1503555\d{4}$/);
    expect(other.number).toBe(phone.number.slice(1));
    expect(first.notes).toMatch(
      new RegExp(`^${username}, ${username.toUpperCase()} [a-z]{3} ${email}; \\${phone.number}$`),
    );
    const [, , , number, text] = JSON.parse(after);
    expect(String(number.daid)).toBe(text.daid);
  });

  test("by the same key, and in another way by another key", () => {
    expect(JSON.stringify(scrubbedPage(page))).toBe(after);
    expect(JSON.stringify(scrubbedPage(page, { key: "other" }))).not.toBe(after);
  });

  test("and no two values become one, nor any stays itself", () => {
    const usernames = fc.uniqueArray(fc.stringMatching(/^[a-eg-z][a-z]{0,3}[1-9]?$/), {
      minLength: 2,
      selector: (one) => one,
    });
    fc.assert(
      fc.property(usernames, (names) => {
        const page = scrubbedPage(names.map((username) => ({ username })));
        const after = Array.isArray(page) ? page.map((one): unknown => one.username) : [];
        expect(new Set(after).size).toBe(names.length);
        const isCommon = (name: string): boolean => /^(?:pc|air|pro|none|null|ipad|true)\d*$/.test(name);
        expect(names.filter((name, at) => after[at] === name && !isCommon(name))).toEqual([]);
      }),
    );
  });
});

describe("the shape of a value stays", () => {
  const shapes: readonly (readonly [field: string, value: string, shape: RegExp])[] = [
    ["hardware_uuid", "550e8400-e29b-41d4-a716-446655440000", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ["hardware_uuid", "00000000-0000-0000-0000-000000000000", /^[0-]+$/],
    ["hardware_uuid", "To be filled by O.E.M.", /^To be filled by O\.E\.M\.$/],
    ["computer_sid", "S-1-5-21-397955417-626881126-1001", /^S-1-5-21-\d{9}-\d{9}-\d{4}$/],
    ["epkey", "EPX9K2M4T7B1Q8W3L5ZD", /^EP[A-Z0-9]{18}$/],
    ["device_name", "DESKTOP-4F7K2Q1", /^DESKTOP-\d[A-Z]\d[A-Z]\d[A-Z]\d$/],
    ["device_name", "iPhone", /^iPhone$/],
    ["device_name", "adas_laptop", /^[a-z]{4}_laptop$/],
    ["device_name", "10.11.12.13", /^\d\d(\.\d\d){3}$/],
    ["number", "+442071838750", /^\+1503555\d{4}$/],
    ["number", "+4420", /^\+[1-9]\d{3}$/],
    ["number", "(503) 555-0142", /^\(\d{3}\) \d{3}-\d{4}$/],
    ["number", "5035550142", /^503555\d{4}$/],
    ["username", "CORP\\\\ada@", /^[A-Z]{4}\\\\[a-z]{3}@$/],
    ["username", "  \t", /^ {2}\t$/],
    ["email", "ádá@EXÄMPLE.com", /^\p{Ll}d\p{Ll}@/u],
    ["name", 'Engineers (from AD sync "corp")', /^[A-Z][a-z]{8} \(from AD sync "[a-z]{4}"\)$/],
    ["external_id", "h/Wd+3s5AbCdEfGh==", /^[a-z]\/[A-Z][a-z]\+\d[a-z]\d.{8}==$/],
  ];
  test.each(shapes)("%s %s", (field, value, shape) => {
    const [after] = [scrubbedPage([{ user_id: "DU1", [field]: value }])].flat();
    const replaced: unknown = Reflect.get(Object(after), field);
    if (field === "email")
      expect(replaced).toMatch(/^\p{Ll}[a-z]\p{Ll}@[A-Z]{2}\p{Lu}[A-Z]{4}\.com\.example$/u);
    else expect(replaced).toMatch(shape);
  });
});

test("texts of megabytes are replaced in a moment, whatever they look like", () => {
  const long = 100_000;
  const page = [
    { user_id: "DU1", notes: " (from ".repeat(long / 10) },
    { user_id: "DU2", notes: "a-".repeat(long), email: `a@${"b-".repeat(long)}@` },
    { user_id: "DU3", model: `${"x%4".repeat(long)}`, os_version: "%41".repeat(long) },
  ];
  expect(JSON.stringify(scrubbedPage(page)).length).toBeGreaterThan(4 * long);
});

describe("all else stays as it is", () => {
  test("numbers, order, white space, repeated names and escapes, byte for byte", () => {
    const text = `{ "stat":"OK",\n\t"response" : [{"created": 1.50E3, "last_login":12345678901234567890, "2":1.0, "1":null,
      "status":"\\u0061ctive", "user_id":"DU1", "status":"bypass", "is_enrolled":true }] }`;
    expect(scrubbed([text.replace('"2":1.0, "1":null,', "")])[0]).toBe(
      text
        .replace('"2":1.0, "1":null,', "")
        .replace("DU1", /"user_id":"([^"]+)"/.exec(scrubbed([text])[0] ?? "")?.[1] ?? ""),
    );
  });

  test("technical fields, although somebody is called so", () => {
    const page = [
      {
        epkey: "EP1",
        username: "windows",
        device_name: "Mac",
        firewall_status: "On",
        os_family: "Windows 11 Mac",
        type: "mobile",
      },
    ];
    expect(scrubbedPage(page)).toMatchObject([
      { firewall_status: "On", os_family: "Windows 11 Mac", type: "mobile" },
    ]);
  });

  test("fields that the user names, whatever they hold", () => {
    const page = [
      {
        user_id: "DU1",
        username: "ada",
        site: "Lovelace Hall",
        custom_attributes: { cost_centre: "4711-A", badge: "B7" },
      },
    ];
    const keep = ["site", "custom_attributes.cost_centre"];
    const after = scrubbedPage(page, { keep });
    expect(after).toMatchObject([{ site: "Lovelace Hall", custom_attributes: { cost_centre: "4711-A" } }]);
    expect(JSON.stringify(after)).not.toMatch(/badge|B7/);
  });
});

test("what is not in the reference is replaced, and its place told", () => {
  const scrubber = new Scrubber(hmacOf("secret"), new Set(["kept", "nowhere"]));
  const page = [
    {
      epkey: "EP1",
      status: "Lovelace",
      kept: "as it is",
      extra: { list: ["one", 2, true, null] },
      "Ada Lovelace": "x",
    },
  ];
  const text = JSON.stringify(page);
  scrubber.learn(text, page, "duo-endpoints-00000.json");
  const [after] = JSON.parse(scrubber.replace(text, page, "duo-endpoints-00000.json"));
  expect(after.status).not.toBe("Lovelace");
  expect(Object.keys(after)).toEqual([
    "epkey",
    "status",
    "kept",
    "extra",
    expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{7}$/),
  ]);
  expect(after.extra.list).toEqual([expect.not.stringContaining("one"), expect.any(Number), true, null]);
  expect(scrubber.unused()).toEqual(["nowhere"]);
  expect(Object.fromEntries(scrubber.fields)).toEqual({
    "*": { treatment: "unknown", replaced: 1, left: 0 },
    epkey: { treatment: "identifying", replaced: 1, left: 0 },
    "extra.list[]": { treatment: "unknown", replaced: 2, left: 0 },
    kept: { treatment: "kept", replaced: 0, left: 1 },
    status: { treatment: "unknown", replaced: 1, left: 0 },
  });
});
