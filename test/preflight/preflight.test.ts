import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Issue } from "../../src/core/issue.ts";
import { mapPage } from "../../src/core/map-page.ts";
import { planOf } from "../../src/core/plan.ts";
import { readPaths } from "../../src/core/reads.ts";
import { RESOURCES } from "../../src/core/resource.ts";
import { checkEntity, checkPage, Preflight } from "../../src/preflight/preflight.ts";
import { PROFILES } from "../../src/profiles/index.ts";
import { OWNERS, TABLE, VENDOR_TABLE, vendorProfile } from "../../src/profiles/vendor.ts";
import { pathPattern, valueAt } from "../../src/text/paths.ts";
import { anyJson, nearPage } from "../support/arbitraries.ts";
import { listFiles, readJson } from "../support/files.ts";
import { COLLECTED_AT, PAGES, readFixture } from "../support/fixtures.ts";
import { deepFreeze } from "../support/invariants.ts";

const context = { collectedAt: COLLECTED_AT };
const json = fc.oneof(anyJson, nearPage);

const codes = (issues: readonly Issue[]): string[] => issues.map(({ code }) => code);
const found = (issues: readonly Issue[]): string[] =>
  issues.map(({ code, path }) => (path === undefined ? code : `${code} ${path}`));

/** A value nested so deep that a naive walk runs out of stack. */
function nested(depth: number): unknown {
  let value: unknown = "end";
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { deep: value };
  return value;
}

describe("checks of any JSON", () => {
  it("never throw and leave the input as it is", () => {
    fc.assert(
      fc.property(json, fc.boolean(), (value, showValues) => {
        deepFreeze(value);
        checkPage(value, { ...context, showValues });
        checkEntity(value, { ...context, showValues });
        checkPage({ stat: "OK", response: [{ entity: value, metadata: value, relations: value }] }, context);
      }),
    );
  });

  it("never throw on what is nested without end", () => {
    const deep = nested(100_000);
    expect(codes(checkEntity({ entity: deep }, context))).toEqual(["UDM_SCHEMA"]);
    expect(codes(checkEntity({ entity: { asset: { asset_id: "a:b" } }, additional: deep }, context))).toEqual(
      ["UDM_SCHEMA"],
    );
    for (const resource of RESOURCES) {
      const page = { stat: "OK", response: [{ users: deep, groups: deep, epkey: "EP1", novel: deep }] };
      const source = `duo-${resource}-00000.json`;
      expect(() => checkPage(page, { ...context, source, showValues: true })).not.toThrow();
    }
  });

  it("give the issues of the mapping, in its order, among their own", () => {
    fc.assert(
      fc.property(json, (value) => {
        const own = new Set(codes(mapPage(value, context).issues));
        const isEntities = codes(checkPage(value, context)).some((code) => code === "UDM_SCHEMA");
        if (isEntities) return;
        const mapped = mapPage(value, context).issues;
        expect(checkPage(value, context).filter(({ code }) => own.has(code))).toEqual(mapped);
      }),
    );
  });

  it("find every wrong type that the mapping finds", () => {
    fc.assert(
      fc.property(json, (value) => {
        const issues = checkPage(value, context);
        const at = ({ record, path = "" }: Issue): string => `${record} ${path}`;
        const schema = new Set(issues.filter(({ code }) => code === "RAW_SCHEMA").map(at));
        const types = issues.filter(
          ({ code, path }) => code === "FIELD_TYPE" && path?.startsWith("envelope.") !== true,
        );
        expect(types.map(at).filter((place) => !schema.has(place))).toEqual([]);
      }),
    );
  });

  it("hold nothing of the input but paths, unless values are asked for", () => {
    const secret = "ada@secret.example.com";
    const page = {
      stat: "OK",
      response: [{ epkey: "EP1", email: [secret], last_seen: secret, type: secret, device_name: secret }],
    };
    expect(JSON.stringify(checkPage(page, context))).not.toContain(secret);
    const shown = checkPage(page, { ...context, showValues: true });
    expect(
      shown.filter(({ value }) => JSON.stringify(value)?.includes(secret)).map(({ code }) => code),
    ).toEqual(["FIELD_TYPE", "TIMESTAMP_INVALID", "RAW_SCHEMA", "HOSTNAME_FORMAT"]);
  });

  it.each([
    ["a phone", { phone_id: "DPREFERENCE000000001" }],
    ["an endpoint, whose reference has no such field", { epkey: "EPREFERENCE000000001" }],
  ])("name a flag of %s that is neither true nor false", (_, record) => {
    const flags = [0, 1, "0", "no", true, false, "False", "", null];
    const found = flags.map((activated) => codes(checkPage({ ...record, activated }, context)));
    const isNamed = found.map((all) => all.includes("RAW_UNKNOWN_VALUE"));
    expect(isNamed).toEqual([true, true, true, true, false, false, false, false, false]);
  });

  it("refuse a collection time that is none", () => {
    expect(() => checkPage([], { collectedAt: "secret" })).toThrow(RangeError);
    expect(() => checkEntity({}, { collectedAt: "secret" })).toThrow(RangeError);
  });
});

