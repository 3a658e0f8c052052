import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stableStringify from "fast-json-stable-stringify";
import { describe, expect, it, onTestFinished } from "vitest";
import { explainRecord } from "../../../src/index.ts";
import { duoUdm } from "../../support/cli.ts";
import { expectGolden } from "../../support/golden.ts";

const at = ["--collected-at", "2026-01-02T03:04:05Z"];

const RECORD = {
  epkey: "EPX1",
  phone_id: "DPX1",
  email: "ada@example.com",
  last_seen: "yesterday",
  os_family: "iOS",
  browsers: [{ browser_family: "Safari" }, { browser_version: "18" }],
  users: [{ email: "ada@example.com", username: "ada", realname: "" }, { username: "bert" }],
  groups: [{ group_id: "DGX1", name: "Staff" }],
  type: null,
};

const explain = (...argv: string[]) =>
  duoUdm(["explain", "-", ...at, ...argv], { stdin: JSON.stringify([{ user_id: "DUX1" }, RECORD, 7]) });

const explainOne = async (record: unknown, ...argv: string[]) => {
  const { stdout } = await duoUdm(["explain", "-", ...at, ...argv], { stdin: JSON.stringify([record]) });
  return stdout;
};

/** The verdict, with its lines joined. */
const verdictOf = async (record: unknown, ...argv: string[]) =>
  (await explainOne(record, ...argv)).split("\n\n")[0]?.replaceAll("\n", " ");

