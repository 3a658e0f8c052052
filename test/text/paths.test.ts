import { describe, expect, it } from "vitest";
import { anyPath, fieldPath, maskedPath, pathOf, pathPattern, valueAt } from "../../src/text/paths.ts";

describe("paths", () => {
  it("quote names that would be read as more than a name", () => {
    expect(fieldPath("", "email")).toBe("email");
    expect(fieldPath("users[0]", "größe-1")).toBe("users[0].größe-1");
    expect(fieldPath("aliases", "a.b")).toBe('aliases["a.b"]');
    expect(fieldPath("aliases", "*")).toBe('aliases["*"]');
    expect(anyPath("aliases")).toBe("aliases.*");
  });

  it("lead back to the value, whatever the names are", () => {
    for (const name of ["a", "a.b", "", "*", "[0]", 'q"', "\\", "ü ö", "__proto__"]) {
      const root = JSON.parse(JSON.stringify({ list: [{}, {}] }));
      Object.defineProperty(root.list[1], name, { value: 7, enumerable: true });
      expect(valueAt(root, fieldPath("list[1]", name))).toBe(7);
    }
  });

  it("lead to values whose keys are data, which are not quoted", () => {
    for (const key of ["alias1", "a.b", "[0]", 'q"', "ada@example.com"]) {
      expect(valueAt({ aliases: { [key]: 7 } }, `aliases.${key}`)).toBe(7);
    }
  });

  it("lead to their own value beside a field without a name", () => {
    expect(valueAt({ "": { "": 1 }, email: 7 }, "email")).toBe(7);
  });

  it("follow own fields only", () => {
    expect(valueAt({}, "constructor")).toBeUndefined();
  });

  it("are the same for all elements of a list as patterns", () => {
    expect(pathPattern("users[12].phones[0].number")).toBe("users[].phones[].number");
  });
});

describe("a masked path", () => {
  it.each<[(string | number)[], string]>([
    [["users", 0, "email"], "users[0].email"],
    [["ada@example.com"], "*"],
    [["users", 0, "ada@example.com"], "users[0].*"],
    [["15035550123", "name"], "*.name"],
    [["+1 (503) 555-0123", "name"], "*.name"],
    [["aliases", "alias9"], "aliases.*"],
    [["custom_attributes", "badge"], "custom_attributes.*"],
    [["by", "Ada Lovelace"], "by.*"],
    [["by", "last_login"], "by.last_login"],
    [["entity", "asset", "hostName"], "entity.asset.hostName"],
    [["odd.name", 3], '["odd.name"][3]'],
  ])("of %j is %s", (steps, path) => {
    expect(maskedPath(steps)).toBe(path);
  });

  it("is the plain path where no key is somebody's data", () => {
    expect(pathOf(["by", "Ada Lovelace", 0])).toBe('by["Ada Lovelace"][0]');
    expect(pathOf(["users", 0, "email"])).toBe(maskedPath(["users", 0, "email"]));
  });
});
