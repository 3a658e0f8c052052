import { describe, expect, it } from "vitest";
import { ISSUES, type Issue, mapPage, mapRecord } from "../../src/index.ts";

const COLLECTED_AT = "2026-01-02T03:04:05Z";
const EPKEY = "EPRULES0000000000001";

interface Expected {
  /** The asset's fields beside deployment status and type, which every asset has. */
  readonly asset?: Record<string, unknown>;
  readonly owner?: Record<string, unknown>;
  readonly collected?: string;
  readonly issues?: readonly Partial<Issue>[];
}

/** What `mapRecord` returns for a record that makes an entity: whole, so that nothing else may be in it. */
function mapped({ asset = {}, owner, collected = COLLECTED_AT, issues = [] }: Expected): unknown {
  return {
    kind: "entity",
    entity: {
      entity: { asset: { deployment_status: "ACTIVE", type: "LAPTOP", ...asset } },
      metadata: {
        collected_timestamp: collected,
        entity_type: "ASSET",
        product_name: "Duo Entity Context Data",
        vendor_name: "Duo",
      },
      ...(owner && { relations: [{ entity: { user: owner }, entity_type: "USER", relationship: "OWNS" }] }),
    },
    issues,
  };
}

function map(record: unknown): unknown {
  return mapRecord(record, { collectedAt: COLLECTED_AT });
}

/** Maps the fields given with an epkey, which alone makes an entity. */
function mapWithKey(fields: Record<string, unknown>): unknown {
  return map({ ...fields, epkey: EPKEY });
}

function mappedWithKey({ asset, ...rest }: Expected): unknown {
  return mapped({ ...rest, asset: { product_object_id: EPKEY, ...asset } });
}

function warning(code: Issue["code"], message: string, path: string, row = path): Issue {
  return { severity: "warning", code, message, path, row };
}

const wrongType = (path: string, row?: string): Issue =>
  warning(
    "FIELD_TYPE",
    "The field has a JSON type that the mapping cannot read, so it counts as absent.",
    path,
    row,
  );
const noTime = (path: string): Issue =>
  warning(
    "TIMESTAMP_INVALID",
    "The value is not a timestamp that the field can take, so it was left out.",
    path,
  );
const noPlatform: Issue = warning(
  "PLATFORM_UNMAPPED",
  "The mapping table does not know the operating system, so the platform was left out.",
  "os_family",
);

function skipped(reason: "NO_ASSET_IDENTITY" | "RECORD_NOT_OBJECT" | "RECORD_UNRECOGNIZED"): unknown {
  const { severity, message } = ISSUES[reason];
  return { kind: "skipped", reason, issues: [{ severity, code: reason, message }] };
}

describe("a raw value is present", () => {
  it.each<[string, unknown, string]>([
    ["when it is a string, which is taken verbatim and not trimmed", " Host 1 ", " Host 1 "],
    ["when it is true, printed as JavaScript prints it", true, "true"],
    ["when it is false", false, "false"],
    ["when it is zero", 0, "0"],
    ["when it is a negative zero, which JavaScript prints without its sign", -0, "0"],
    ["when it is a fraction", 1.5, "1.5"],
    ["when it is a number that JavaScript prints with an exponent", 1e21, "1e+21"],
    ["when it is a string with an unpaired surrogate, which becomes U+FFFD", "a\ud800b", "a\ufffdb"],
    ["when it is a string with a surrogate pair, which is kept", "a\u{1f600}b", "a\u{1f600}b"],
    ["when it is nothing but an unpaired surrogate", "\udc00", "\ufffd"],
    ["when it is a control character that is no white space", "\u0000", "\u0000"],
  ])("%s", (_, device_name, hostname) => {
    expect(mapWithKey({ device_name })).toEqual(mappedWithKey({ asset: { hostname } }));
  });

  it.each<[string, unknown]>([
    ["the empty string", ""],
    ["white space", " \t\r\n"],
    ["white space of other scripts", "\u00a0\u2003\u3000\ufeff"],
    ["null", null],
    ["undefined", undefined],
    ["no number", Number.NaN],
    ["a number without end", Number.NEGATIVE_INFINITY],
  ])("not when it is %s, and that is no issue", (_, device_name) => {
    expect(mapWithKey({ device_name })).toEqual(mappedWithKey({}));
  });

  it.each<[string, unknown]>([
    ["an empty array", []],
    ["an array of one string", ["Host 1"]],
    ["an object", { name: "Host 1" }],
  ])("not when it is %s, and that is FIELD_TYPE", (_, device_name) => {
    expect(mapWithKey({ device_name })).toEqual(mappedWithKey({ issues: [wrongType("device_name")] }));
  });

  it("not when the property is inherited", () => {
    const record: unknown = Object.assign(
      Object.create({ device_name: "inherited", users: [{ email: "a@b" }] }),
      {
        epkey: EPKEY,
      },
    );
    expect(map(record)).toEqual(mappedWithKey({}));
  });
});

