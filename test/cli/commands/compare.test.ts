import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { duoUdm } from "../../support/cli.ts";
import { temporaryDirectory } from "../../support/collector.ts";
import { answer } from "../../support/comparing.ts";
import { rootUrl } from "../../support/files.ts";

let folder = "";
/** No line breaks, wherever the folder is. */
const WIDE = { columns: 300, env: { NO_COLOR: "1" } };
const at = (name: string): string => join(folder, name);

const RECORDS = [1, 2, 3].map((id) => ({
  epkey: `EP${id}`,
  device_name: `laptop-${id}`,
  users: [
    { username: `ada${id}`, email: `ada${id}@example.com` },
    { username: `bert${id}`, email: `bert${id}@example.com` },
  ],
}));

beforeEach(async () => {
  folder = await temporaryDirectory();
  await mkdir(at("pages"));
  await writeFile(at("pages/duo-endpoints-00000.json"), JSON.stringify({ stat: "OK", response: RECORDS }));
});

async function golden(): Promise<string> {
  expect((await duoUdm(["map", at("pages"), "--out", at("golden/")])).status).toBe(0);
  return at("golden/duo-endpoints-00000.ndjson");
}

describe("the golden files of a user's own pages", () => {
  test("agree with the pages that they were mapped from", async () => {
    await cp(rootUrl("fixtures/pages"), at("pages"), { recursive: true });
    await golden();
    const { status, stdout, stderr } = await duoUdm(["compare", at("pages"), at("golden")]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n\n")[0]).toMatch(
      /^EQUAL: \d+ entities on either side, and no value differs\. All values but the\ncollection times were compared\.$/,
    );
  });

  test("show a page that has changed", async () => {
    await golden();
    const page = {
      response: RECORDS.map((record, index) => (index === 1 ? { ...record, device_name: "other" } : record)),
    };
    await writeFile(at("pages/duo-endpoints-00000.json"), JSON.stringify(page));
    const { status, stdout } = await duoUdm(["compare", at("pages"), at("golden")]);
    expect(status).toBe(1);
    expect(stdout).toContain("NOT EQUAL: 1 of 3 pairs differs. No known decision accounts for all of it.");
    expect(stdout).toContain("  device_name (entity.asset.hostname): 1 different, 2 equal\n");
    expect(stdout).toMatch(/duo-endpoints-00000\.json, record 1\n/);
    expect(stdout).not.toMatch(/other|laptop/);
  });
});

