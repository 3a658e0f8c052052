import { describe, expect, it } from "vitest";
import { planOf } from "../../src/core/plan.ts";
import { TableError } from "../../src/core/plan-row.ts";
import type { Row, Table, UdmCell } from "../../src/core/profile.ts";
import { mapRecord } from "../../src/index.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";
import { withPollutedPrototype } from "../support/invariants.ts";
import { constant, KEY, profileOf, RELATION, row, tableOf } from "../support/tables.ts";

function mapWith(table: Table, record: object): unknown {
  const mapped = mapRecord(
    { epkey: "EP1", ...record },
    { collectedAt: COLLECTED_AT, profile: profileOf(table) },
  );
  if (mapped.kind === "skipped") throw new Error(mapped.reason);
  const { entity, relations } = mapped.entity;
  const { product_object_id: _, ...asset } = entity.asset ?? {};
  return { asset, ...(relations && { relations }), issues: mapped.issues };
}

describe("a table that reads each object of a list", () => {
  it("makes a message of each, where a list of messages is written", () => {
    const table = tableOf(
      row("users.email", "entity.user.email_addresses", { kind: "address", of: "each" }),
      ...RELATION,
    );
    const users = [{ email: "ada@example.com" }, {}, { email: "bert@example.com" }];
    const relation = (email: string) => ({
      entity: { user: { email_addresses: [email] } },
      entity_type: "USER",
      relationship: "OWNS",
    });
    expect(mapWith(table, { users })).toEqual({
      asset: {},
      relations: [relation("ada@example.com"), relation("bert@example.com")],
      issues: [],
    });
  });

  it("writes all values into a list of texts, each once", () => {
    const table: Table = {
      ...tableOf(
        row("users.email", "entity.user.email_addresses", { kind: "address", of: "each" }),
        row("users.phone", "entity.user.phone_numbers", { kind: "copy", of: "each" }),
      ),
      places: { "entity.metadata": ["metadata"], "entity.user": ["entity.user"] },
    };
    const users = [
      { email: "ada@example.com", phone: "1" },
      { email: "ada@example.com", phone: 2 },
    ];
    const mapped = mapRecord(
      { epkey: "EP1", users },
      { collectedAt: COLLECTED_AT, profile: profileOf(table) },
    );
    expect(mapped.kind === "entity" && mapped.entity.entity.user).toEqual({
      email_addresses: ["ada@example.com"],
      phone_numbers: ["1", "2"],
    });
  });

  it("may read the first object of the same list too", () => {
    const table = tableOf(
      row("users.email", "entity.user.email_addresses", { kind: "address", of: "first" }),
      row(
        "users[].username",
        'entity.asset.attribute.labels.key: "user", entity.asset.attribute.labels.value',
        {
          kind: "copy",
        },
      ),
      ...RELATION,
    );
    expect(
      mapWith(table, { users: [{ email: "a@example.com", username: "ada" }, { username: "bert" }] }),
    ).toEqual({
      asset: {
        attribute: {
          labels: [
            { key: "user", value: "ada" },
            { key: "user", value: "bert" },
          ],
        },
      },
      relations: [
        {
          entity: { user: { email_addresses: ["a@example.com"] } },
          entity_type: "USER",
          relationship: "OWNS",
        },
      ],
      issues: [],
    });
    expect(mapWith(table, { users: "nobody" })).toMatchObject({
      issues: [{ code: "FIELD_TYPE", path: "users" }],
    });
  });

  it("holds a row to what outranks it, of its own object or of the record", () => {
    const table = tableOf(
      row("browsers.browser_family", "entity.asset.software.name", {
        kind: "copy",
        of: "each",
        unless: ["browsers.hidden", "quiet"],
      }),
    );
    const browsers = [{ browser_family: "A", hidden: true }, { browser_family: "B" }];
    expect(mapWith(table, { browsers })).toEqual({ asset: { software: [{ name: "B" }] }, issues: [] });
    expect(mapWith(table, { browsers, quiet: 1 })).toEqual({ asset: {}, issues: [] });
  });

  it("gives each object the row's alternatives, default and issues", () => {
    const table = tableOf(
      row("parts.os", "entity.asset.software.name", { kind: "platform", of: "each", or: ["parts.family"] }),
      row("parts.kind", "entity.asset.software.version", { kind: "asset_type", of: "each" }),
    );
    const parts = [{ os: "BeOS", family: "Mac" }, { os: "Windows", kind: "Mobile" }, {}];
    expect(mapWith(table, { parts })).toMatchObject({
      asset: {
        software: [
          { name: "MAC", version: "LAPTOP" },
          { name: "WINDOWS", version: "MOBILE" },
          { version: "LAPTOP" },
        ],
      },
      issues: [{ code: "PLATFORM_UNMAPPED", path: "parts[0].os", row: "parts.os" }],
    });
  });
});

