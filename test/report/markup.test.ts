import { describe, expect, it } from "vitest";
import { withOptions } from "../../src/report/markup.ts";

describe("an option within a text", () => {
  it.each([
    ["Use --strict.", 'Use <code class="option">--strict</code>.'],
    ["--profile enriched reads it", '<code class="option">--profile enriched</code> reads it'],
    ["choose a --profile", 'choose a <code class="option">--profile</code>'],
    ["a <b> & no option", "a &lt;b&gt; &amp; no option"],
  ])("%s", (text, marked) => {
    expect(withOptions(text).text).toBe(marked);
  });
});
