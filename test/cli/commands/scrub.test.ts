import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { duoUdm } from "../../support/cli.ts";
import { temporaryDirectory } from "../../support/collector.ts";

let folder = "";
const at = (name: string): string => join(folder, name);
/** No line breaks, wherever the folder is. */
const WIDE = { columns: 400, env: { NO_COLOR: "1" } };

/** Gives the same replacements in every run. Random ones hold now and then what a test forbids, such as "B1". */
const KEY = ["--key", "secret"];

const ENDPOINTS = {
  stat: "OK",
  response: [
    {
      epkey: "EP1",
      username: "ada",
      email: "ada@example.com",
      model: "ThinkPad",
      badge: "B1",
      hardware_uuid: "None",
    },
    { epkey: "EP2", username: "", email: "bert@example.com", os_family: "Windows", model: "PC of ada" },
  ],
};
const PHONES = [{ phone_id: "DP1", number: "+15035550142", users: [{ username: "ada" }] }];

beforeEach(async () => {
  folder = await temporaryDirectory();
  await mkdir(at("pages/31"), { recursive: true });
  await writeFile(at("pages/31/duo-endpoints-00000.json"), JSON.stringify(ENDPOINTS));
  await writeFile(
    at("pages/31/duo-phones-00000.ndjson.gz"),
    gzipSync(PHONES.map((one) => JSON.stringify(one)).join("\n")),
  );
});

async function scrubbed(name: string): Promise<unknown> {
  return JSON.parse(await readFile(at(`shared/${name}`), "utf8"));
}