describe("entities that the mapping makes", () => {
  const FORBIDDEN = new Set(["UDM_SCHEMA", "ASSET_IDENTITY_MISSING"]);

  it("never have a fault against the schema, nor lack an identity", () => {
    fc.assert(
      fc.property(json, (value) => {
        const { entities } = mapPage(value, context);
        const faults = entities.flatMap((entity) => checkEntity(entity, context));
        expect(faults.filter(({ code }) => FORBIDDEN.has(code))).toEqual([]);
      }),
    );
  });

  it("are checked alike as pages of their own and on the way", () => {
    for (const page of PAGES) {
      const document = readFixture(page);
      const { entities } = mapPage(document, context);
      const own = found(checkPage(entities, context));
      expect(found(checkPage(document, context)).filter((one) => own.includes(one))).toEqual(own);
    }
  });
});

describe("the fixture pages", () => {
  it("have no fault that was not planted", () => {
    const faults = PAGES.flatMap((page) => {
      const source = `duo-${page.slice(0, page.indexOf("/"))}-00000.json`;
      return checkPage(readFixture(page), { ...context, source })
        .filter(({ severity }) => severity === "error")
        .map(({ code, path }) => `${page} ${code} ${path}`);
    });
    expect(faults).toEqual([]);
  });
});

describe("a run", () => {
  it("remembers ids over documents, and only there", () => {
    const preflight = new Preflight();
    const page = [{ phone_id: "DP1", email: "ada@example.com" }];
    expect(codes([...preflight.document(page, context)])).toEqual([]);
    expect(found([...preflight.document(page, context)])).toEqual([
      "DUPLICATE_ENTITY entity.asset.product_object_id",
    ]);
    expect(codes(checkPage(page, context))).toEqual([]);
    expect(preflight).toMatchObject({ records: 2, entities: 2 });
  });

  it("tells UDM entities from raw records, one by one", () => {
    const [entity] = mapPage([{ epkey: "EP1", email: "ada@example.com" }], context).entities;
    const raw = { epkey: "EP2", email: "ada@example.com" };
    expect(codes(checkPage([entity, raw, { ...entity, colour: 1 }], context))).toEqual([
      "UDM_SCHEMA",
      "DUPLICATE_ENTITY",
    ]);
    expect(codes(checkPage({ ...entity, colour: 1 }, context))).toEqual(["UDM_SCHEMA"]);
  });
});

