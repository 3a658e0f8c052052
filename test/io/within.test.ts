import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { unlessAborted, within } from "../../src/io/within.ts";

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

describe("work that takes no signal", () => {
  const never = new Promise<string>(() => {});
  const late = () => "late";

  test("is left alone in time", async () => {
    expect(await unlessAborted(new AbortController().signal, Promise.resolve("done"), late)).toBe("done");
  });

  test("is given up when the signal is aborted, also before it began", async () => {
    const stop = new AbortController();
    const work = unlessAborted(stop.signal, never, late);
    stop.abort();
    expect(await work).toBe("late");
    expect(await unlessAborted(AbortSignal.abort(), never, late)).toBe("late");
  });

  test("fails with what is thrown instead", async () => {
    const failing = unlessAborted(AbortSignal.abort(), never, () => {
      throw new RangeError("late");
    });
    await expect(failing).rejects.toThrow(RangeError);
  });
});
