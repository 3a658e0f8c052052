import { describe, expect, it } from "vitest";
import { isPlaceholder } from "../../src/preflight/placeholder.ts";

describe("a placeholder", () => {
  it.each([
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "ffffffffffff",
    "None",
    "NULL",
    " unknown ",
    "{To Be Filled By O.E.M.}",
    "Default string",
    "Not Specified",
    "03000200-0400-0500-0006-000700080009",
    "12345678-1234-5678-90AB-CDDEEFAABBCC",
    "System Serial Number",
    "-",
  ])("is %j", (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  it.each([
    "6F2A0C52-0000-0000-0000-5C2D7E9B0A14",
    "none-of-yours",
    "unknown-host",
    "EP000000000000000001",
    "10",
    "f0",
  ])("is not %j", (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });
});