describe("a list whose elements stand once", () => {
  it("tells a label and its value from others that are spelt the same together, however many there are", () => {
    const label = (key: string): UdmCell =>
      `entity.asset.attribute.labels.key: "${key}", entity.asset.attribute.labels.value`;
    const record = {
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, at])),
      a: "bc",
      ab: "c",
    };
    const names = Object.keys(record);
    const table = {
      ...tableOf(...names.map((name) => row(name, label(name), { kind: "copy" }))),
      distinct: true,
    };
    const labels = Object.entries(record).map(([key, value]) => ({ key, value: String(value) }));
    expect(mapWith(table, record)).toEqual({ asset: { attribute: { labels } }, issues: [] });
  });

  it("tells messages by what is written, whether rows or constants wrote it", () => {
    const rows = [
      row("parts[].version", "entity.asset.software.version", { kind: "copy" }),
      constant("entity.asset.software.name", "x", "parts"),
      row("others[].name", "entity.asset.software.name", { kind: "copy" }),
      row("others[].version", "entity.asset.software.version", { kind: "copy" }),
    ];
    const record = { parts: [{ version: 1 }], others: [{ name: "x", version: 1 }] };
    expect(mapWith({ ...tableOf(...rows), distinct: true }, record)).toEqual({
      asset: { software: [{ name: "x", version: "1" }] },
      issues: [],
    });
  });
});

describe("a constant", () => {
  it("alone in a list of messages is not written, nor is a message that would hold nothing else", () => {
    const table = tableOf(
      row("user", "entity.relations.entity.user.userid", { kind: "copy" }),
      constant("entity.relations.entity.asset.software.name", "x"),
    );
    expect(mapWith(table, { user: "ada" })).toEqual({
      asset: {},
      relations: [{ entity: { user: { userid: "ada" } } }],
      issues: [],
    });
  });

  it("of one container stands in a list within the messages that are made of it", () => {
    const table = tableOf(
      row("phones[].version", "entity.relations.entity.asset.software.version", { kind: "copy" }),
      row("tokens[].version", "entity.relations.entity.asset.software.version", { kind: "copy" }),
      constant("entity.relations.entity.asset.software.name", "x", "phones"),
    );
    const relation = (software: object) => ({ entity: { asset: { software: [software] } } });
    expect(mapWith(table, { phones: [{ version: 1 }], tokens: [{ version: 2 }] })).toEqual({
      asset: {},
      relations: [relation({ name: "x", version: "1" }), relation({ version: "2" })],
      issues: [],
    });
  });
});

describe("a table that cannot be run is refused, with a sentence", () => {
  it.each<[string, Row[], string]>([
    [
      "two rows for one value",
      [
        row("a", "entity.asset.hostname", { kind: "copy" }),
        row("b", "entity.asset.hostname", { kind: "copy" }),
      ],
      'Row "a" and row "b" may both write to "entity.asset.hostname", which takes one value.',
    ],
    [
      "a row that outranks by its field alone, although the other row has a second",
      [
        row("a", "entity.asset.hostname", { kind: "copy", or: ["c"] }),
        row("b", "entity.asset.hostname", { kind: "copy", unless: ["a"] }),
      ],
      'Row "a" and row "b" may both write to "entity.asset.hostname", which takes one value.',
    ],
    [
      "a constant where a row writes",
      [row("a", "entity.asset.category", { kind: "copy" }), constant("entity.asset.category", "x")],
      'Row "a" and the constant "x" may both write to "entity.asset.category", which takes one value.',
    ],
    [
      "a list into a single value",
      [row("users[].name", "entity.asset.hostname", { kind: "copy" })],
      'Row "users[].name" gives a list, and "entity.asset.hostname" takes one value.',
    ],
    [
      "an element of one list that depends on another's",
      [row("users[].name", "entity.asset.software.name", { kind: "copy", or: ["groups[].name"] })],
      'Row "users[].name" names "groups[].name", which has a value for each element of another list.',
    ],
  ])("%s", (_, rows, message) => {
    expect(() => planOf(tableOf(...rows))).toThrow(new TableError(message));
  });

  it("a place that no entity has", () => {
    const table: Table = {
      ...tableOf(),
      places: { "entity.metadata": ["metadata"], "entity.asset": ["asset"] },
    };
    expect(() => planOf(table)).toThrow(
      new TableError('Row "epkey" writes to "asset.product_object_id", which is not a place of an entity.'),
    );
  });

  it("nothing for the metadata, or for the entity", () => {
    const without: Table = { ...tableOf(), rows: [KEY] };
    expect(() => planOf(without)).toThrow(
      new TableError('No row writes to "metadata", which every entity record has.'),
    );
    // A constant stands beside a value, and a record may have none.
    const maybe: Table = {
      ...tableOf(),
      rows: [
        KEY,
        constant("entity.metadata.entity_type", "ASSET"),
        row("a", "entity.metadata.product_entity_id", { kind: "copy" }),
      ],
    };
    expect(() => planOf(maybe)).toThrow(
      new TableError('A record may have nothing for "metadata", which every entity record has.'),
    );
    const elsewhere: Table = {
      ...tableOf(),
      places: { "entity.metadata": ["metadata"], "entity.asset": [] },
    };
    expect(() => planOf(elsewhere)).toThrow(
      new TableError('No row writes to "entity", which every entity record has.'),
    );
  });
});

describe("an option that a row does not have", () => {
  const OPTIONS = ["or", "unless", "of", "within", "fallback", "quiet", "values", "rest", "part_of"];

  it.each(OPTIONS)("is none, even if Object.prototype has it: %s", (option) => {
    const record = { epkey: "EP1", phone_id: "P1", email: "x", username: "ada@example.com", browsers: [{}] };
    for (const { tables } of Object.values(PROFILES)) {
      // A profile that is new is planned anew.
      const mapped = () => mapRecord(record, { collectedAt: COLLECTED_AT, profile: { name: "new", tables } });
      const clean = mapped();
      for (const value of [["epkey"], "each", true]) {
        expect(withPollutedPrototype({ [option]: value }, mapped)).toEqual(clean);
      }
    }
  });
});