describe("asset_id", () => {
  it("is hardware_uuid", () => {
    expect(map({ hardware_uuid: "UUID-1", user_id: "DU1" })).toEqual(
      mapped({ asset: { asset_id: "UUID-1" } }),
    );
  });

  it.each([[undefined], [""], ["  "], [null]])("is else user_id, with hardware_uuid %j", (hardware_uuid) => {
    expect(map({ hardware_uuid, user_id: "DU1" })).toEqual(mapped({ asset: { asset_id: "DU1" } }));
  });
});

describe("product_object_id", () => {
  const keys = { epkey: "EP1", phone_id: "DP1", token_id: "DH1" };

  it("is epkey", () => {
    expect(map(keys)).toEqual(mapped({ asset: { product_object_id: "EP1" } }));
  });

  it("is else phone_id", () => {
    expect(map({ ...keys, epkey: "" })).toEqual(mapped({ asset: { product_object_id: "DP1" } }));
  });

  it("is else token_id", () => {
    expect(map({ ...keys, epkey: null, phone_id: " " })).toEqual(
      mapped({ asset: { product_object_id: "DH1" } }),
    );
  });

  it("is a number's or a boolean's text, which outrank too", () => {
    expect(map({ ...keys, epkey: 0 })).toEqual(mapped({ asset: { product_object_id: "0" } }));
    expect(map({ ...keys, epkey: "", phone_id: false })).toEqual(
      mapped({ asset: { product_object_id: "false" } }),
    );
  });
});

describe("hostname", () => {
  it("is device_name, and makes an entity alone", () => {
    expect(map({ device_name: "HOST-1" })).toEqual(mapped({ asset: { hostname: "HOST-1" } }));
  });
});

describe("hardware", () => {
  it("is a list of one with the model", () => {
    expect(mapWithKey({ model: "Model 1" })).toEqual(
      mappedWithKey({ asset: { hardware: [{ model: "Model 1" }] } }),
    );
  });

  it("is not there without a model", () => {
    expect(mapWithKey({ model: "" })).toEqual(mappedWithKey({}));
  });
});

describe("platform", () => {
  it.each([
    ["Windows", "WINDOWS"],
    ["Microsoft WINDOWS 11", "WINDOWS"],
    ["Linux", "LINUX"],
    ["gnu/linux", "LINUX"],
    ["Mac OS X", "MAC"],
    ["macOS", "MAC"],
    ["Windows Subsystem for Linux", "WINDOWS"],
    ["Linux on Mac", "LINUX"],
    ["Mac running Windows", "WINDOWS"],
  ])("of os_family %j is %s", (os_family, platform) => {
    expect(mapWithKey({ os_family })).toEqual(mappedWithKey({ asset: { platform_software: { platform } } }));
  });

  it.each([["iOS"], ["Android"], ["Chrome OS"], ["Unknown"], ["Win"], [0], [false]])(
    "of os_family %j is left out with PLATFORM_UNMAPPED",
    (os_family) => {
      expect(mapWithKey({ os_family })).toEqual(mappedWithKey({ issues: [noPlatform] }));
    },
  );

  it.each([[""], [null], [undefined]])("of os_family %j is left out, and that is no issue", (os_family) => {
    expect(mapWithKey({ os_family })).toEqual(mappedWithKey({}));
  });
});

