import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/io/errors.ts";
import { targetOf } from "../../src/secops/instance.ts";

const INSTANCE =
  "projects/example-project/locations/europe-west3/instances/0a1b2c3d-0000-4000-8000-000000000001";

describe("where an instance's API is", () => {
  it("is the host of its location, in v1beta", () => {
    expect(targetOf(INSTANCE)).toEqual({
      instance: INSTANCE,
      project: "example-project",
      url: `https://europe-west3-chronicle.googleapis.com/v1beta/${INSTANCE}`,
    });
  });

  it.each([
    [
      { SECOPS_API_HOST: "chronicle.{location}.rep.googleapis.com", SECOPS_API_VERSION: "v1alpha" },
      "https://chronicle.europe-west3.rep.googleapis.com/v1alpha/",
    ],
    [
      { SECOPS_API_HOST: "chronicle.us.rep.googleapis.com" },
      "https://chronicle.us.rep.googleapis.com/v1beta/",
    ],
    [
      { SECOPS_API_HOST: " ", SECOPS_API_VERSION: "" },
      "https://europe-west3-chronicle.googleapis.com/v1beta/",
    ],
    [{ SECOPS_API_URL: "http://127.0.0.1:8080" }, "http://127.0.0.1:8080/v1beta/"],
    [{ SECOPS_API_URL: "http://[::1]:8080/", SECOPS_API_VERSION: "v1" }, "http://[::1]:8080/v1/"],
  ])("can be said otherwise: %o", (env, start) => {
    expect(targetOf(INSTANCE, env).url).toBe(start + INSTANCE);
  });

  it.each([
    ["", "the instance must be projects/"],
    ["projects/p/locations/l", "the instance must be projects/"],
    [`/${INSTANCE}`, "the instance must be projects/"],
    [`${INSTANCE}/entities`, "the instance must be projects/"],
    ["projects/p/locations/evil.example.com#/instances/i", "the instance must be projects/"],
    ["projects/../locations/us/instances/i", "the instance must be projects/"],
  ])("is refused where the instance is %j", (instance, message) => {
    expect(() => targetOf(instance)).toThrow(ConfigError);
    expect(() => targetOf(instance)).toThrow(message);
  });

  it.each([
    { SECOPS_API_HOST: "chronicle.example.com" },
    { SECOPS_API_HOST: "example.com/.googleapis.com" },
    { SECOPS_API_HOST: "evilgoogleapis.com" },
    { SECOPS_API_VERSION: "v2" },
    { SECOPS_API_URL: "http://192.0.2.1:8080" },
    { SECOPS_API_URL: "http://127.0.0.1:8080/path" },
    { SECOPS_API_URL: "https://us-chronicle.googleapis.com" },
  ])("is refused where the environment says %o, without its value", (env) => {
    const [[name, value] = ["", ""]] = Object.entries(env);
    expect(() => targetOf(INSTANCE, env)).toThrow(ConfigError);
    expect(() => targetOf(INSTANCE, env)).toThrow(name);
    expect(() => targetOf(INSTANCE, env)).not.toThrow(value);
  });
});
