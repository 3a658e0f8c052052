import fc from "fast-check";
import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";
import { PROFILE_CHOICES } from "../../src/cli/options.ts";
import { ByteWriter } from "../../src/core/bytes.ts";
import { recordMapper } from "../../src/core/mapped.ts";
import { planOf } from "../../src/core/plan.ts";
import type { Table } from "../../src/core/profile.ts";
import { startRun } from "../../src/core/reading.ts";
import { readPaths } from "../../src/core/reads.ts";
import { RESOURCES, type Resource } from "../../src/core/resource.ts";
import { explainRecord, mapRecord } from "../../src/index.ts";
import { ENRICHED } from "../../src/profiles/enriched.ts";
import { PROFILE_NAMES } from "../../src/profiles/index.ts";
import { LEFT_OUT } from "../../src/profiles/left-out.ts";
import { recordsOf } from "../support/arbitraries.ts";
import { deepFreeze, leavesOf, schemaErrors, sortLeaves, writtenLeaves } from "../support/invariants.ts";

const context = { collectedAt: "2026-01-02T03:04:05Z", profile: ENRICHED };

function mapped(record: object, resource?: Resource) {
  return mapRecord(record, { ...context, ...(resource !== undefined && { resource }) });
}

function entityOf(record: object, resource?: Resource) {
  const result = mapped(record, resource);
  if (result.kind === "skipped") throw new Error(result.reason);
  return result.entity;
}

const user = (record: object) => entityOf({ user_id: "DU1", ...record }).entity.user;
const endpoint = (record: object) => entityOf({ epkey: "EP1", ...record }).entity.asset;
const phone = (record: object) => entityOf({ phone_id: "DP1", ...record }).entity.asset;
const issuesOf = (record: object) => mapped(record).issues.map(({ code, path, row }) => [code, path, row]);
const labelsOf = (labels: readonly { key: string; value: string }[] = []) =>
  labels.map(({ key, value }) => `${key}=${value}`);

