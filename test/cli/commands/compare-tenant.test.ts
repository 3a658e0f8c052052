import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ParserDifference } from "../../../src/simulator/parser.ts";
import type { SecopsSimulatorOptions } from "../../../src/simulator/secops.ts";
import { duoUdm } from "../../support/cli.ts";
import { temporaryDirectory } from "../../support/collector.ts";
import { repeatAtOnce } from "../../support/retries.ts";
import { findCredentialsAt, INSTANCE, secops } from "../../support/secops.ts";

const PHONES = Array.from({ length: 30 }, (_, at) => ({
  phone_id: `DP${at}`,
  number: `+150355501${String(at).padStart(2, "0")}`,
  ...(at % 3 === 0 && { type: "Mobile" }),
  ...(at % 2 === 0 && { activated: true }),
  users: [
    { username: `ada${at}`, email: `ada${at}@example.com` },
    { username: `bob${at}`, email: `bob${at}@example.com` },
  ],
}));
const ENDPOINTS = Array.from({ length: 30 }, (_, at) => ({
  epkey: `EP${at}`,
  device_name: `laptop-${at}`,
  email: `ada${at}@example.com`,
  os_family: "Windows",
}));

async function setUp(simulated: SecopsSimulatorOptions = {}) {
  const simulator = await secops(simulated);
  findCredentialsAt(simulator);
  const folder = await temporaryDirectory();
  const pages = { phones: PHONES, endpoints: ENDPOINTS };
  for (const [resource, response] of Object.entries(pages)) {
    const page = { metadata: { total_objects: response.length }, response, stat: "OK" };
    await writeFile(join(folder, `duo-${resource}-00000.json`), JSON.stringify(page));
  }
  const run = (...argv: readonly string[]) =>
    duoUdm(["compare", folder, "--tenant", INSTANCE, ...argv], { env: simulator.env });
  return { folder, run, simulator };
}

interface Form {
  readonly summary: { readonly ours: number; readonly theirs: number; readonly equal: number };
  readonly explained_by: readonly string[];
  readonly rows: readonly object[];
  readonly pairs: readonly object[];
}
interface Answer {
  readonly forms: { readonly pages: Form; readonly records: Form };
  readonly recommended: { readonly output: string | null; readonly owner: string | null };
}

async function answerOf(...differences: readonly ParserDifference[]) {
  const { run, simulator } = await setUp({ differences });
  const { status, stdout } = await run("--format", "json");
  const answer: Answer = JSON.parse(stdout);
  return { answer, status, simulator };
}

