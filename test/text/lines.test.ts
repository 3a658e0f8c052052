import { describe, expect, it } from "vitest";
import { linesText, toned } from "../../src/text/lines.ts";

describe("lines as text", () => {
  const lines = ["plain", [{ tone: "error", text: "error" }, " CODE"], toned("good", "READY")] as const;

  it("end with a line end each", () => {
    expect(linesText(lines)).toBe("plain\nerror CODE\nREADY\n");
  });

  it("are painted by their tones, once what they hold is harmless", () => {
    const text = linesText([...lines, toned("error", "\u001b[2J\n")], (tone, part) => `<${tone}>${part}`);
    expect(text).toBe("plain\n<error>error CODE\n<good>READY\n<error>\\u001b[2J\\u000a\n");
  });
});