describe("a user", () => {
  it("has every address once, in the order of the fields, and other aliases as labels", () => {
    const record = {
      username: "ada@example.com",
      email: "a@example.com",
      alias1: "ada@example.com",
      alias2: "lovelace",
      aliases: { alias1: "lovelace", work: "ada@work.example.com" },
    };
    expect(user(record)).toEqual({
      attribute: { labels: [{ key: "alias", value: "lovelace" }] },
      email_addresses: ["a@example.com", "ada@example.com", "ada@work.example.com"],
      product_object_id: "DU1",
      userid: "ada@example.com",
    });
  });

  it("takes for an address what has one @ with something on both sides, and no white space", () => {
    const texts = ["a@b", "@b", "a@", "a@b@c", "a b@c", " a@b", "a@b ", "ab"];
    expect(texts.map((email) => user({ email })?.email_addresses)).toEqual([
      ["a@b"],
      ...Array.from({ length: 7 }, () => undefined),
    ]);
  });

  it("has a status that bypass does not hide", () => {
    const statuses = ["active", "Bypass", " DISABLED ", "pending deletion", "locked out", "other"];
    expect(statuses.map((status) => user({ status })?.user_authentication_status)).toEqual([
      ...["ACTIVE", "ACTIVE", "SUSPENDED", "SUSPENDED", "NO_ACTIVE_CREDENTIALS", undefined],
    ]);
    expect(labelsOf(user({ status: "Bypass" })?.attribute?.labels)).toEqual(["status=Bypass"]);
  });

  it("counts its second factors, none too; what is no list has no count", () => {
    const record = { phones: [{}, {}], tokens: [], webauthncredentials: null };
    expect(labelsOf(user(record)?.attribute?.labels)).toEqual(["mfa_phones=2", "mfa_tokens=0"]);
  });

  it("is related to its groups, whose names lose the directory that Duo adds", () => {
    const name = 'Staff (from AD sync "Example")';
    const { relations } = entityOf({
      user_id: "DU1",
      groups: [{ group_id: "DG1", name }, { name: ' (from AD sync "x")' }],
    });
    expect(relations).toEqual([
      {
        direction: "UNIDIRECTIONAL",
        entity: { group: { group_display_name: "Staff", product_object_id: "DG1" } },
        entity_type: "GROUP",
        relationship: "MEMBER",
      },
      {
        direction: "UNIDIRECTIONAL",
        entity: { group: { group_display_name: ' (from AD sync "x")' } },
        entity_type: "GROUP",
        relationship: "MEMBER",
      },
    ]);
  });

  it("is related to a group whose name stays whole where its directory would have a line break", () => {
    const name = 'Staff (from AD sync "Example\nTwo")';
    const { relations } = entityOf({ user_id: "DU1", groups: [{ name }] });
    expect(relations).toMatchObject([{ entity: { group: { group_display_name: name } } }]);
  });

  it("has no relation to what says nothing, and one to what is listed twice", () => {
    const phones = [{}, { type: "Mobile" }, { phone_id: "DP1" }, { phone_id: "DP1" }, { number: "1" }];
    const { relations } = entityOf({ user_id: "DU1", phones });
    expect(relations?.map(({ entity }) => entity.asset)).toEqual([
      { type: "MOBILE" },
      { asset_id: "Duo:DP1", product_object_id: "DP1" },
    ]);
  });

  it("takes a bare object for a list of one, blank text for none, and tells anything else once", () => {
    expect(entityOf({ user_id: "DU1", groups: { group_id: "DG1" } }).relations).toHaveLength(1);
    expect(issuesOf({ user_id: "DU1", groups: " ", phones: [" ", null] })).toEqual([]);
    expect(issuesOf({ user_id: "DU1", groups: 7, phones: [7, { number: [] }], aliases: [] })).toEqual([
      ["FIELD_TYPE", "aliases", "email"],
      ["FIELD_TYPE", "phones[0]", "phones[].number"],
      ["FIELD_TYPE", "phones[1].number", "phones[].number"],
      ["FIELD_TYPE", "groups", "groups[].name"],
    ]);
  });

  it("tells wrong types by the first field of the line that lists them", () => {
    expect(
      issuesOf({ user_id: "DU1", alias3: {}, lastname: [], lockout_reason: {}, last_login: "soon" }),
    ).toEqual([
      ["FIELD_TYPE", "alias3", "email"],
      ["FIELD_TYPE", "lastname", "realname"],
      ["FIELD_TYPE", "lockout_reason", "status"],
      ["TIMESTAMP_INVALID", "last_login", "created"],
    ]);
  });

  it("has each alias at its key, whatever is in it", () => {
    const aliases = JSON.parse('{"b":[],"2":{},"a.b":[],"1":[],"ada@example.com":{},"__proto__":[]}');
    expect(issuesOf({ user_id: "DU1", aliases }).map(([, path]) => path)).toEqual([
      ...["aliases.1", "aliases.2", "aliases.b", "aliases.a.b", "aliases.ada@example.com"],
      "aliases.__proto__",
    ]);
  });

  it("without key, name and address is not recognised", () => {
    const result = mapped({ realname: "Ada" }, "users");
    expect([result.kind, result.issues.map(({ code }) => code)]).toEqual([
      "skipped",
      ["RECORD_UNRECOGNIZED"],
    ]);
    expect(mapped({ email: "ada@example.com" }, "users").kind).toBe("entity");
  });
});

describe("times in seconds", () => {
  it.each<[unknown, string | undefined]>([
    [1735787045, "2025-01-02T03:04:05Z"],
    [" 1735787045 ", "2025-01-02T03:04:05Z"],
    [0, "1970-01-01T00:00:00Z"],
    [1735787045.5, undefined],
    ["2025-01-02", undefined],
    [253402300800, undefined],
    [true, undefined],
  ])("%j is %j", (created, time) => {
    expect(user({ created })?.attribute?.creation_time).toBe(time);
    expect(issuesOf({ user_id: "DU1", created })).toEqual(
      time === undefined ? [["TIMESTAMP_INVALID", "created", "created"]] : [],
    );
  });
});

