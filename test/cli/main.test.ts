import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
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
      await setImmediate();
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
    const child = spawn(process.execPath, ["--import", hook, MAIN, "collect"], { stdio: "ignore" });
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
});
