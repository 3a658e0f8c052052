import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { duoUdm } from "../../support/cli.ts";

const AT = "2026-01-02T03:04:05Z";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

const record = (epkey: string) => JSON.stringify({ epkey });
const page = (...records: string[]) => `{"stat":"OK","response":[${records.join(",")}]}`;

/** The line of the entity that a record with nothing but this epkey makes. */
const entity = (epkey: string) =>
  `{"entity":{"asset":{"deployment_status":"ACTIVE","product_object_id":"${epkey}","type":"LAPTOP"}},"metadata":{"collected_timestamp":"${AT}","entity_type":"ASSET","product_name":"Duo Entity Context Data","vendor_name":"Duo"}}\n`;

const map = (...argv: string[]) => duoUdm(["map", ...argv, "--collected-at", AT]);

const counts = (documents: number, records: number, entities: number, rest = "skipped 0, issues 0") =>
  `documents ${documents}, records ${records}, entities ${entities}, ${rest}\n`;

const ONE_BROKEN = "skipped 0, issues 1 (JSON_INVALID 1)";
const REJECTED = "JSON_INVALID: The document is not valid JSON and was rejected.";

describe("map reads", () => {
  it("a page, and closes with one line of counts", async () => {
    const file = await write("page.json", page(record("A"), `{"group_id":"DG1"}`, record("B")));
    expect(await map(file)).toEqual({
      status: 0,
      stdout: entity("A") + entity("B"),
      stderr: counts(1, 3, 2, "skipped 1 (NO_ASSET_IDENTITY 1), issues 1 (NO_ASSET_IDENTITY 1)"),
    });
  });

  it("a named pipe", async () => {
    const pipe = join(folder, "page.pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    const ids = Array.from({ length: 5000 }, (_, n) => `EP${n}`);
    const written = writeFile(pipe, page(...ids.map(record)));
    const { status, stdout } = await map(pipe);
    await written;
    expect([status, stdout]).toEqual([0, ids.map(entity).join("")]);
  });

  it("a directory, recursively and in order of its paths, *.json, *.ndjson, *.jsonl and their .gz", async () => {
    await write("b/2.json", record("B2"));
    await write("a.ndjson", `${record("A1")}\n${record("A2")}\n`);
    await write("b/1.jsonl", record("B1"));
    await write("c.json.gz", gzipSync(record("C")));
    await write("notes.txt", "not a page");
    expect(await map(folder)).toEqual({
      status: 0,
      stdout: ["A1", "A2", "B1", "B2", "C"].map(entity).join(""),
      stderr: counts(5, 5, 5, "skipped 0, issues 0, passed over 1"),
    });
  });

  it("of a directory only files, not what macOS leaves beside them, and links to files", async () => {
    const page = await write("in/a.json", record("A"));
    await write("in/._a.json", "not a page");
    await write("in/folder.json/b.json", record("B"));
    await symlink(page, join(folder, "in/link.json"));
    await promisify(execFile)("mkfifo", [join(folder, "in/pipe.json")]);
    await symlink(join(folder, "in/pipe.json"), join(folder, "in/piped.json"));
    expect(await map(join(folder, "in"))).toEqual({
      status: 0,
      stdout: ["A", "B", "A"].map(entity).join(""),
      stderr: expect.stringMatching(/^documents 3,/),
    });
  });

  it("standard input, plain or packed, with now as its collection time", async () => {
    for (const stdin of [record("A"), gzipSync(record("A"))]) {
      expect(await duoUdm(["map", "-"], { stdin })).toEqual({
        status: 0,
        stdout: entity("A"),
        stderr: counts(1, 1, 1),
      });
    }
  });

  it("a file with its modification time as collection time", async () => {
    const file = await write("page.json", record("A"));
    await utimes(file, new Date(AT), new Date(AT));
    expect((await duoUdm(["map", file])).stdout).toBe(entity("A"));
  });

  it("a page after a byte-order mark, and NDJSON with CRLF and blank lines", async () => {
    const marked = await write("marked.json", `\uFEFF${record("A")}`);
    const lines = await write("lines.ndjson", `${record("B")}\r\n\r\n${record("C")}\r\n`);
    expect((await map(marked, lines)).stdout).toBe(entity("A") + entity("B") + entity("C"));
  });

  it("a document spread over many lines", async () => {
    const file = await write("page.json", JSON.stringify(JSON.parse(page(record("A"))), null, 2));
    expect((await map(file)).stdout).toBe(entity("A"));
  });
});

describe("map rejects a document, and only that one:", () => {
  const cases: readonly [string, string | Buffer, string, string][] = [
    ["broken.json", '{"stat":"OK",\n "response":[{},]}', `:2:17: ${REJECTED}`, ""],
    ["empty.json", "", `:1:1: ${REJECTED}`, ""],
    ["html.json", "<html>\n<body>\n", `:1:1: ${REJECTED} (it looks like an HTML page)`, ""],
    [
      "utf16.json",
      Buffer.from("\uFEFF{}", "utf16le"),
      `:1:1: ${REJECTED} (it looks like UTF-16; save it as UTF-8)`,
      "",
    ],
    ["cut.ndjson", `${record("A")}\n{"epkey":`, `:2:10, document 1: ${REJECTED}`, entity("A")],
    ["first.ndjson", `{"epkey":\n${record("B")}\n`, `:1:10, document 0: ${REJECTED}`, entity("B")],
    ["two.ndjson", `{"epkey":\n{"epkey":\n${record("C")}\n`, `:1:10, document 0: ${REJECTED}`, entity("C")],
  ];

  it.each(cases)("%s, with its place", async (name, content, complaint, stdout) => {
    const file = await write(name, content);
    const good = await write("good.json", record("GOOD"));
    const ran = await map(file, good);
    expect(ran.stderr.split("\n")[0]).toBe(`duo-udm: ${file}${complaint}`);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({
      status: 1,
      stdout: stdout + entity("GOOD"),
    });
  });

  it("Duo's error answer, with Duo's code and message", async () => {
    const file = await write("fail.json", '{"stat":"FAIL","code":40103,"message":"Invalid signature"}');
    expect(await map(file)).toEqual({
      status: 1,
      stdout: "",
      stderr: `duo-udm: ${file}: DUO_STAT_FAIL: Duo answered with an error instead of records, so the document was rejected. (Duo says: 40103 Invalid signature)\n${counts(1, 0, 0, "skipped 0, issues 1 (DUO_STAT_FAIL 1)")}`,
    });
  });

  it("packed data that ends early, keeping every document before the break", async () => {
    const lines = Array.from({ length: 2000 }, (_, n) => record(`E${(n * 7919) % 10007}`));
    const packed = gzipSync(`${lines.join("\n")}\n`);
    const file = await write("cut.ndjson.gz", packed.subarray(0, packed.length >> 1));
    const { status, stdout, stderr } = await map(file);
    const kept = stdout.split("\n").length - 1;
    expect(stdout).toBe(
      lines
        .slice(0, kept)
        .map((line) => entity(JSON.parse(line).epkey))
        .join(""),
    );
    expect(kept).toBeGreaterThan(500);
    expect({ status, stderr: stderr.replace(/:\d+:\d+/, "") }).toEqual({
      status: 1,
      stderr: `duo-udm: ${file}, document ${kept}: ${REJECTED} (the gzip data is damaged or ends early)\n${counts(kept + 1, kept, kept, ONE_BROKEN)}`,
    });
  });

  it("packed data that ends early after a whole line", async () => {
    const packed = gzipSync(`${record("A")}\n${record("B")}\n`);
    const file = await write("cut.ndjson.gz", packed.subarray(0, packed.length - 6));
    const { status, stdout } = await map(file);
    expect({ status, stdout }).toEqual({ status: 1, stdout: entity("A") + entity("B") });
  });

  it("and prints twenty complaints at most, no control characters among them", async () => {
    const lines = Array.from({ length: 25 }, () => '{"stat":"FAIL","message":"\\u001b[31mred"}');
    const { stderr } = await map(await write("fails.ndjson", lines.join("\n")));
    const complaints = stderr.split("\n").slice(0, -2);
    expect(complaints.length).toBe(21);
    expect(complaints[0]).toContain("Duo says: \\u001b[31mred)");
    expect(complaints[20]).toBe("duo-udm: and 5 more; --issues FILE lists them all");
  });
});

describe("map writes", () => {
  it("a JSON array with --format json, an empty one for no entities", async () => {
    const file = await write("page.json", page(record("A"), `{"group_id":"DG1"}`, record("B")));
    const { stdout } = await map(file, "--format", "json");
    expect(JSON.parse(stdout)).toEqual([JSON.parse(entity("A")), JSON.parse(entity("B"))]);
    const none = await write("none.json", page());
    expect((await map(none, "--format", "json")).stdout).toBe("[]\n");
  });

  it("a file with --out, and nothing to standard output", async () => {
    const file = await write("in/page.json", record("A"));
    const out = join(folder, "new/folder/entities.ndjson");
    expect(await map(file, "--out", out)).toEqual({ status: 0, stdout: "", stderr: counts(1, 1, 1) });
    expect(await readFile(out, "utf8")).toBe(entity("A"));
    expect(await readdir(join(folder, "new/folder"))).toEqual(["entities.ndjson"]);
  });

  it("one file per input to a directory, below the names that the inputs have", async () => {
    await write("in/2026/duo-users-00000.json.gz", gzipSync(record("A")));
    await write("in/duo-users-00001.json", record("B"));
    const out = join(folder, "out/");
    expect((await map(join(folder, "in"), "--out", out)).status).toBe(0);
    expect(await readFile(join(out, "2026/duo-users-00000.ndjson"), "utf8")).toBe(entity("A"));
    expect(await readFile(join(out, "duo-users-00001.ndjson"), "utf8")).toBe(entity("B"));
  });

  it("nothing when two inputs would be written to one file of a directory", async () => {
    const one = await write("1/page.json", record("A"));
    const two = await write("2/page.json", record("B"));
    const out = join(folder, "out/");
    expect(await map(one, two, "--out", out)).toEqual({
      status: 2,
      stdout: "",
      stderr: `duo-udm: ${one} and ${two} would both be written to ${join(out, "page.ndjson")}\n`,
    });
  });

  it("a file anew without reading it as input, though it lies among the inputs", async () => {
    await write("page.json", record("A"));
    const out = await write("entities.ndjson", "what an earlier run left\n");
    expect((await map(folder, "--out", out)).status).toBe(0);
    expect(await readFile(out, "utf8")).toBe(entity("A"));
    expect(await map(out, "--out", out)).toEqual({
      status: 2,
      stdout: "",
      stderr: `duo-udm: ${out}: is both input and output\n`,
    });
  });

  it("nothing when the issues would be written to the same file", async () => {
    const file = await write("in/page.json", record("A"));
    const out = join(folder, "out.ndjson");
    const refused = async (issues: string, ...argv: string[]) =>
      expect(await map(file, ...argv, "--issues", issues)).toEqual({
        status: 2,
        stdout: "",
        stderr: `duo-udm: ${issues}: --issues names a file that the entities are written to\n`,
      });
    await refused(out, "--out", out);
    await refused(join(folder, "in/../out.ndjson"), "--out", out);
    await refused(join(folder, "out/page.ndjson"), "--out", join(folder, "out/"));
    await writeFile(out, "");
    await symlink(out, join(folder, "link.ndjson"));
    await refused(join(folder, "link.ndjson"), "--out", out);
    expect(
      (await map(file, "--out", join(folder, "out/"), "--issues", join(folder, "out/issues.ndjson"))).status,
    ).toBe(0);
  });

  it("issues whose paths have * for a key that may be somebody's data", async () => {
    const file = await write(
      "page.json",
      JSON.stringify({ user_id: "DU1", aliases: { "ada@example.com": {}, alias1: {} } }),
    );
    const issues = join(folder, "issues.ndjson");
    await map(file, "--profile", "enriched", "--issues", issues);
    const lines = (await readFile(issues, "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).path)).toEqual(["aliases.*", "aliases.alias1"]);
  });

  it("all others where one name is too long for a file", async () => {
    const name = "x".repeat(249);
    await write(`in/${name}.json`, record("A"));
    await write("in/y.json", record("B"));
    const out = join(folder, "out/");
    const { status, stderr } = await map(join(folder, "in"), "--out", out);
    expect({ status, stderr: stderr.split("\n")[0] }).toEqual({
      status: 3,
      stderr: `duo-udm: ${join(out, `${name}.ndjson`)}: cannot be written: ENAMETOOLONG`,
    });
    expect(await readFile(join(out, "y.ndjson"), "utf8")).toBe(entity("B"));
  });

  it("no file at all when it cannot finish", async () => {
    const file = await write("page.json", record("A"));
    const out = join(file, "entities.ndjson");
    const { status, stderr } = await map(file, "--out", out);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `duo-udm: ${out}: cannot be written: a part of the path is not a directory\n`,
    });
    expect(await readdir(folder)).toEqual(["page.json"]);
  });

  it("the line of the page in a list of pages", async () => {
    const file = await write("list.json", `[\n${page("1")},\n${page("2")}\n]`);
    const issues = join(folder, "list.issues.ndjson");
    await map(file, "--issues", issues);
    const lines = (await readFile(issues, "utf8")).match(/"line":\d+/g);
    expect(lines).toEqual(['"line":2', '"line":3']);
  });

  it("every issue with --issues, as NDJSON with sorted keys and without a raw value", async () => {
    const secret = "someone.private@example.com";
    const file = await write(
      "page.json",
      page(JSON.stringify({ epkey: "A", os_family: "iOS", model: [secret] }), "1"),
    );
    const issues = join(folder, "issues.ndjson");
    const ran = await map(file, "--issues", issues);
    const source = JSON.stringify(file);
    expect(await readFile(issues, "utf8")).toBe(
      [
        `{"code":"FIELD_TYPE","line":1,"message":"The field has a JSON type that the mapping cannot read, so it counts as absent.","path":"model","record":0,"row":"model","severity":"warning","source":${source}}`,
        `{"code":"PLATFORM_UNMAPPED","line":1,"message":"The mapping table does not know the operating system, so the platform was left out.","path":"os_family","record":0,"row":"os_family","severity":"warning","source":${source}}`,
        `{"code":"RECORD_NOT_OBJECT","line":1,"message":"The record is not a JSON object and was skipped.","record":1,"severity":"error","source":${source}}`,
        "",
      ].join("\n"),
    );
    expect(ran.stdout + ran.stderr).not.toContain(secret);
  });

  it("what became of the records as a sentence on a terminal, before the line of counts", async () => {
    const file = await write("page.json", JSON.stringify([{ epkey: "A" }, { group_id: "G" }]));
    const argv = ["map", file, "--out", join(folder, "out.ndjson"), "--collected-at", AT];
    const { stderr } = await duoUdm(argv, { isTerminal: true });
    expect(stderr).toBe(
      "1 of 2 records make entities; 1 does not: groups 1; 1 has no owner.\n" +
        "documents 1, records 2, entities 1, skipped 1 (NO_ASSET_IDENTITY 1), issues 1 (NO_ASSET_IDENTITY 1)\n",
    );
    expect((await duoUdm(argv)).stderr).toMatch(/^documents 1, .*\n$/);
  });

  it("the owner where --owner says", async () => {
    const file = await write("page.json", JSON.stringify({ epkey: "A", email: "ada@example.com" }));
    const owners = async (...argv: string[]) => {
      const entity = JSON.parse((await map(file, ...argv)).stdout);
      return [entity.relations?.[0].entity.user, entity.entity.user];
    };
    const ada = { email_addresses: ["ada@example.com"] };
    expect(await owners()).toEqual([ada, undefined]);
    expect(await owners("--owner", "relation")).toEqual([ada, undefined]);
    expect(await owners("--owner", "noun")).toEqual([undefined, ada]);
    expect(await owners("--owner", "both")).toEqual([ada, ada]);
  });
});

describe("map refuses", () => {
  it.each([
    [
      ["map"],
      "duo-udm: map needs an input: a file, a directory (*.json, *.ndjson, *.jsonl, plain or .gz), " +
        "s3://bucket/prefix, or - for standard input\n",
    ],
    [["map", "/no/such/page.json"], "duo-udm: /no/such/page.json: no such file or directory\n"],
    [["map", "-", "-"], "duo-udm: standard input (-) can be named only once\n"],
    [
      ["map", "-", "--collected-at", "yesterday"],
      "duo-udm: --collected-at takes ISO 8601, or epoch seconds (10 digits) or milliseconds (13 digits)\n",
    ],
  ])("%j with status 2 and a reason", async (argv, stderr) => {
    expect(await duoUdm(argv)).toEqual({ status: 2, stdout: "", stderr });
  });

  it("a directory without a page", async () => {
    expect(await map(folder)).toEqual({
      status: 2,
      stdout: "",
      stderr: `duo-udm: no pages found in ${folder}: a directory is searched for *.json, *.ndjson and *.jsonl, plain or .gz\n`,
    });
  });
});

describe("map where something cannot be read or written", () => {
  it("goes on past the input, and ends with status 3", async () => {
    await symlink(join(folder, "nowhere"), join(folder, "a.json"));
    await write("b.json", record("B"));
    const ran = await map(folder);
    expect(ran).toEqual({
      status: 3,
      stdout: entity("B"),
      stderr: `duo-udm: ${join(folder, "a.json")}: cannot be read: no such file or directory\n${counts(1, 1, 1)}`,
    });
  });

  it("leaves no issues behind", async () => {
    const file = await write("a.json", record("A"));
    const issues = join(folder, "issues.ndjson");
    const ran = await map(file, "--issues", issues, "--out", join(file, "out.ndjson"));
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/out\.ndjson: cannot be written: /);
    expect(await readdir(folder)).toEqual(["a.json"]);
  });
});