describe("an endpoint", () => {
  it("is a machine by its hardware UUID, by its key where that is a placeholder", () => {
    const uuids = [
      "6E1F0C52-9D3A",
      "00000000-0000-0000",
      "{FFFF}",
      "To be filled by O.E.M.",
      "None",
      undefined,
    ];
    expect(uuids.map((hardware_uuid) => endpoint({ hardware_uuid })?.asset_id)).toEqual([
      "Duo:6E1F0C52-9D3A",
      ...Array.from({ length: 5 }, () => "Duo:EP1"),
    ]);
  });

  it("has a host name that no stranger shares, or a label", () => {
    const hosts = ["ada-laptop", "ada.example.com", "10.1"];
    const labels = [
      "iPhone",
      "iPhone-12",
      "MacBook-Pro",
      "localhost",
      "Ada's Mac",
      "ab",
      "1.2",
      "-a-b",
      "unknown",
    ];
    expect(hosts.slice(0, 2).map((device_name) => endpoint({ device_name })?.hostname)).toEqual(
      hosts.slice(0, 2),
    );
    expect(labels.map((device_name) => labelsOf(endpoint({ device_name })?.attribute?.labels))).toEqual(
      labels.map((name) => [`device_name=${name}`]),
    );
  });

  it.each<[string, string | undefined, string | undefined]>([
    ["Windows 11", "WINDOWS", undefined],
    ["Mac OS X", "MAC", undefined],
    ["macOS", "MAC", undefined],
    ["iOS", "IOS", "MOBILE"],
    ["iPadOS 17", "IOS", "MOBILE"],
    ["Android", "ANDROID", "MOBILE"],
    ["Chrome OS", "CHROME_OS", undefined],
    ["Ubuntu Linux", "LINUX", undefined],
    ["machine", undefined, undefined],
    ["Radios", undefined, undefined],
  ])("that runs %s is of platform %s and type %s", (os_family, platform, type) => {
    expect([endpoint({ os_family })?.platform_software?.platform, endpoint({ os_family })?.type]).toEqual([
      platform,
      type,
    ]);
    expect(issuesOf({ epkey: "EP1", os_family })).toEqual(
      platform === undefined ? [["PLATFORM_UNMAPPED", "os_family", "os_family"]] : [],
    );
  });

  it('says nothing of an "Unknown" system, version or model', () => {
    const record = { epkey: "EP1", os_family: "Unknown", os_version: "unknown", model: " UNKNOWN " };
    expect(endpoint(record)).toEqual({ asset_id: "Duo:EP1", product_object_id: "EP1" });
    expect(issuesOf(record)).toEqual([]);
  });

  it("lists equal software once, and Duo Desktop with its version", () => {
    const browsers = [{ browser_family: "A" }, { browser_family: "A" }];
    const security_agents = [{ security_agent: "A" }, { security_agent: "A", version: "1" }];
    expect(endpoint({ browsers, security_agents, health_app_client_version: "6.1" })?.software).toEqual([
      { name: "A" },
      { name: "A", version: "1" },
      { name: "Duo Desktop", version: "6.1" },
    ]);
  });

  it("belongs to its user", () => {
    const { relations } = entityOf({ epkey: "EP1", email: "ada@example.com", username: "ada" });
    expect(relations).toEqual([
      {
        entity: { user: { email_addresses: ["ada@example.com"], userid: "ada" } },
        entity_type: "USER",
        relationship: "OWNS",
      },
    ]);
  });
});

describe("a phone", () => {
  it("belongs to each of its users", () => {
    const users = Array.from({ length: 8 }, (_, at) => ({
      user_id: `DU${at}`,
      username: `user${at}@example.com`,
    }));
    const { relations } = entityOf({ phone_id: "DP1", users });
    expect(relations?.map(({ entity }) => entity.user)).toEqual(
      users.map(({ user_id, username }) => ({
        email_addresses: [username],
        product_object_id: user_id,
        userid: username,
      })),
    );
  });

  it("is active when it is activated; when it is not, Duo Mobile is not on it, and no more is known", () => {
    expect(
      [true, "TRUE", false, undefined].map((activated) => phone({ activated })?.deployment_status),
    ).toEqual(["ACTIVE", "ACTIVE", undefined, undefined]);
  });

  it("has its names and capabilities as labels, never as host name", () => {
    const asset = phone({
      name: "iPhone",
      number: "+15035550100",
      capabilities: ["push", "sms", "push", {}],
    });
    expect(asset?.hostname).toBeUndefined();
    expect(labelsOf(asset?.attribute?.labels)).toEqual([
      ...["name=iPhone", "number=+15035550100", "capability=push", "capability=sms"],
    ]);
  });
});