describe("platform_version", () => {
  it("is os_version, with or without a platform", () => {
    expect(mapWithKey({ os_version: "15.2", os_family: "iOS" })).toEqual(
      mappedWithKey({ asset: { platform_software: { platform_version: "15.2" } }, issues: [noPlatform] }),
    );
    expect(mapWithKey({ os_version: 11, os_family: "Windows" })).toEqual(
      mappedWithKey({ asset: { platform_software: { platform: "WINDOWS", platform_version: "11" } } }),
    );
  });
});

describe("deployment_status", () => {
  it.each([[false], ["false"], ["FALSE"], [" False\n"]])("of activated %j is DECOMISSIONED", (activated) => {
    expect(mapWithKey({ activated })).toEqual(
      mappedWithKey({ asset: { deployment_status: "DECOMISSIONED" } }),
    );
  });

  it.each([[true], ["true"], ["no"], ["falsey"], [0], [1], [""], [null], [undefined]])(
    "of activated %j is ACTIVE",
    (activated) => {
      expect(mapWithKey({ activated })).toEqual(mappedWithKey({}));
    },
  );
});

describe("type", () => {
  it.each([["Mobile"], ["mobile"], ["MOBILE PHONE"], ["Automobile"]])("of type %j is MOBILE", (type) => {
    expect(mapWithKey({ type })).toEqual(mappedWithKey({ asset: { type: "MOBILE" } }));
  });

  it.each([["Landline"], ["unknown"], ["d1"], [""], [7], [null], [undefined]])(
    "of type %j is LAPTOP",
    (type) => {
      expect(mapWithKey({ type })).toEqual(mappedWithKey({}));
    },
  );
});

describe("last_discover_time", () => {
  it.each([
    ["2025-01-02T03:04:05", "2025-01-02T03:04:05Z"],
    [" 2025-01-02T03:04:05 ", "2025-01-02T03:04:05Z"],
    ["2025-01-02T03:04:05.25+01:00", "2025-01-02T02:04:05.250Z"],
  ])("of last_seen %j is %s", (last_seen, last_discover_time) => {
    expect(mapWithKey({ last_seen })).toEqual(mappedWithKey({ asset: { last_discover_time } }));
  });

  it.each([["yesterday"], ["1735787045"], ["1735787045000"], [1735787045], [0], [true]])(
    "of last_seen %j is left out with TIMESTAMP_INVALID",
    (last_seen) => {
      expect(mapWithKey({ last_seen })).toEqual(mappedWithKey({ issues: [noTime("last_seen")] }));
    },
  );

  it.each([[""], [" "], [null]])("of last_seen %j is left out, and that is no issue", (last_seen) => {
    expect(mapWithKey({ last_seen })).toEqual(mappedWithKey({}));
  });
});

