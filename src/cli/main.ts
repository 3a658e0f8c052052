#!/usr/bin/env node
/** The command. The only file that touches the process. */

import { fstatSync, type Stats } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers/promises";

// Keeps the AWS SDK from advising users to upgrade Node.js: they did not choose its version.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** How long a signal waits for parts of objects to be removed. */
const REMOVAL_MS = 2_000;

/** A file operation counts as stuck when it is pending for this long while the process does next to nothing. */
const STUCK_MS = 100;
const IDLE_US = 20_000;
/** How many times to look before the process counts as busy. */
const LOOKS = 5;

/** Removes the outputs that are half written. Before a command has begun, there are none. */
let removeUnfinished = (): Promise<unknown>[] => [];

/** Aborted by the first signal; set once a command has asked to be told rather than ended. */
const interruption = new AbortController();
let isTold = false;
let interruptedStatus: number | undefined;

/**
 * Whether a file operation does not come back: opening a named pipe that nobody writes to. `process.exit` would wait
 * for it forever; the signal itself does not.
 */
async function isStuck(): Promise<boolean> {
  const isPending = () => process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));
  for (let look = 0; look < LOOKS && isPending(); look++) {
    const before = process.cpuUsage();
    await setTimeout(STUCK_MS);
    const { user, system } = process.cpuUsage(before);
    if (isPending() && user + system < IDLE_US) return true;
  }
  return false;
}

for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, async () => {
    if (isTold && interruptedStatus === undefined) {
      interruptedStatus = status;
      interruption.abort();
      return;
    }
    const pending = removeUnfinished();
    if (pending.length > 0) await Promise.race([Promise.allSettled(pending), setTimeout(REMOVAL_MS)]);
    if (await isStuck()) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exit(status);
  });
}

// A closed pipe is reported to each write; the event must not become a stack trace.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

/** Which file standard output is, when a shell has redirected it to one. */
function stdoutFile(): Stats | undefined {
  try {
    const stats = fstatSync(1);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

const redirected = stdoutFile();

// Loaded now that a signal finds its handler.
const [{ unfinished }, { Status }, { run }] = await Promise.all([
  import("../io/output.ts"),
  import("./io.ts"),
  import("./run.ts"),
]);
removeUnfinished = () => [...unfinished].map((remove) => remove()).filter((one) => one !== undefined);

const status = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  ...(redirected && { stdoutFile: redirected }),
  env: process.env,
  now: () => new Date(),
  interruption: () => {
    isTold = true;
    return interruption.signal;
  },
});
process.exitCode = status === Status.DONE ? status : (interruptedStatus ?? status);
