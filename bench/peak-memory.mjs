// Preloaded into a command: writes the peak of its resident memory, in kB, to the file PEAK_MEMORY when it ends.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";

/** The peak in kB. On Linux, that of resourceUsage starts from the parent's memory; VmHWM is the command's alone. */
function peak() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  return /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
}

if (isMainThread) process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY, String(peak())));
