import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { blocksOf, markedBlock } from "../support/markdown.ts";

const PAGE = "docs/recipes.md";

const mfa = { phones: [], tokens: [], webauthncredentials: [], desktop_authenticators: [] };
const ada = { user_id: "DUADA", username: "ada", email: "ada@example.com" };
const bob = { user_id: "DUBOB", username: "bob", email: "bob@example.com" };
const PAGES = [
  [
    { ...ada, ...mfa, groups: [{ group_id: "DGVISITORS", name: "visitors" }] },
    { ...bob, ...mfa, phones: [{ phone_id: "DPBOB" }], groups: [{ group_id: "DGSTAFF", name: "staff" }] },
  ],
  [
    { group_id: "DGVISITORS", name: "visitors", status: "Bypass" },
    { group_id: "DGSTAFF", name: "staff", status: "Active" },
  ],
  [
    { phone_id: "DPBOB", encrypted: "Unencrypted", users: [ada, bob] },
    { phone_id: "DPLOST", encrypted: "Unencrypted", users: [] },
    { phone_id: "DPSAFE", encrypted: "Encrypted", users: [bob] },
  ],
  [
    { epkey: "EPADA", device_name: "ada-laptop", disk_encryption_status: "Off", username: "ada" },
    { epkey: "EPBOB", device_name: "bob-laptop", disk_encryption_status: "On", username: "bob" },
  ],
];

/** What both tools must answer, one line per fact, for the device `ada-laptop`. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  types: ["2 GROUP", "2 USER", "5 ASSET"],
  "no-factor": ["ada"],
  unencrypted: ["DPBOB ada", "DPBOB bob", "DPLOST nobody", "EPADA ada"],
  bypass: ["ada"],
  owner: ["ada"],
};

const folder = mkdtempSync(join(tmpdir(), "duo-udm-recipes-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const stdin = PAGES.map((response) => JSON.stringify({ stat: "OK", response })).join("\n");
  const { status, stdout } = await duoUdm(["map", "-", "--profile", "enriched"], { stdin });
  expect(status).toBe(0);
  writeFileSync(join(folder, "enriched.ndjson"), stdout);
});

/** What a command prints, as sorted lines of words. */
async function linesOf(command: string, ...argv: readonly string[]): Promise<string[]> {
  const env = { ...process.env, DEVICE: "ada-laptop" };
  const { stdout } = await promisify(execFile)(command, argv, { cwd: folder, env });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => line.trim().split(/\s+/).join(" ")).sort();
}

describe("a recipe with jq", () => {
  const recipes = blocksOf(PAGE).filter(({ mark }) => mark.startsWith("jq "));

  it("is there for each question", () => {
    expect(recipes.map(({ mark }) => mark.slice(3))).toEqual(Object.keys(ANSWERS));
  });

  it.each(recipes.map(({ mark, text }) => [mark.slice(3), text] as const))(
    "answers: %s",
    async (name, text) => {
      expect(await linesOf("bash", "-eo", "pipefail", "-c", text)).toEqual(ANSWERS[name]);
    },
  );
});

describe("the recipe with Python", () => {
  it("gives the same answers", async () => {
    const answers = new Map<string, string[]>();
    for (const line of await linesOf("python3", "-c", markedBlock(PAGE, "python").text)) {
      const [name = "", ...answer] = line.split(" ");
      answers.set(name, [...(answers.get(name) ?? []), answer.join(" ")]);
    }
    const types = "{'USER': 2, 'GROUP': 2, 'ASSET': 5}";
    expect(Object.fromEntries(answers)).toEqual({ ...ANSWERS, types: [types] });
  });
});

describe("the recipe with DuckDB", () => {
  it("asks the same questions", () => {
    const { text } = markedBlock(PAGE, "duckdb");
    expect(Array.from(text.matchAll(/^-- (.+)$/gm), ([, name]) => name)).toEqual(Object.keys(ANSWERS));
  });
});
