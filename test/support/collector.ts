/** Helpers of the collector's tests: a clock that only sleeping moves, a place to write, a run against a simulator. */

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { type Collection, type CollectOptions, collect } from "../../src/collector/collect.ts";
import { loadConfig, type Overrides } from "../../src/collector/config.ts";
import { IDENTIFYING_KEY, RESOURCES } from "../../src/core/resource.ts";
import type { Env } from "../../src/io/env.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/duo.ts";

/** A clock for both sides; `waits` are the milliseconds slept, in order. */
export function fakeClock(start = Date.parse("2026-03-04T05:06:07Z")) {
  let time = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    random: () => 0.5,
    sleep: async (ms: number) => {
      waits.push(ms);
      time += ms;
    },
    /** Makes time pass otherwise than by sleeping. */
    pass: (ms: number) => {
      time += ms;
    },
  };
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "duo-udm-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** One for all tests of a file; call what it returns once they run. */
export function temporaryDirectoryForFile(): () => string {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "duo-udm-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return () => directory;
}

/** The files below a directory, by their path in it, in order. */
export async function filesBelow(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, Buffer>();
  for (const path of paths.sort()) files.set(path.slice(directory.length + 1), await readFile(path));
  return files;
}

export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator(options);
  onTestFinished(() => started.close());
  return started;
}

export interface Collected extends Collection {
  readonly directory: string;
  readonly files: Map<string, Buffer>;
  readonly simulator: Simulator;
  readonly clock: ReturnType<typeof fakeClock>;
}

/** Collects from a fresh simulator into a fresh directory, on a fake clock that both share. */
export async function collectFrom(
  simulated: SimulatorOptions,
  env: Env = {},
  options: CollectOptions = {},
  overrides: Overrides = {},
): Promise<Collected> {
  const clock = fakeClock();
  const duo = await simulator({ now: clock.now, users: 30, ...simulated });
  const directory = await temporaryDirectory();
  const config = loadConfig({ ...duo.env, ...env }, { to: directory, ...overrides });
  const collection = await collect(config, { ...clock, runId: "run", ...options });
  return { ...collection, directory, files: await filesBelow(directory), simulator: duo, clock };
}

/** The values of `field` over all raw pages of a resource, in the order of the pages. */
export function collectedIds(files: Map<string, Buffer>, resource: string, field: string): unknown[] {
  return [...files]
    .filter(([name]) => name.includes(`/duo-${resource}-`) && name.endsWith(".json"))
    .flatMap(([, body]) => {
      const { response }: { response: Record<string, unknown>[] } = JSON.parse(body.toString());
      return response.map((record) => record[field]);
    });
}

/** The codes of the errors of a run, by resource. */
export const errorsOf = ({ manifest }: Collected) =>
  Object.fromEntries(
    manifest.resources.flatMap(({ resource, error }) => (error ? [[resource, error.code]] : [])),
  );

/** Every record of the account stands in the raw pages, once, and in Duo's order. */
export function expectNothingLostNothingTwice({ files, simulator: { account } }: Collected): void {
  for (const resource of RESOURCES) {
    const key = IDENTIFYING_KEY[resource];
    const whole = account.page(resource, 0, account.sizes[resource]).map((record) => record[key]);
    expect(collectedIds(files, resource, key), resource).toEqual(whole);
  }
}
