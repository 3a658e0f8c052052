import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/io/errors.ts";
import { optional } from "../../src/io/optional.ts";

describe("an optional package", () => {
  test("is loaded where it is installed", async () => {
    expect(await optional("node:path", "a path", () => import("node:path"))).toHaveProperty("join");
  });

  test.each(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"])(
    "that is missing (%s) is named in one line, with what needs it and how to install it",
    async (code) => {
      const cause = Object.assign(new Error("Cannot find package"), { code });
      const loading = optional("@example/sdk", "reading s3://", () => Promise.reject(cause));
      await expect(loading).rejects.toThrow(
        new ConfigError("reading s3:// needs @example/sdk, which is not installed: npm install @example/sdk"),
      );
    },
  );

  test("that breaks in another way is not said to be missing", async () => {
    const cause = new Error("broken");
    await expect(optional("a", "b", () => Promise.reject(cause))).rejects.toBe(cause);
  });
});