describe("software", () => {
  it("is each browser, then each security agent, with its name and version", () => {
    const record = {
      security_agents: [{ security_agent: "Agent", version: "3" }],
      browsers: [
        { browser_family: "B", browser_version: 2 },
        { browser_family: "A", browser_version: "1" },
      ],
    };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({
        asset: {
          software: [
            { name: "B", version: "2" },
            { name: "A", version: "1" },
            { name: "Agent", version: "3" },
          ],
        },
      }),
    );
  });

  it("leaves out an element with neither name nor version, keeps one with either, and pairs none across elements", () => {
    const browsers = [
      { browser_family: "A" },
      {},
      { browser_version: "2" },
      { browser_family: "", browser_version: null },
    ];
    const security_agents = [{ version: "3" }, { security_agent: "Agent" }];
    expect(mapWithKey({ browsers, security_agents })).toEqual(
      mappedWithKey({
        asset: { software: [{ name: "A" }, { version: "2" }, { version: "3" }, { name: "Agent" }] },
      }),
    );
  });

  it("keeps elements that are equal", () => {
    const browser = { browser_family: "A", browser_version: "1" };
    expect(mapWithKey({ browsers: [browser, browser] })).toEqual(
      mappedWithKey({
        asset: {
          software: [
            { name: "A", version: "1" },
            { name: "A", version: "1" },
          ],
        },
      }),
    );
  });

  it("takes a bare object as a list of one", () => {
    const record = {
      browsers: { browser_family: "A" },
      security_agents: { security_agent: "Agent", version: "3" },
    };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({ asset: { software: [{ name: "A" }, { name: "Agent", version: "3" }] } }),
    );
  });

  it("gives FIELD_TYPE for an element that is no object, and keeps the others", () => {
    const browsers = ["A", { browser_family: "B" }, 7, [{ browser_family: "C" }]];
    const issues = [0, 2, 3].map((at) => wrongType(`browsers[${at}]`, "browsers.browser_family"));
    expect(mapWithKey({ browsers })).toEqual(mappedWithKey({ asset: { software: [{ name: "B" }] }, issues }));
  });

  it("gives FIELD_TYPE for a name or version that is no scalar, and keeps the other of the two", () => {
    const browsers = [{ browser_family: {}, browser_version: "1" }];
    const security_agents = { security_agent: "Agent", version: [] };
    expect(mapWithKey({ browsers, security_agents })).toEqual(
      mappedWithKey({
        asset: { software: [{ version: "1" }, { name: "Agent" }] },
        issues: [
          wrongType("browsers[0].browser_family", "browsers.browser_family"),
          wrongType("security_agents.version", "security_agents.version"),
        ],
      }),
    );
  });

  it.each([["A"], [7], [true]])("gives FIELD_TYPE for browsers of %j", (browsers) => {
    const issues = [wrongType("browsers", "browsers.browser_family")];
    expect(mapWithKey({ browsers })).toEqual(mappedWithKey({ issues }));
  });

  it.each([[[]], [{}], [""], [null], [[null]]])(
    "is not there for browsers of %j, and that is no issue",
    (browsers) => {
      expect(mapWithKey({ browsers })).toEqual(mappedWithKey({}));
    },
  );
});

describe("labels", () => {
  it("stand in the vendor's order under the vendor's keys, their values in lower case", () => {
    const record = {
      trusted_endpoint: "YES",
      password_status: "Set",
      firewall_status: "On",
      fingerprint: "Configured",
      encrypted: "ENCRYPTED",
      disk_encryption_status: "Off",
    };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({
        asset: {
          attribute: {
            labels: [
              { key: "disk_encryption_status", value: "off" },
              { key: "Encrypted", value: "encrypted" },
              { key: "Finger Print", value: "configured" },
              { key: "firewall_status", value: "on" },
              { key: "password_status", value: "set" },
              { key: "trusted_endpoint", value: "yes" },
            ],
          },
        },
      }),
    );
  });

  it("are there one by one, for the values that are present, booleans and numbers too", () => {
    const record = { encrypted: true, fingerprint: "", firewall_status: 0, trusted_endpoint: null };
    const labels = [
      { key: "Encrypted", value: "true" },
      { key: "firewall_status", value: "0" },
    ];
    expect(mapWithKey(record)).toEqual(mappedWithKey({ asset: { attribute: { labels } } }));
  });
});

