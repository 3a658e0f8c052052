/** No text from outside commands a terminal or hides from it, whatever prints it. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { duoUdm, type Ran } from "../support/cli.ts";

/** A screen cleared, a C1 command, DEL, marks that turn the reading direction, and ends of lines that are none. */
const EVIL = "\u001b[2J\u009b31m\u007f\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028\u2029\ufeff\u0007\r";
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

const record = {
  epkey: `EP${EVIL}`,
  device_name: `host${EVIL}`,
  email: `a${EVIL}@example.com`,
  username: `line\nline${EVIL}`,
  last_seen: `never${EVIL}`,
  os_family: `os${EVIL}\ud800`,
  model: {},
  [`key${EVIL}\n`]: EVIL,
  users: [{ [`inner${EVIL}`]: 1, username: EVIL }],
  browsers: [{ browser_family: `b${EVIL}` }, 7],
};
const fail = { stat: "FAIL", code: EVIL, message: `said ${EVIL}\n` };

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
  const pages = join(folder, `pages${EVIL}`);
  await mkdir(pages);
  file = join(pages, `page${EVIL}.ndjson`);
  await writeFile(file, `${[record, fail].map((one) => JSON.stringify(one)).join("\n")}\n{"broken": \u001b`);
  await writeFile(
    join(pages, "entity.json"),
    JSON.stringify({ entity: { asset: { [EVIL]: 1, hostname: EVIL } } }),
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function expectHarmless({ stdout, stderr }: Ran): void {
  // Colour is ours, and told by what it is alone.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  const shown = (stdout + stderr).replace(/\u001b\[\d{1,2}m|\r\u001b\[K/g, "");
  expect(FORBIDDEN.exec(shown)).toBeNull();
  expect(shown).not.toBe("");
}

describe("text from outside", () => {
  it.each([
    ["explain"],
    ["explain", "--all"],
    ["explain", "--format", "json"],
    ["explain", "--id", EVIL],
    ["explain", "--record", "99"],
    ["check"],
    ["check", "--show-values"],
    ["check", "--show-values", "--format", "json"],
    ["check", "--show-values", "--format", "github"],
    ["check", "--show-values", "--format", "junit"],
    ["check", "--show-values", "--format", "sarif"],
    ["check", "--ignore", EVIL],
    ["check", "--run", EVIL],
    ["check", "--records-at", EVIL],
    ["compare", "-", "--show-values"],
    ["compare", "-", "--show-values", "--format", "json"],
    ["import", "--rejected", "/dev/null"],
    ["import", "--instance", EVIL],
    ["scrub", "--out", `/dev/null/${EVIL}`],
    ["scrub", "--keep", EVIL, "--out", "/dev/null/out"],
    ["coverage", "--unmapped"],
    ["coverage", "--resource", EVIL],
    ["coverage"],
    ["coverage", "--format", "json"],
    ["coverage", "--baseline", `no${EVIL}`],
    ["map", "--out", "/dev/null"],
    ["map", "--out", `/dev/null/${EVIL}`],
    ["report", "--out", `/dev/null/${EVIL}`],
    ["table", "--check"],
    ["map", "--format", EVIL],
    ["map", "--collected-at", EVIL],
    ["map", `--${EVIL}`],
    [EVIL],
    ["help", EVIL],
  ])("is shown in a harmless form by %j", async (...argv) => {
    for (const around of [{}, { isTerminal: true, columns: 80 }]) {
      expectHarmless(await duoUdm([...argv, file], around));
    }
  });

  it("is shown in a harmless form when no input can be found", async () => {
    expectHarmless(await duoUdm(["map", `nowhere${EVIL}`]));
  });

  it("is harmless in what the environment holds", async () => {
    const names = ["DUO_IKEY", "DUO_SKEY", "DUO_API_HOSTNAME", "S3_BUCKET", "OUTPUT", "RESOURCES", "LIMIT"];
    const env = Object.fromEntries(names.map((name) => [name, EVIL]));
    expectHarmless(await duoUdm(["collect", "--to", EVIL], { env }));
  });

  it("makes no line of its own", async () => {
    const { stdout } = await duoUdm(["explain", file, "--all"]);
    expect(stdout.split("\n").some((line) => line.startsWith("line"))).toBe(false);
  });

  it("is escaped in entities that go to a terminal, and only there", async () => {
    const shown = await duoUdm(["map", file], { columns: 80 });
    expectHarmless(shown);
    const piped = await duoUdm(["map", file]);
    expect(piped.stdout).toContain("\u009b31m");
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(piped.stdout));
  });

  it("stays the same value in JSON", async () => {
    const { stdout } = await duoUdm(["explain", file, "--format", "json"]);
    expect(JSON.parse(stdout).entity.entity.asset.hostname).toBe(record.device_name);
  });
});
