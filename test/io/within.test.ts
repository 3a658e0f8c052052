import { once } from "node:events";
import { expect, test } from "vitest";
import { within } from "../../src/io/within.ts";

const aborted = async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, "abort");
  return "aborted";
};

test("work in time is left alone", async () => {
  expect(await within(60_000, [], async () => "done")).toBe("done");
  expect(await within(Number.POSITIVE_INFINITY, [], async (signal) => signal.aborted)).toBe(false);
});

test("work is told when its time is up, also when that is past already", async () => {
  expect(await within(5, [], aborted)).toBe("aborted");
  expect(await within(-5, [], aborted)).toBe("aborted");
});

test("work is told when any of the signals is aborted, also before it began", async () => {
  const stop = new AbortController();
  const work = within(60_000, [new AbortController().signal, stop.signal], aborted);
  stop.abort();
  expect(await work).toBe("aborted");
  expect(await within(60_000, [AbortSignal.abort()], aborted)).toBe("aborted");
});

test("what the work throws is thrown", async () => {
  const failing = within(60_000, [], async () => {
    throw new RangeError("no");
  });
  await expect(failing).rejects.toThrow(RangeError);
});