describe("the owner's email_addresses", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["have the email", { email: "a@example.com", username: "b@example.com" }, "a@example.com"],
    [
      "have else the username",
      { email: "a", username: "b@example.com", username1: "c@example.com" },
      "b@example.com",
    ],
    [
      "have else username1, read as a raw field",
      { username: "b", username1: "c@example.com" },
      "c@example.com",
    ],
    ["are verbatim", { email: " A@Example.com " }, " A@Example.com "],
    ["take any text with an @", { email: "@" }, "@"],
  ])("%s", (_, fields, address) => {
    expect(mapWithKey(fields)).toEqual(mappedWithKey({ owner: { email_addresses: [address] } }));
  });

  it("have else the first user's username, for a username1 that is absent", () => {
    const users = [{ username: "d@example.com" }];
    const owner = { email_addresses: ["d@example.com"], userid: "d" };
    expect(mapWithKey({ email: "", users })).toEqual(mappedWithKey({ owner }));
    expect(mapWithKey({ username1: " ", users })).toEqual(mappedWithKey({ owner }));
  });

  it("have not the first user's username when a raw username1 is present, even without an @", () => {
    const record = { username1: "c", users: [{ username: "d@example.com" }] };
    expect(mapWithKey(record)).toEqual(mappedWithKey({ owner: { userid: "d" } }));
  });

  it("have then the first user's email, and no other user's", () => {
    const record = {
      email: "a@example.com",
      users: [{ email: "u@example.com" }, { email: "v@example.com" }],
    };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({ owner: { email_addresses: ["a@example.com", "u@example.com"] } }),
    );
  });

  it("have an address once, when both are exactly the same", () => {
    const record = { email: "a@example.com", users: [{ email: "a@example.com" }] };
    expect(mapWithKey(record)).toEqual(mappedWithKey({ owner: { email_addresses: ["a@example.com"] } }));
  });

  it("have both of two addresses that differ in case", () => {
    const record = { email: "a@example.com", users: [{ email: "A@example.com" }] };
    expect(mapWithKey(record)).toEqual(
      mappedWithKey({ owner: { email_addresses: ["a@example.com", "A@example.com"] } }),
    );
  });

  it("have nothing without an @, and that is no issue", () => {
    expect(mapWithKey({ email: "a", username: 7, username1: true, users: [{ email: "u" }] })).toEqual(
      mappedWithKey({}),
    );
  });
});

describe("the owner's phone_numbers", () => {
  it("are the number, alone", () => {
    expect(mapWithKey({ number: "+15035550100" })).toEqual(
      mappedWithKey({ owner: { phone_numbers: ["+15035550100"] } }),
    );
    expect(mapWithKey({ number: 15035550100 })).toEqual(
      mappedWithKey({ owner: { phone_numbers: ["15035550100"] } }),
    );
  });
});

describe("the owner's userid", () => {
  it.each([
    ["ada", "ada"],
    ["ada@example.com", "ada"],
    ["ada@x@y", "ada"],
    [" ada t ", " ada t "],
    [7, "7"],
  ])("of the first user's username %j is %j", (username, userid) => {
    // A raw username1 keeps the user name out of the addresses.
    expect(mapWithKey({ username1: "x", users: [{ username }] })).toEqual(
      mappedWithKey({ owner: { userid } }),
    );
  });

  it("is not there when nothing stands before the @", () => {
    expect(mapWithKey({ username1: "x", users: [{ username: "@example.com" }] })).toEqual(mappedWithKey({}));
  });

  it("is not the record's own username", () => {
    expect(mapWithKey({ username: "ada" })).toEqual(mappedWithKey({}));
  });
});

describe("the first user", () => {
  const user = { email: "u@example.com", username: "u" };

  it("is the first element, though it be empty", () => {
    expect(mapWithKey({ users: [{}, user] })).toEqual(mappedWithKey({}));
  });

  it.each([[undefined], [null], [""], [[]], [[null, user]]])("is not there in users of %j", (users) => {
    expect(mapWithKey({ users })).toEqual(mappedWithKey({}));
  });

  it.each<[unknown, string]>([
    [user, "users"],
    ["u@example.com", "users"],
    [["u@example.com", user], "users[0]"],
    [[[user]], "users[0]"],
  ])("is not there in users of %j, and that is FIELD_TYPE", (users, path) => {
    expect(mapWithKey({ users })).toEqual(mappedWithKey({ issues: [wrongType(path, "users.email")] }));
  });
});