describe("a field of an entity that is null", () => {
  const good = {
    entity: { asset: { product_object_id: "EP1" } },
    metadata: { entity_type: "ASSET" },
    relations: [{ entity: { user: { email_addresses: ["ada@example.com"] } }, entity_type: "USER" }],
  };

  it("counts as not set", () => {
    const metadata = { ...good.metadata, interval: null, creationTimestamp: null, description: null };
    expect(checkEntity({ ...good, metadata, additional: null, metric: null }, context)).toEqual([]);
    expect(codes(checkEntity({ ...good, entity: null }, context))).toEqual(["ASSET_IDENTITY_MISSING"]);
    expect(found(checkEntity({ ...good, entity: { asset: { product_object_id: null } } }, context))).toEqual([
      "ASSET_IDENTITY_MISSING entity.asset",
    ]);
  });

  it("is a fault where the schema has no such field, and in a list", () => {
    expect(found(checkEntity({ ...good, colour: null }, context))).toEqual(["UDM_SCHEMA colour"]);
    const user = { email_addresses: ["ada@example.com", null] };
    const relations = [{ entity: { user }, entity_type: "USER" }];
    expect(found(checkEntity({ ...good, relations }, context))).toEqual([
      "UDM_SCHEMA relations[0].entity.user.email_addresses[1]",
    ]);
  });
});

describe("an owner", () => {
  const record = { epkey: "EP1", username: "ada", users: [{ username: "ada" }], number: "5035550100" };

  it("who stands in the noun and in the relation is checked once", () => {
    const once = ["PHONE_FORMAT", "USER_WITHOUT_EMAIL"];
    for (const owner of OWNERS) {
      const issues = checkPage([record], { ...context, profile: vendorProfile(owner) });
      const told = codes(issues).filter((code) => once.includes(code));
      expect({ owner, told: told.toSorted() }).toEqual({ owner, told: once });
    }
  });

  it("who stands in the noun is read as often, however many relations there are", () => {
    const readsWith = (relations: number): number => {
      let reads = 0;
      const user = {
        get userid() {
          reads++;
          return "ada";
        },
      };
      const other = { entity: { user: { userid: "bob" } }, entity_type: "USER" };
      checkEntity({ entity: { user }, relations: Array.from({ length: relations }, () => other) }, context);
      return reads;
    };
    expect(readsWith(1)).toBeGreaterThan(1);
    expect(readsWith(50)).toBe(readsWith(1));
  });

  it("whom no row reads is named, and the profile that would read the field", () => {
    const hintsOf = (page: object, profile = PROFILES.vendor): (string | undefined)[] =>
      checkPage([page], { ...context, profile })
        .filter(({ code }) => code === "OWNER_MISSING")
        .map(({ hint }) => hint);
    const named = (path: string): string => `${path} names an owner, and no row reads it`;
    const reads = "; --profile enriched has one that does";
    expect(hintsOf({ dakey: "DA1", device_name: "host-1", user: { username: "ada" } })).toEqual([
      named("user.username") + reads,
    ]);
    expect(hintsOf({ dakey: "DA1", device_name: "host-1", user: { name: "Ada" } })).toEqual([
      named("user.name"),
    ]);
    const endpoint = { epkey: "EP1", device_username: "ada" };
    expect(hintsOf(endpoint)).toEqual([named("device_username") + reads]);
    expect(hintsOf(endpoint, PROFILES.enriched)).toEqual([undefined]);
  });
});

describe("a key that is somebody's data", () => {
  const page = [{ user_id: "DU1", aliases: { "ada@example.com": {}, alias1: [], Ada: true, alias2: "ada" } }];

  it.each(["vendor", "enriched"] as const)("is in no issue of a check by the %s profile", (name) => {
    const profile = PROFILES[name];
    const issues = [
      ...checkPage(page, { ...context, profile }),
      ...checkPage([{ "+15035550100": { epkey: "EP1" } }], { ...context, profile }),
    ];
    expect(JSON.stringify(issues)).not.toMatch(/ada@|Ada|5035550100/);
  });

  it("is there when values are asked for, and Duo's own names always are", () => {
    const paths = (showValues: boolean): string[] =>
      found(checkPage(page, { ...context, showValues, profile: PROFILES.enriched })).filter((one) =>
        one.startsWith("FIELD_TYPE"),
      );
    expect(paths(false)).toEqual(["FIELD_TYPE aliases.*", "FIELD_TYPE aliases.alias1"]);
    expect(paths(true)).toEqual(["FIELD_TYPE aliases.ada@example.com", "FIELD_TYPE aliases.alias1"]);
  });
});

