import { describe, expect, it } from "vitest";
import { anyPath, fieldPath, pathPattern, valueAt } from "../../src/text/paths.ts";

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

  it("follow own fields only", () => {
    expect(valueAt({}, "constructor")).toBeUndefined();
  });

  it("are the same for all elements of a list as patterns", () => {
    expect(pathPattern("users[12].phones[0].number")).toBe("users[].phones[].number");
  });
});
