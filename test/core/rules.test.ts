import { describe, expect, it } from "vitest";
import { mapPage, mapRecord } from "../../src/index.ts";
import {
  COLLECTED_AT,
  EPKEY,
  map,
  mapped,
  mappedWithKey,
  mapWithKey,
  noPlatform,
  noTime,
  skipped,
  wrongType,
} from "../support/vendor-rows.ts";

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