describe("the text", () => {
  async function ownerMoved(): Promise<string> {
    const lines = (await readFile(await golden(), "utf8")).trim().split("\n");
    const moved = lines.map((line) => {
      const { relations, entity, ...rest } = JSON.parse(line);
      return JSON.stringify({ ...rest, entity: { ...entity, user: relations[0].entity.user } });
    });
    await writeFile(at("theirs.ndjson"), moved.join("\n"));
    return at("theirs.ndjson");
  }

  test("opens with the verdict and the decision, and tells what moved where", async () => {
    const theirs = await ownerMoved();
    const { status, stdout } = await duoUdm(["compare", at("pages"), theirs], WIDE);
    expect(status).toBe(1);
    expect(
      stdout.replaceAll(folder, ""),
    ).toBe(`NOT EQUAL: 3 of 3 pairs differ. All of it comes down to the owner's place, which is entity.user (owner=noun; map with --owner noun).

ours 3, theirs 3: 0 equal, 3 different, 0 only ours, 0 only theirs

What differs, by table row:
  email (relations.entity.user.email_addresses): 3 moved
    moved: entity.user.email_addresses <- relations[0].entity.user.email_addresses
    /pages/duo-endpoints-00000.json, record 0
    /pages/duo-endpoints-00000.json, record 1
    /pages/duo-endpoints-00000.json, record 2
  users.username (relations.entity.user.userid): 3 moved
    moved: entity.user.userid <- relations[0].entity.user.userid
    /pages/duo-endpoints-00000.json, record 0
    /pages/duo-endpoints-00000.json, record 1
    /pages/duo-endpoints-00000.json, record 2
  relations.entity_type: 3 only ours
    /pages/duo-endpoints-00000.json, record 0
    /pages/duo-endpoints-00000.json, record 1
    /pages/duo-endpoints-00000.json, record 2
  relations.relationship: 3 only ours
    /pages/duo-endpoints-00000.json, record 0
    /pages/duo-endpoints-00000.json, record 1
    /pages/duo-endpoints-00000.json, record 2

Equal in every pair: activated, device_name, epkey, type, metadata.entity_type, metadata.product_name, metadata.vendor_name
`);
  });

  test("finds nothing when our mapping takes the same decision", async () => {
    const theirs = await ownerMoved();
    expect((await duoUdm(["compare", at("pages"), theirs, "--owner", "noun"])).status).toBe(0);
    const { stdout } = await duoUdm(["compare", at("pages"), theirs, "--owner", "both"], WIDE);
    expect(stdout).toContain("comes down to the owner's place, which is entity.user (owner=noun;");
  });

  test("shows values only when it is asked to", async () => {
    const theirs = await ownerMoved();
    expect((await duoUdm(["compare", at("pages"), theirs])).stdout).not.toMatch(/ada\d|example/);
    const shown = await duoUdm(["compare", at("pages"), theirs, "--show-values"], WIDE);
    expect(shown.stdout).toContain(', record 0: "ada1@example.com"');
  });

  test("tells of entities without counterpart, and of logs that the parser failed on", async () => {
    const theirs = answer({ log: RECORDS[0], entities: [] }, { log: RECORDS[1] });
    await writeFile(at("answer.json"), JSON.stringify(theirs));
    const { stdout } = await duoUdm(["compare", at("pages"), at("answer.json"), "--show-values"], WIDE);
    expect(
      stdout.replaceAll(folder, ""),
    ).toBe(`NOT EQUAL: 3 entities of ours have no counterpart. No known decision accounts for all of it.

ours 3, theirs 0: 0 equal, 0 different, 3 only ours, 0 only theirs
The parser failed on 1 log.

Only ours: 3
    /pages/duo-endpoints-00000.json, record 0: "EP1"
    /pages/duo-endpoints-00000.json, record 1: "EP2"
    /pages/duo-endpoints-00000.json, record 2: "EP3"
`);
  });

  test("fits 80 columns", async () => {
    const { stdout } = await duoUdm(["compare", at("pages"), await ownerMoved(), "--show-values"], {
      columns: 80,
      env: { NO_COLOR: "1" },
    });
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("another profile of the second side", () => {
  const USERS = [{ user_id: "DU1", username: "ada", groups: [{ group_id: "DG1" }] }, { group_id: "DG1" }];
  beforeEach(() => writeFile(at("pages/duo-users-00000.json"), JSON.stringify(USERS.slice(0, 1))));

  test("is named, or seen in entities; what the second side adds is told by its rows", async () => {
    await writeFile(at("pages/duo-groups-00000.json"), JSON.stringify(USERS.slice(1)));
    const mapped = await duoUdm(["map", at("pages"), "--profile", "enriched"]);
    await writeFile(at("enriched.ndjson"), mapped.stdout);
    const named = await duoUdm(["compare", at("pages"), at("pages"), "--their-profile", "enriched"], WIDE);
    const seen = await duoUdm(["compare", at("pages"), at("enriched.ndjson")], WIDE);
    for (const { status, stdout } of [named, seen]) {
      expect(status).toBe(1);
      expect(stdout).toContain(
        "NOT EQUAL: 4 of 4 pairs differ and 1 entity of theirs has no counterpart. The sides were made by different profiles: vendor, then enriched.",
      );
      expect(stdout).toContain("1 pair of two entity types: ASSET of ours, USER of theirs\n");
      const [, added = ""] = stdout.split("What only theirs has, by table row:\n");
      expect(added).toContain("  username (entity.user.userid): 1 only theirs\n");
      expect(added).toContain("Only theirs: 1\n  1 GROUP, by the rows group_id\n");
    }
  });

  test("takes --owner where the second side is the vendor's; the enriched profile has one place only", async () => {
    const enriched = ["compare", at("pages"), at("pages"), "--profile", "enriched", "--owner", "noun"];
    const { status, stdout } = await duoUdm([...enriched, "--their-profile", "vendor"], WIDE);
    expect(status).toBe(1);
    expect(stdout).toContain("  users.username (entity.user.userid): 3 only theirs\n");
    const refused = await duoUdm(enriched);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("--owner goes with the vendor profile only");
  });

  test("does not go with a tenant, whose parser maps the second side", async () => {
    const { status, stderr } = await duoUdm([
      ...["compare", at("pages"), "--tenant", "projects/p/locations/us/instances/i"],
      ...["--their-profile", "enriched"],
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain("option '--their-profile <name>' cannot be used with option '--tenant <name>'");
  });
});

describe("--records-at", () => {
  test("reaches the pages of a side, and leaves entities as they are", async () => {
    const entities = await golden();
    const wrapped = RECORDS.map((record) => ({ _source: JSON.stringify(record) }));
    await writeFile(at("wrapped.json"), JSON.stringify(wrapped));
    const { status, stderr } = await duoUdm([
      ...["compare", at("wrapped.json"), entities, "--records-at", "[]._source"],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const missed = await duoUdm(["compare", at("wrapped.json"), entities, "--records-at", "nowhere"]);
    expect(missed.status).toBe(1);
    expect(missed.stderr).toContain("wrapped.json: RECORDS_AT_NOTHING:");
  });
});

describe("JSON", () => {
  test("holds the summary, the rows, what explains it, and the pairs that are not equal", async () => {
    const entities = (await readFile(await golden(), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    delete entities[0].entity.asset.type;
    entities.pop();
    await writeFile(at("theirs.json"), JSON.stringify(entities));
    const { status, stdout } = await duoUdm(["compare", at("pages"), at("theirs.json"), "--format", "json"]);
    expect(status).toBe(1);
    const { rows, ...rest } = JSON.parse(stdout.replaceAll(folder, ""));
    expect(rest).toEqual({
      summary: { ours: 3, theirs: 2, equal: 1, different: 1, only_ours: 1, only_theirs: 0 },
      explained_by: [],
      pairs: [
        {
          outcome: "different",
          ours: { source: "/pages/duo-endpoints-00000.json", record: 0 },
          theirs: { source: "/theirs.json", record: 0 },
          differences: [{ row: "type", path: "entity.asset.type", outcome: "only_ours" }],
        },
        {
          outcome: "only_ours",
          ours: { source: "/pages/duo-endpoints-00000.json", record: 2 },
          theirs: null,
          entity_type: "ASSET",
          rows: ["activated", "device_name", "email", "epkey", "type", "users.username"],
          differences: [],
        },
      ],
    });
    expect(rows).toContainEqual({
      ...{
        row: "type",
        path: "entity.asset.type",
        equal: 1,
        different: 0,
        moved: 0,
        only_ours: 1,
        only_theirs: 0,
      },
    });
  });

  test("is whole when nothing differs", async () => {
    await golden();
    const { status, stdout } = await duoUdm(["compare", at("golden"), at("pages"), "--format", "json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: [], explained_by: [], summary: { equal: 3 } });
  });
});

describe("a side that cannot be compared as a whole", () => {
  test("fails the comparison although the rest is equal", async () => {
    await golden();
    await writeFile(at("pages/duo-endpoints-00001.json"), "{");
    const { status, stdout, stderr } = await duoUdm(["compare", at("pages"), at("golden")]);
    expect(status).toBe(1);
    expect(stdout).toContain("EQUAL: 3 entities");
    expect(stderr).toContain("JSON_INVALID");
  });

  test("is a wrong call when there is nothing, or both are standard input", async () => {
    expect((await duoUdm(["compare", at("pages"), at("nothing")])).status).toBe(2);
    expect((await duoUdm(["compare", "-", "-"])).stderr).toBe(
      "duo-udm: standard input (-) can be one side only\n",
    );
  });

  test("may be standard input", async () => {
    const stdin = await readFile(await golden());
    expect((await duoUdm(["compare", at("pages"), "-"], { stdin })).status).toBe(0);
    expect(await readdir(folder)).toEqual(["golden", "pages"]);
  });
});
