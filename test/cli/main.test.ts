import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "../../dist/cli/main.js");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** Opens a named pipe for writing once somebody opens it for reading. */
async function whenRead(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await setTimeout(5);
    }
  }
}

describe("a signal", () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("%s ends the command with status %d, however early it comes", async (signal, status) => {
    const whenFirstModuleLoads = dataUrl(`export function resolve(name, context, next) {
      if (name === "./run.js") process.kill(process.pid, "${signal}");
      return next(name, context);
    }`);
    const hook = dataUrl(`import { register } from "node:module"; register("${whenFirstModuleLoads}");`);
    // It waits for its input, so that it cannot end by itself before it hears the signal.
    const stdio = ["pipe", "ignore", "ignore"] as const;
    const child = spawn(process.execPath, ["--import", hook, MAIN, "map", "-"], { stdio: [...stdio] });
    expect(await once(child, "exit")).toEqual([status, null]);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("%s ends a command that waits for a named pipe", async (signal) => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const child = spawn(process.execPath, [MAIN, "map", pipe], { stdio: "ignore" });
    const ended = once(child, "exit");
    const writer = await whenRead(pipe);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    closeSync(writer);
  });

  it("leaves no temporary file behind", async () => {
    const out = join(folder, "out.ndjson");
    const stdio = ["pipe", "ignore", "ignore"] as const;
    const child = spawn(process.execPath, [MAIN, "map", "-", "--out", out], { stdio: [...stdio] });
    const ended = once(child, "exit");
    while ((await readdir(folder)).length === 0) {
      expect(child.exitCode).toBeNull();
      await setTimeout(5);
    }
    child.kill("SIGTERM");
    expect([await ended, await readdir(folder)]).toEqual([[143, null], []]);
  });
});

const record = (at: number) => JSON.stringify({ epkey: `EP${at}`, device_name: `host-${at}` });

describe("map", () => {
  it("ends quietly when the reader of its output has gone", async () => {
    const file = join(folder, "many.ndjson");
    await writeFile(file, Array.from({ length: 50_000 }, (_, at) => record(at)).join("\n"));
    const shell = `set -o pipefail; "$0" "$1" map "$2" | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", shell, process.execPath, MAIN, file]);
    expect([stdout.split("\n").length, stderr]).toEqual([2, ""]);
    expect(stdout).toContain('"product_object_id":"EP0"');
  });

  it("needs no more memory for more records", async () => {
    const file = join(folder, "many.ndjson");
    const lines = Array.from({ length: 50_000 }, (_, at) => record(at)).join("\n");
    await writeFile(file, Array.from({ length: 4 }, () => lines).join("\n"));
    // The texts of so many records, or of their entities, do not fit into this heap.
    const argv = ["--max-old-space-size=24", MAIN, "map", file, "--out", "/dev/null"];
    const { stderr } = await promisify(execFile)(process.execPath, argv);
    expect(stderr).toBe("documents 200000, records 200000, entities 200000, skipped 0, issues 0\n");
  });
});
