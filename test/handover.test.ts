import { expect, it } from "vitest";
import { addSpare, drop, keep, takeSpare } from "../src/cli/handover.ts";

it("a thread holds little spare memory, however much comes back to it", () => {
  for (let at = 0; at < 100; at++) drop({ entities: new Uint8Array(10) });
  addSpare(Array.from({ length: 100 }, () => new ArrayBuffer(10)));
  let held = 0;
  for (let taken = takeSpare(); taken.length > 0; taken = takeSpare()) held += taken.length;
  expect(held).toBe(8);
});

it("a kept chunk stays as it was, in memory that was dropped before", () => {
  const first = keep({ entities: new Uint8Array([1, 2, 3]) });
  drop(first.chunk);
  const bytes = new Uint8Array([4, 5]);
  const second = keep({ entities: bytes, issues: "x" });
  bytes.fill(0);
  expect(second).toEqual({
    chunk: { entities: new Uint8Array([4, 5]), issues: "x" },
    memory: first.memory,
  });
  expect(second.memory[0]).toBe(first.memory[0]);
});
