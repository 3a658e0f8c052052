import { describe, expect, it } from "vitest";
import { mappedWithKey, mapWithKey, wrongType } from "../support/vendor-rows.ts";

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