describe("compare --tenant", () => {
  it("finds a parser that does as we do, and recommends the pages as they are", async () => {
    const { answer, status, simulator } = await answerOf();
    expect(status).toBe(0);
    expect(answer.recommended).toEqual({ output: "raw", owner: "relation" });
    for (const form of [answer.forms.pages, answer.forms.records]) {
      expect(form).toMatchObject({
        summary: { ours: 60, theirs: 60, equal: 60 },
        explained_by: [],
        pairs: [],
      });
      expect(form.rows.length).toBeGreaterThan(5);
    }
    expect(simulator.requests.map(({ resource, count }) => [resource, count])).toEqual([
      ["parsers", 0],
      ["parsers", 0],
      ["run", 2],
      ["run", 60],
    ]);
  });

  it("finds a parser that leaves pages closed and puts the owner into the noun", async () => {
    const { answer, status } = await answerOf("owner=noun", "response=closed");
    expect(status).toBe(1);
    expect(answer.recommended).toEqual({ output: "records", owner: "noun" });
    expect(answer.forms.pages).toMatchObject({
      summary: { ours: 60, theirs: 0 },
      explained_by: ["response"],
    });
    expect(answer.forms.records).toMatchObject({
      summary: { ours: 60, theirs: 60 },
      explained_by: ["owner=noun"],
    });
  });

  it("is equal once the mapping follows the recommendation", async () => {
    const { run } = await setUp({ differences: ["owner=noun", "response=closed"] });
    const { status, stdout } = await run("--owner", "noun", "--format", "json");
    const { recommended, forms }: Answer = JSON.parse(stdout);
    expect(recommended).toEqual({ output: "records", owner: "noun" });
    expect(forms.records).toMatchObject({ summary: { equal: 60 }, explained_by: [] });
    expect(status).toBe(0);
  });

  it("says so in words", async () => {
    const { run } = await setUp({ differences: ["owner=noun", "response=closed"] });
    const { status, stdout, stderr } = await run();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^pages: 0 entities of 60 records; records: 60 of 60, \d+ rows equal, 3 moved\n/);
    expect(stdout).toContain("Use OUTPUT=records and --owner noun for this tenant.\n");
    expect(stderr).toContain("the tenant's active parser is Google's prebuilt parser");
    expect(stdout).not.toContain("ada1");
    expect((await run("--show-values")).stdout).toContain("ada1");
  });

  it.each([
    [["owner=noun"], ["owner=noun"], "raw", "noun"],
    [["owner=both"], ["owner=both"], "raw", "both"],
    [["first_user"], ["first_user"], "raw", "relation"],
    [["case"], ["case"], "raw", "relation"],
    [["default_type"], ["default_type"], "raw", "relation"],
    [["default_status"], ["default_status"], "raw", "relation"],
    [
      ["owner=noun", "first_user", "case", "default_type", "default_status"],
      ["owner=noun", "first_user", "case", "default_type", "default_status"],
      "raw",
      "noun",
    ],
    [
      ["response=closed", "owner=both", "first_user", "case", "default_type", "default_status"],
      ["owner=both", "first_user", "case", "default_type", "default_status"],
      "records",
      "both",
    ],
  ] as const)("names the differences of a parser with %j", async (differences, named, output, owner) => {
    const { answer, status } = await answerOf(...differences);
    expect(status).toBe(1);
    expect(answer.forms.records.explained_by).toEqual(named);
    expect(answer.recommended).toEqual({ output, owner });
  });

  it("is equal when only the form that is not recommended differs", async () => {
    const { answer, status } = await answerOf("response=closed");
    expect(status).toBe(0);
    expect(answer.recommended).toEqual({ output: "records", owner: "relation" });
  });

  it("tries as many records as it is told, and never more than the API takes", async () => {
    const { run, simulator } = await setUp();
    const { stdout } = await run("--format", "json", "--sample", "7");
    const answer: Answer = JSON.parse(stdout);
    expect([answer.forms.pages.summary.ours, answer.forms.records.summary.ours]).toEqual([7, 7]);
    expect(simulator.requests.at(-1)?.count).toBe(7);
    expect((await run("--sample", "5000")).stderr).toContain("1,000 records are the most that the API takes");
  });

  it("compares with a custom parser too, and says that it is one", async () => {
    const { run } = await setUp({ active: "custom" });
    const { status, stderr } = await run();
    expect(status).toBe(0);
    expect(stderr).toContain("a custom parser, not Google's prebuilt one");
  });

  it.each([
    [{ active: "none" }, "the instance has no active parser"],
    [{ faults: [{ kind: "forbidden" }] }, "chronicle.parsers.runParser"],
    [{ faults: [{ kind: "not-found" }] }, "check project, location and instance"],
  ] as const)("ends with status 3, and says what to do: %j", async (simulated, message) => {
    const { run } = await setUp(simulated);
    const { status, stdout, stderr } = await run();
    expect(status).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });

  it("is lost to no fault that passes", async () => {
    repeatAtOnce();
    const { run } = await setUp({
      faults: [
        { kind: "expired-token", resource: "parsers" },
        { kind: "lost", resource: "run" },
        { kind: "truncate", resource: "run", times: 2 },
      ],
    });
    expect((await run()).status).toBe(0);
  });

  it.each([
    [["--tenant", "projects/p"], "the instance must be projects/"],
    [["--tenant", INSTANCE, "--sample", "0"], "--sample"],
    [[], "give two sides, or pages and --tenant"],
  ])("ends with status 2 when called with %j", async (argv, message) => {
    const { folder } = await setUp();
    const { status, stderr } = await duoUdm(["compare", folder, ...argv]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([
    '{"entity":{"asset":{"product_object_id":"EP1"}}}\n',
    '[{"entity":{"asset":{"product_object_id":"EP1"}}}]',
  ])("wants pages, not entities: %s", async (text) => {
    const { folder, simulator } = await setUp();
    const entities = join(folder, "entities.ndjson");
    await writeFile(entities, text);
    const { status, stderr } = await duoUdm(["compare", entities, "--tenant", INSTANCE], {
      env: simulator.env,
    });
    expect(status).toBe(2);
    expect(stderr).toContain("holds UDM entities; compare --tenant takes Duo's pages");
  });
});