describe("a token", () => {
  it("is a hardware token of a model, and of a maker where the type tells", () => {
    const hardware = ["yk", " D1 ", "t6", "other"].map(
      (type) => entityOf({ token_id: "DT1", type, serial: "7" }).entity.asset?.hardware,
    );
    expect(hardware).toEqual([
      [{ manufacturer: "Yubico", model: "YubiKey", serial_number: "7" }],
      [{ model: "Duo D-100", serial_number: "7" }],
      [{ model: "TOTP 6 digits", serial_number: "7" }],
      [{ model: "other", serial_number: "7" }],
    ]);
  });

  it("of an administrator belongs to a user that is marked as one", () => {
    const { relations } = entityOf({
      token_id: "DT1",
      admins: [{ admin_id: "DE1", email: "root@example.com", name: "Root" }],
    });
    expect(relations?.[0]?.entity.user).toEqual({
      attribute: { labels: [{ key: "duo_admin", value: "true" }] },
      email_addresses: ["root@example.com"],
      product_object_id: "DE1",
      user_display_name: "Root",
    });
  });
});

describe("a credential", () => {
  it("stands in its user's entity, and makes none of its own", () => {
    const result = mapped({ webauthnkey: "WA1", label: {} });
    expect([result.kind, result.issues.map(({ code }) => code)]).toEqual(["skipped", ["COVERED_BY_OWNER"]]);
    const unnamed = mapped({ label: "Touch ID" }, "webauthncredentials");
    expect(unnamed.issues.map(({ code }) => code)).toEqual(["RECORD_UNRECOGNIZED"]);
  });
});

const TABLES = RESOURCES.flatMap((resource): [Resource, Table][] => {
  const table = ENRICHED.tables[resource];
  return typeof table === "string" ? [] : [[resource, table]];
});

describe.each(TABLES)("any record of %s", (resource, table) => {
  const record = recordsOf(table);
  const options = { ...context, resource };

  it("prints the stable stringify of its entity, leaves the record as it was, and fits the published schema", () => {
    const out = new ByteWriter();
    fc.assert(
      fc.property(record, (raw) => {
        deepFreeze(raw);
        const result = mapRecord(raw, options);
        const shown = recordMapper(ENRICHED).map(raw, startRun(context.collectedAt, undefined, {}), {
          resource,
        });
        shown.print(out);
        const line = new TextDecoder().decode(out.take());
        expect(line).toBe(result.kind === "entity" ? `${stableStringify(result.entity)}\n` : "");
        if (result.kind === "entity") expect(schemaErrors(result.entity)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("has each leaf written by one row, as that row says, and each issue once", () => {
    fc.assert(
      fc.property(record, (raw) => {
        const { rows, ...explained } = explainRecord(raw, options);
        expect(explained).toEqual(mapRecord(raw, options));
        const places = explained.issues.map(({ code, path }) => `${code} ${path}`);
        expect(new Set(places).size).toBe(places.length);
        if (explained.kind === "skipped") return;
        expect(sortLeaves(writtenLeaves(rows))).toEqual(sortLeaves(leavesOf(explained.entity)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the enriched profile", () => {
  it("reads no field that it leaves out on purpose", () => {
    const read = TABLES.flatMap(([resource, table]) => {
      const paths = readPaths(planOf(table), "[]");
      return LEFT_OUT.filter((one) => one.resource === resource)
        .flatMap(({ fields }) => fields)
        .filter((field) => paths.has(field));
    });
    expect(read).toEqual([]);
  });

  it("is one of the profiles that the command line offers", () => {
    expect(PROFILE_CHOICES).toEqual(PROFILE_NAMES);
  });
});