describe("explain", () => {
  it("gives the verdict, the rows that wrote and why the others did not, in 80 columns", async () => {
    const { status, stdout, stderr } = await explain("--record", "1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expectGolden("golden/cli/explain.txt", stdout);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("shows no key that is somebody's data in the path of an issue", async () => {
    const record = { user_id: "DUX1", aliases: { "ada@example.com": {} } };
    const stdout = await explainOne(record, "--profile", "enriched", "--format", "json");
    expect(JSON.parse(stdout).issues).toMatchObject([{ code: "FIELD_TYPE", path: "aliases.*" }]);
  });

  it("lists every row in the table's order with --all", async () => {
    const { stdout } = await explain("--record", "1", "--all");
    expectGolden("golden/cli/explain-all.txt", stdout);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("gives all of it as canonical JSON, with the vendor's cells of each row", async () => {
    const { stdout } = await explain("--record", "1", "--format", "json");
    const { rows, ...rest } = explainRecord(RECORD, { collectedAt: "2026-01-02T03:04:05Z" });
    const subject = { source: "-", record: 1, resource: "phones" };
    const flat = rows.map(({ row, ...trace }) => ({ ...row, ...trace }));
    const { verdict, ...json } = JSON.parse(stdout);
    expect(stdout).toBe(`${stableStringify({ ...json, verdict })}\n`);
    expect(json).toEqual({
      ...subject,
      ...rest,
      identity: [{ field: "product_object_id", from: "epkey", value: "EPX1" }],
      owner: [
        { field: "email_addresses", from: "email", value: "ada@example.com" },
        { field: "userid", from: "users[0].username", value: "ada" },
      ],
      unread: ["users[1]", "groups"],
      rows: flat,
    });
    expect(verdict.length).toBe(2);
  });

  it("counts records over all documents of the input", async () => {
    const ran = await duoUdm(["explain", "-", "--record", "2", ...at], {
      stdin: '[{"epkey":"A"},{}]\n{"epkey":"B"}\n',
    });
    expect(ran.stdout.split("\n")[0]).toBe("-, document 1, record 0 (endpoints)");
  });

  it("counts the pages of a list as documents, and finds records where --records-at says", async () => {
    const pages = [{ response: [{}, { epkey: "A" }] }, { response: [{ epkey: "B" }] }];
    const list = await duoUdm(["explain", "-", "--id", "B", ...at], { stdin: JSON.stringify(pages) });
    expect(list.stdout.split("\n")[0]).toBe("-, document 1, record 0 (endpoints)");
    const argv = ["explain", "-", "--records-at", "result", "--id", "B", ...at];
    const wrapped = await duoUdm(argv, { stdin: JSON.stringify({ result: pages }) });
    expect(wrapped.stdout).toBe(list.stdout);
    const nothing = await duoUdm(["explain", "-", "--records-at", "result"], { stdin: "{}" });
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toMatch(/^duo-udm: -: RECORDS_AT_NOTHING: /);
    expect((await duoUdm(["explain", "-", "--records-at", "a..b"])).status).toBe(2);
  });

  it("goes on past what cannot be read, and says so when the record is not found", async () => {
    const folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await symlink(join(folder, "nowhere"), join(folder, "a.json"));
    await writeFile(join(folder, "b.json"), JSON.stringify([RECORD]));
    const found = await duoUdm(["explain", folder]);
    expect([found.status, found.stdout.split("\n")[0]]).toEqual([
      0,
      `${join(folder, "b.json")}, record 0 (phones)`,
    ]);
    expect(found.stderr).toContain(`${join(folder, "a.json")}: cannot be read: no such file or directory\n`);
    const missing = await duoUdm(["explain", folder, "--record", "1"]);
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain(
      "holds no record 1; it holds 1 record, and 1 source could not be read\n",
    );
  });

  it("ends with status 2 when there is no such record", async () => {
    expect(await explain("--record", "3")).toEqual({
      status: 2,
      stdout: "",
      stderr: "duo-udm: -: holds no record 3; it holds 3 records\n",
    });
  });
});

describe("the verdict of explain", () => {
  it("is that of the profile, and finds the owner wherever --owner puts it", async () => {
    expect(
      await verdictOf({ group_id: "DG1", name: "Staff", status: "Active" }, "--profile", "enriched"),
    ).toBe(
      '-, record 0 (groups) The record makes an entity, identified by product_object_id "DG1" from group_id. Rows read ' +
        "every field that the record fills.",
    );
    for (const owner of ["relation", "noun", "both"]) {
      const stdout = await explainOne(RECORD, "--owner", owner, "--format", "json");
      const named = JSON.parse(stdout).owner.map(({ value }: { value: string }) => value);
      expect([...new Set(named)]).toEqual(["ada@example.com", "ada"]);
    }
  });

  it("says what to do about a record that makes no entity", async () => {
    expect(await verdictOf({ group_id: "DGX1" })).toMatch(
      /^-, record 0 \(groups\) The record makes no entity \(NO_ASSET_IDENTITY\): .*: group_id\. To do: /,
    );
  });
});

describe("explain --id", () => {
  const PEOPLE = [
    { epkey: "EPX1", users: [{ user_id: "DUX1", email: "Ada@Example.com", username: "ada" }] },
    {
      user_id: "DUX1",
      username: "ada",
      email: "ada@example.com",
      alias1: "countess",
      aliases: { alias6: "al" },
    },
    { phone_id: "DPX1", number: "+15035550100" },
    { token_id: "DHX1", serial: "0001234" },
    { epkey: "EPX2", device_name: "BERT-LT", hardware_uuid: "11915FDD-8C31" },
    { webauthnkey: "WAX1", user: { username: "carol" } },
  ];
  const found = async (id: string) => {
    const { stdout } = await duoUdm(["explain", "-", "--id", id, "--format", "json"], {
      stdin: JSON.stringify(PEOPLE),
    });
    return JSON.parse(stdout).record;
  };

  it.each([
    ["best, although another comes first", "DUX1", 1],
    ["in another spelling", "+1 (503) 555-0100", 2],
    ["only within it", "carol", 5],
  ])("finds the record that the identifier fits %s", async (_, id, record) => {
    expect(await found(id)).toBe(record);
  });

  it("says which fields it searched when nothing fits, and does not repeat the identifier", async () => {
    const { status, stdout, stderr } = await explain("--id", "someone@example.com");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    const [fields, none] = stderr.split("\n");
    expect(fields).toMatch(
      /^duo-udm: --id is compared with .*epkey, .*email, username, .*number, serial, alias1/,
    );
    expect(none).toBe("duo-udm: -: holds no record with that id; it holds 3 records");
    expect(stderr).not.toContain("someone");
  });
});

describe("a record with 20,000 browsers", () => {
  const browsers = Array.from({ length: 20_000 }, (_, at) => ({
    browser_family: `B${at}`,
    browser_version: at,
  }));

  it("is explained in a few lines, which say how much they leave out", async () => {
    const stdout = await explainOne({ epkey: "EPX1", browsers });
    expect(stdout.split("\n").length).toBeLessThan(60);
    expect(stdout.match(/and 19,995 more values like it; --all lists them/g)?.length).toBe(2);
  });

  it("is listed whole with --all", async () => {
    expect((await explainOne({ epkey: "EPX1", browsers }, "--all")).split("\n").length).toBeGreaterThan(
      40_000,
    );
  });
});

describe("a record with names and values of a megabyte", () => {
  const long = "word ".repeat(200_000);

  it.each([
    ["an unknown key", { epkey: "EPX1", [long]: 1 }],
    ["a value that is refused", { epkey: "EPX1", last_seen: long, os_family: long }],
    ["a value that is written", { epkey: long, device_name: long, email: `${long}@example.com` }],
  ])("is explained in a few lines: %s", async (_, record) => {
    const stdout = await explainOne(record);
    expect(stdout.split("\n").length).toBeLessThan(70);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});
