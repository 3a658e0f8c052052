import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { playground } from "../../../src/cli/commands/playground.ts";
import { captured, duoUdm } from "../../support/cli.ts";
import { rootUrl } from "../../support/files.ts";

const HTML = readFileSync(rootUrl("dist/playground.html"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe("playground", () => {
  it("writes the page for its owner alone, and says nothing", async () => {
    const file = join(folder, "new/playground.html");
    expect(await duoUdm(["playground", "--out", file])).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readFileSync(file, "utf8")).toBe(HTML);
    expect(modeOf(file)).toBe(0o600);
  });

  it("keeps the mode of a file that it writes over, and leaves nothing beside it", async () => {
    const inside = mkdtempSync(join(folder, "over-"));
    const file = join(inside, "playground.html");
    writeFileSync(file, "before");
    chmodSync(file, 0o644);
    await duoUdm(["playground", "--out", file]);
    expect({ mode: modeOf(file), files: readdirSync(inside) }).toEqual({
      mode: 0o644,
      files: ["playground.html"],
    });
  });

  it("serves the page at the address that it prints, and nothing else, until it is stopped", async () => {
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { status, stderr } = await captured(async (io) => {
      const address = new Promise<string>((resolve) => {
        const { stdout } = io;
        const write = stdout.write.bind(stdout);
        Object.assign(stdout, {
          write: (text: string, done?: () => void) => {
            resolve(String(text).trim());
            return write(text, done);
          },
        });
      });
      const served = playground({ serve: true }, io, stopped);
      const url = await address;
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const answer = await fetch(url);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(await answer.text()).toBe(HTML);
      expect((await fetch(`${url}favicon.ico`)).status).toBe(404);
      expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(404);
      stop();
      return served;
    });
    expect(status).toBe(0);
    expect(stderr).toBe("duo-udm: the playground is served at this address; Ctrl-C ends it\n");
  });

  it("needs to be told which of the two", async () => {
    expect(await duoUdm(["playground"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "duo-udm: playground needs --out FILE.html to write the page, or --serve to serve it\n",
    });
  });
});
