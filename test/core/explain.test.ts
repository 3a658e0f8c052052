import { describe, expect, it } from "vitest";
import { explainRecord, type RowTrace, TABLE } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";

function rowsOf(record: unknown, pageTimestamp?: unknown): readonly RowTrace[] {
  return explainRecord(record, { collectedAt: COLLECTED_AT, pageTimestamp }).rows;
}

/** What an explanation says of the rows of one log field, without the row itself. */
function said(logField: string, record: unknown, pageTimestamp?: unknown): unknown[] {
  return rowsOf(record, pageTimestamp)
    .filter(({ row }) => row.log_field === logField)
    .map(({ row: _, ...trace }) => trace);
}

describe("an explanation", () => {
  it("has every row of the table, in the vendor's order", () => {
    expect(rowsOf({ epkey: "EP1" }).map(({ row }) => row)).toEqual(TABLE);
    expect(rowsOf({}).map(({ row }) => row)).toEqual(TABLE);
  });

  it("has no rows when the record is no object", () => {
    expect(["text", null, [{ epkey: "EP1" }]].map((record) => rowsOf(record))).toEqual([[], [], []]);
  });

  it("says that a row wrote, what it read and where the value went", () => {
    expect(said("model", { model: "Model 1" })).toEqual([
      {
        reads: [{ path: "model", found: "value", value: "Model 1" }],
        outcome: "wrote",
        writes: [{ path: "entity.asset.hardware[0].model", value: "Model 1", from: "model" }],
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["missing", undefined, "missing"],
    ["null", null, "null"],
    ["blank", " ", "blank"],
    ["of a wrong type", [], "wrong_type"],
  ])("says that a row wrote nothing because its field is %s", (_, model, found) => {
    expect(said("model", { model })).toEqual([
      { reads: [{ path: "model", found }], outcome: "absent", writes: [] },
    ]);
  });

  it("says that a row wrote the value it has when the record gives none", () => {
    expect(said("activated", {})).toEqual([
      {
        reads: [{ path: "activated", found: "missing" }],
        outcome: "default",
        writes: [{ path: "entity.asset.deployment_status", value: "ACTIVE" }],
      },
    ]);
  });

  it("says which field outranks a row, the first of them by the table", () => {
    const record = { epkey: "EP1", phone_id: "DP1", token_id: "DH1", user_id: "DU1", hardware_uuid: "U1" };
    const by = ["phone_id", "token_id", "user_id"].map((field) => said(field, record));
    expect(by).toEqual([
      [
        {
          reads: [{ path: "phone_id", found: "value", value: "DP1" }],
          outcome: "outranked",
          writes: [],
          by: "epkey",
        },
      ],
      [
        {
          reads: [{ path: "token_id", found: "value", value: "DH1" }],
          outcome: "outranked",
          writes: [],
          by: "epkey",
        },
      ],
      [
        {
          reads: [{ path: "user_id", found: "value", value: "DU1" }],
          outcome: "outranked",
          writes: [],
          by: "hardware_uuid",
        },
      ],
    ]);
  });

  it("says that a row without a value is absent, and not outranked", () => {
    expect(said("phone_id", { epkey: "EP1" })).toEqual([
      { reads: [{ path: "phone_id", found: "missing" }], outcome: "absent", writes: [] },
    ]);
  });

  it.each([
    ["os_family", "iOS", "names no Windows, Linux or Mac"],
    ["last_seen", "soon", "is not ISO 8601"],
  ])("says why the value of %s was refused", (field, value, because) => {
    expect(said(field, { [field]: value })).toEqual([
      { reads: [{ path: field, found: "value", value }], outcome: "invalid", writes: [], because },
    ]);
  });

  it("says that a username has nothing before its @", () => {
    expect(said("users.username", { users: [{ username: "@x" }] })).toEqual([
      {
        reads: [{ path: "users[0].username", found: "value", value: "@x" }],
        outcome: "invalid",
        writes: [],
        because: 'has nothing before its "@"',
      },
    ]);
  });

  it("says which row has written an address before", () => {
    const record = { email: "a@example.com", users: [{ email: "a@example.com" }] };
    expect(said("users.email", record)).toEqual([
      {
        reads: [{ path: "users[0].email", found: "value", value: "a@example.com" }],
        outcome: "repeated",
        writes: [],
        by: "email",
      },
    ]);
  });

  it("says which row has written the same place of an equal element, whatever that is made of", () => {
    const by = (record: object): unknown[] => {
      const { rows } = explainRecord(record, { collectedAt: COLLECTED_AT, profile: ENRICHED });
      const repeated = rows.filter(({ outcome }) => outcome === "repeated");
      return repeated.map(({ row, by }) => `${row.log_field} -> ${row.udm} by ${by}`);
    };
    const agents = [{ security_agent: "Duo Desktop", version: "7" }];
    expect(by({ epkey: "EP1", security_agents: agents, health_app_client_version: "7" })).toEqual([
      "health_app_client_version -> entity.asset.software.version by security_agents[].version",
    ]);
    expect(
      by({
        user_id: "U1",
        phones: [{ phone_id: "X", platform: "Windows" }],
        desktop_authenticators: [{ dakey: "X", os_family: "windows" }],
      }),
    ).toEqual([
      "desktop_authenticators[].dakey -> entity.relations.entity.asset.product_object_id by phones[].phone_id",
      "desktop_authenticators[].dakey -> entity.relations.entity.asset.asset_id by phones[].phone_id",
      "desktop_authenticators[].os_family -> entity.relations.entity.asset.platform_software.platform by phones[].platform",
    ]);
  });

  it("says that a row wrote when one of its elements repeats and another does not", () => {
    const record = {
      epkey: "EP1",
      browsers: [{ browser_version: "1" }],
      security_agents: [{ version: "1" }, { version: "2" }],
    };
    const { rows } = explainRecord(record, { collectedAt: COLLECTED_AT, profile: ENRICHED });
    const { outcome, by, writes } =
      rows.find(({ row }) => row.log_field === "security_agents[].version") ?? {};
    expect({ outcome, by, writes }).toEqual({
      outcome: "wrote",
      by: undefined,
      writes: [{ path: "entity.asset.software[1].version", value: "2", from: "security_agents[1].version" }],
    });
  });

  it("shows every field that an address was looked for in, up to the one that gave it", () => {
    const record = { email: "a", username1: "c@example.com", users: [{ username: "d@example.com" }] };
    expect(said("email", record)).toEqual([
      {
        reads: [
          { path: "email", found: "value", value: "a" },
          { path: "username", found: "missing" },
          { path: "username1", found: "value", value: "c@example.com" },
        ],
        outcome: "wrote",
        writes: [
          { path: "relations[0].entity.user.email_addresses[0]", value: "c@example.com", from: "username1" },
        ],
        because: 'holds no "@"',
      },
    ]);
  });

  it("shows each element of a list under its index, and a bare object without one", () => {
    const record = { browsers: [{}, { browser_family: "A" }], security_agents: { security_agent: "Agent" } };
    expect([
      ...said("browsers.browser_family", record),
      ...said("security_agents.security_agent", record),
    ]).toEqual([
      {
        reads: [
          { path: "browsers[0].browser_family", found: "missing" },
          { path: "browsers[1].browser_family", found: "value", value: "A" },
        ],
        outcome: "wrote",
        writes: [{ path: "entity.asset.software[0].name", value: "A", from: "browsers[1].browser_family" }],
      },
      {
        reads: [{ path: "security_agents.security_agent", found: "value", value: "Agent" }],
        outcome: "wrote",
        writes: [
          { path: "entity.asset.software[1].name", value: "Agent", from: "security_agents.security_agent" },
        ],
      },
    ]);
  });

  it("says where the collection time came from: the record, the page, or the caller", () => {
    const path = "metadata.collected_timestamp";
    const own = { path: "timestamp", found: "missing" };
    expect([
      ...said("timestamp", { timestamp: 0 }, "1735689600"),
      ...said("timestamp", {}, "1735689600"),
      ...said("timestamp", {}),
    ]).toEqual([
      {
        reads: [{ path: "timestamp", found: "value", value: 0 }],
        outcome: "wrote",
        writes: [{ path, value: "1970-01-01T00:00:00Z", from: "timestamp" }],
      },
      {
        reads: [own, { path: "envelope.timestamp", found: "value", value: "1735689600" }],
        outcome: "wrote",
        writes: [{ path, value: "2025-01-01T00:00:00Z", from: "envelope.timestamp" }],
      },
      {
        reads: [own, { path: "envelope.timestamp", found: "missing" }],
        outcome: "default",
        writes: [{ path, value: COLLECTED_AT }],
      },
    ]);
  });

  it("says of the relation's constants that there is no owner, or where they went", () => {
    const constants = (record: unknown): unknown[] => said("", record).slice(-2);
    expect(constants({ epkey: "EP1" })).toEqual([
      { reads: [], outcome: "no_owner", writes: [] },
      { reads: [], outcome: "no_owner", writes: [] },
    ]);
    expect(constants({ epkey: "EP1", number: "+15035550100" })).toEqual([
      { reads: [], outcome: "wrote", writes: [{ path: "relations[0].entity_type", value: "USER" }] },
      { reads: [], outcome: "wrote", writes: [{ path: "relations[0].relationship", value: "OWNS" }] },
    ]);
  });

  it("of a skipped record says what its rows would have written", () => {
    const { kind, issues } = explainRecord({ number: "+15035550100" }, { collectedAt: COLLECTED_AT });
    expect([kind, issues.map(({ code }) => code)]).toEqual(["skipped", ["RECORD_UNRECOGNIZED"]]);
    expect(said("number", { number: "+15035550100" })).toEqual([
      {
        reads: [{ path: "number", found: "value", value: "+15035550100" }],
        outcome: "wrote",
        writes: [
          { path: "relations[0].entity.user.phone_numbers[0]", value: "+15035550100", from: "number" },
        ],
      },
    ]);
  });
});