describe("collected_timestamp", () => {
  it("is the record's timestamp", () => {
    expect(mapWithKey({ timestamp: "1735787045" })).toEqual(
      mappedWithKey({ collected: "2025-01-02T03:04:05Z" }),
    );
  });

  it.each([["soon"], [true], ["123"], [1e300]])(
    "passes over a timestamp of %j with TIMESTAMP_INVALID",
    (timestamp) => {
      const issues = [noTime("timestamp")];
      expect(mapWithKey({ timestamp })).toEqual(mappedWithKey({ issues }));
      expect(mapRecord({ epkey: EPKEY, timestamp }, { collectedAt: COLLECTED_AT, pageTimestamp: 0 })).toEqual(
        mappedWithKey({ issues, collected: "1970-01-01T00:00:00Z" }),
      );
    },
  );

  it("passes over an unreadable timestamp of the envelope too", () => {
    const context = { collectedAt: COLLECTED_AT, pageTimestamp: "later" };
    const envelope = { ...noTime("envelope.timestamp"), row: "timestamp" };
    expect(mapRecord({ epkey: EPKEY }, context)).toEqual(mappedWithKey({ issues: [envelope] }));
    expect(mapRecord({ epkey: EPKEY, timestamp: "soon" }, context)).toEqual(
      mappedWithKey({ issues: [noTime("timestamp"), envelope] }),
    );
  });
});

describe("relations", () => {
  it("hold the owner as a USER, related by OWNS, under the entity's own user", () => {
    const users = [{ email: "u@example.com", username: "u" }];
    expect(mapWithKey({ number: "+15035550100", users })).toEqual(
      mappedWithKey({
        owner: { email_addresses: ["u@example.com"], phone_numbers: ["+15035550100"], userid: "u" },
      }),
    );
  });
});

describe("a record", () => {
  it("of Duo without asset_id, product_object_id and hostname is skipped", () => {
    expect(map({ group_id: "DG1", name: "Group 1" })).toEqual(skipped("NO_ASSET_IDENTITY"));
    expect(map({ webauthnkey: "WA1" })).toEqual(skipped("NO_ASSET_IDENTITY"));
  });

  it("without any identifying key of Duo's is not recognised", () => {
    const record = { email: "a@example.com", model: "Model 1", device_name: " ", epkey: "", user_id: null };
    expect(map(record)).toEqual(skipped("RECORD_UNRECOGNIZED"));
    expect(map({})).toEqual(skipped("RECORD_UNRECOGNIZED"));
  });

  it("without the identifying key of the resource that its page names is not recognised", () => {
    const { skipped: reasons } = mapPage([{ group_id: "DG1" }, { email: "a@example.com" }], {
      collectedAt: COLLECTED_AT,
      source: "duo-endpoints-00000.json",
    });
    expect(reasons.map(({ reason }) => reason)).toEqual(["RECORD_UNRECOGNIZED", "RECORD_UNRECOGNIZED"]);
  });

  it.each([["text"], [7], [true], [null], [undefined], [[]], [[{ epkey: EPKEY }]]])(
    "that is %j is skipped as no object",
    (record) => {
      expect(map(record)).toEqual(skipped("RECORD_NOT_OBJECT"));
    },
  );

  it("that is skipped keeps the issues of its fields", () => {
    expect(map({ epkey: {}, os_family: "iOS" })).toEqual({
      kind: "skipped",
      reason: "RECORD_UNRECOGNIZED",
      issues: [
        wrongType("epkey"),
        noPlatform,
        {
          severity: "error",
          code: "RECORD_UNRECOGNIZED",
          message: "The record has no field that identifies a Duo object, so it was skipped.",
        },
      ],
    });
  });
});