describe("--records-at", () => {
  test("leads to the records, also in texts and in base64; what stands around them is replaced", async () => {
    const record = { epkey: "EP1", username: "ada", os_family: "Windows", type: "mobile" };
    const packed = [
      { _source: record, by: "Ada" },
      { _source: JSON.stringify(record) },
      { _source: Buffer.from(JSON.stringify(record)).toString("base64") },
    ];
    await writeFile(at("export.json"), JSON.stringify(packed));
    const argv = ["scrub", at("export.json"), "--out", at("shared"), "--records-at", "[]._source", ...KEY];
    const { status, stderr } = await duoUdm(argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [name = ""] = await readdir(at("shared"));
    const text = await readFile(at(`shared/${name}`), "utf8");
    const [plain, quoted, encoded] = JSON.parse(text);
    expect(plain._source).toMatchObject({ os_family: "Windows", type: "mobile" });
    expect(JSON.parse(quoted._source)).toEqual(plain._source);
    expect(JSON.parse(Buffer.from(encoded._source, "base64").toString())).toEqual(plain._source);
    expect(text + JSON.stringify(plain)).not.toMatch(/\bada\b|EP1/i);
  });

  test("leaves out what has nothing there", async () => {
    await writeFile(at("export.json"), '{"_source":{"epkey":"EP1"}} {"other":"Ada"}');
    const argv = ["scrub", at("export.json"), "--out", at("shared"), "--records-at", "_source", ...KEY];
    const { status, stderr } = await duoUdm(argv);
    expect(status).toBe(1);
    expect(stderr).toContain("export.json, document 1: RECORDS_AT_NOTHING:");
    const [name = ""] = await readdir(at("shared"));
    expect(await readFile(at(`shared/${name}`), "utf8")).not.toMatch(/other|Ada/);
  });
});

describe("the pages", () => {
  test("are written below the directory by their own names, unpacked", async () => {
    const { status, stderr } = await duoUdm(["scrub", at("pages"), "--out", at("shared")]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await readdir(at("shared"), { recursive: true })).toEqual([
      ...["31", "31/duo-endpoints-00000.json", "31/duo-phones-00000.ndjson"],
    ]);
  });

  test("name the same people in the same way in all files, and no people that there are", async () => {
    await duoUdm(["scrub", at("pages"), "--out", at("shared"), ...KEY]);
    const endpoints = JSON.stringify(await scrubbed("31/duo-endpoints-00000.json"));
    const phones = JSON.stringify(await scrubbed("31/duo-phones-00000.ndjson"));
    const [, name] = /"username":"(\w+)"/.exec(phones) ?? [];
    expect(endpoints).toContain(`"username":"${name}"`);
    expect(endpoints).toContain(`"model":"PC of ${name}"`);
    expect(endpoints + phones).not.toMatch(/\bada\b|bert|50142|B1/);
  });

  test("are others each time, unless the key is the same", async () => {
    const runs = [[], [], KEY, KEY];
    const texts: string[] = [];
    for (const key of runs) {
      await duoUdm(["scrub", at("pages"), "--out", at("shared"), ...key]);
      texts.push(await readFile(at("shared/31/duo-endpoints-00000.json"), "utf8"));
    }
    expect(texts[0]).not.toBe(texts[1]);
    expect(texts[2]).toBe(texts[3]);
  });

  test("may come from standard input", async () => {
    const { status } = await duoUdm(["scrub", "-", "--out", at("shared")], {
      stdin: JSON.stringify(ENDPOINTS),
    });
    expect(status).toBe(0);
    expect(await scrubbed("stdin.json")).toMatchObject({ stat: "OK", response: [{ model: "ThinkPad" }, {}] });
  });

  test("are mapped and checked with the same counts", async () => {
    await duoUdm(["scrub", at("pages"), "--out", at("shared")]);
    const counts = async (pages: string): Promise<unknown> => {
      const { stdout } = await duoUdm(["check", pages, "--format", "json"]);
      return JSON.parse(stdout).summary;
    };
    expect(await counts(at("shared"))).toEqual(await counts(at("pages")));
  });
});

describe("the summary", () => {
  test("tells by field what was replaced and what was left", async () => {
    const { stdout } = await duoUdm(["scrub", at("pages"), "--out", at("shared")], WIDE);
    expect(
      stdout.replaceAll(folder, ""),
    ).toBe(`2 documents of 2 files scrubbed into /shared/: 10 values replaced, 4 left.

Replaced: email 2, epkey 2, number 1, phone_id 1, username 1, users[].username 1

Replaced because Duo's reference does not have the field (--keep FIELD leaves it as it is): badge 1

Replaced in part, because a technical field held an identifying value: model 1

Left because the field is technical: model 1, os_family 1, stat 1

Left because the value identifies nobody, such as a placeholder: hardware_uuid 1
`);
  });

  test("tells what was kept, and what was to be kept and is nowhere", async () => {
    const argv = ["scrub", at("pages"), "--out", at("shared"), "--keep", "badge", "--keep", "site"];
    const { stdout, stderr } = await duoUdm(argv, WIDE);
    expect(stdout).toContain("\nLeft with --keep: badge 1\n");
    expect(stderr).toBe("duo-udm: --keep site: the pages have no field of that name\n");
    expect(JSON.stringify(await scrubbed("31/duo-endpoints-00000.json"))).toContain('"badge":"B1"');
  });

  test("fits 80 columns and shows no value", async () => {
    const { stdout } = await duoUdm(["scrub", at("pages"), "--out", at("shared")]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toMatch(/ada|example|EP1/);
  });
});

describe("what cannot be read", () => {
  test("is left out, and the rest is written", async () => {
    await writeFile(
      at("pages/31/duo-endpoints-00000.json"),
      `${JSON.stringify(ENDPOINTS)}\n{"username": ada\n`,
    );
    const { status, stdout, stderr } = await duoUdm(["scrub", at("pages"), "--out", at("shared")]);
    expect(status).toBe(1);
    expect(stderr).toContain("JSON_INVALID");
    expect(stdout).toContain("2 documents of 2 files");
    expect(await scrubbed("31/duo-endpoints-00000.json")).toMatchObject({ stat: "OK" });
  });

  test("because it is nested without end is left out too", async () => {
    const deep = `{"notes":${"[".repeat(2000)}${"]".repeat(2000)}}`;
    await writeFile(at("pages/31/duo-endpoints-00000.json"), deep);
    const { status, stderr } = await duoUdm(["scrub", at("pages"), "--out", at("shared")]);
    expect(status).toBe(1);
    expect(await readdir(at("shared/31"))).toEqual(["duo-phones-00000.ndjson"]);
    expect(stderr).toMatch(/duo-endpoints-00000\.json: is nested too deep, and is left out\n$/);
  });

  test("is a wrong call when there is nothing to read or nowhere to write", async () => {
    expect((await duoUdm(["scrub", at("nowhere"), "--out", at("shared")])).status).toBe(2);
    expect((await duoUdm(["scrub", at("pages")])).status).toBe(2);
    expect((await duoUdm(["scrub", at("pages"), "--out", at("shared"), "--key", ""])).status).toBe(2);
  });
});
