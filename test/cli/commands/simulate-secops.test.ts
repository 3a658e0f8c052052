import { describe, expect, it } from "vitest";
import { type SimulateSecopsOptions, simulateSecops } from "../../../src/cli/commands/simulate-secops.ts";
import { captured, duoUdm } from "../../support/cli.ts";
import { asset, INSTANCE } from "../../support/secops.ts";

/** Serves while `use` runs; it is given the environment that was printed. */
async function serving(options: SimulateSecopsOptions, use: (env: Map<string, string>) => Promise<void>) {
  return captured(async (io) => {
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const lines: string[] = [];
    const { stdout } = io;
    const write = stdout.write.bind(stdout);
    const printed = new Promise<void>((resolve) => {
      Object.assign(stdout, {
        write: (text: string | Uint8Array, done?: () => void) => {
          lines.push(...String(text).trim().split("\n"));
          if (lines.length >= 2) resolve();
          return write(text, done);
        },
      });
    });
    const served = simulateSecops(options, io, stopped);
    await Promise.race([printed, served]);
    await use(new Map(lines.map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)])));
    stop();
    return served;
  });
}

function send(env: Map<string, string>, id: string): Promise<Response> {
  return fetch(`${env.get("SECOPS_API_URL")}/v1beta/${INSTANCE}/entities:import`, {
    method: "POST",
    headers: { authorization: "Bearer token" },
    body: JSON.stringify({ inline_source: { entities: [asset(id)], log_type: "DUO_CONTEXT" } }),
  });
}

describe("simulate --api secops", () => {
  it("prints where it is and where tokens are, and does wrong what it is told", async () => {
    const options = { fault: ["unavailable,resource=import"], refuse: ["E2"] };
    const { status, stderr } = await serving(options, async (env) => {
      expect([...env.keys()]).toEqual(["SECOPS_API_URL", "GCE_METADATA_HOST"]);
      expect((await send(env, "E1")).status).toBe(503);
      expect((await send(env, "E1")).status).toBe(200);
      expect((await send(env, "E2")).status).toBe(400);
    });
    expect(status).toBe(0);
    expect(stderr).toContain("a SecOps instance is served on http://127.0.0.1:");
  });

  it.each([
    [["--api", "secops", "--parser", "owner=elsewhere"], "--parser takes any of owner=noun"],
    [["--api", "secops", "--fault", "stuck-offset"], "--fault takes KIND"],
    [["--parser", "owner=noun"], "--parser and --refuse need --api secops"],
  ])("ends with status 2 when called with %j", async (argv, message) => {
    const { status, stderr } = await duoUdm(["simulate", ...argv]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