describe("a record of unknown resource", () => {
  it("is held to the fields of all resources", () => {
    const record = {
      hardware_uuid: "U1",
      novel: 1,
      activated: "no",
      type: "anything",
      trusted_endpoint: "?",
    };
    expect(found(checkPage([record], context)).filter((one) => one.startsWith("RAW_"))).toEqual([
      "RAW_UNKNOWN_FIELD novel",
      "RAW_UNKNOWN_VALUE activated",
      "RAW_UNKNOWN_VALUE trusted_endpoint",
    ]);
  });

  it("that is not Duo's is told once, whatever its fields", () => {
    expect(codes(checkPage([{ time: 1, host: "a", activated: "no" }], context))).toEqual([
      "RECORD_UNRECOGNIZED",
    ]);
  });
});

describe("what the table reads", () => {
  it("is what its rows name", () => {
    const named = TABLE.map(({ log_field }) => log_field).filter((field) => field !== "");
    const read = [...readPaths(planOf(VENDOR_TABLE), "[0]").keys()].map((path) =>
      path.replace(/\[0?\]/g, ""),
    );
    expect(named.filter((field) => !read.includes(field))).toEqual([]);
  });
});

describe("paths", () => {
  it("lead to their values", () => {
    const record = { "a.b": [{ 'c"]': 1 }], users: [{ email: "x" }], "": 2 };
    expect(valueAt(record, '["a.b"][0]["c\\"]"]')).toBe(1);
    expect(valueAt(record, "users[0].email")).toBe("x");
    expect(valueAt(record, '[""]')).toBe(2);
    expect(valueAt(record, "users[0].__proto__")).toBeUndefined();
    expect(pathPattern("users[12].phones[3].type")).toBe("users[].phones[].type");
  });
});

describe("the build", () => {
  const dist = join(import.meta.dirname, "../../dist");
  const run = async (source: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
      cwd: join(dist, ".."),
    });
    return stdout.trim();
  };

  it("loads neither ajv nor the AWS SDK with the package's root", async () => {
    const probe = `
      import { createRequire, register } from "node:module";
      const hook = "export const resolve = async (name, context, next) => { const found = await next(name, context); process._rawDebug(found.url); return found; };";
      register("data:text/javascript," + encodeURIComponent(hook));
      await import("./dist/index.js");
      await import("./dist/preflight/preflight.js");
      const cached = Object.keys(createRequire(import.meta.url).cache);
      console.log(cached.filter((file) => /ajv|aws-sdk|smithy/.test(file)).length);
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", probe],
      { cwd: join(dist, "..") },
    );
    expect(stdout.trim()).toBe("0");
    expect(stderr).toContain("dist/preflight/preflight.js");
    expect(stderr.split("\n").filter((url) => /node_modules\/(?:ajv|@aws-sdk|@smithy)/.test(url))).toEqual(
      [],
    );
  });

  it("checks as the source does", async () => {
    const pages = [
      ...listFiles("fixtures/pages", ".json").map((page) => `fixtures/pages/${page}`),
      ...["RAW_SCHEMA", "RAW_UNKNOWN_FIELD", "RAW_UNKNOWN_VALUE", "UDM_SCHEMA"].map(
        (code) => `fixtures/preflight/${code}.json`,
      ),
    ];
    const source = `
      import { readFileSync } from "node:fs";
      import { checkPage } from "./dist/preflight/preflight.js";
      const check = (page) => checkPage(JSON.parse(readFileSync(page, "utf8")), ${JSON.stringify(context)});
      console.log(JSON.stringify(${JSON.stringify(pages)}.map(check)));
    `;
    expect(JSON.parse(await run(source))).toEqual(pages.map((page) => checkPage(readJson(page), context)));
  });
});
