import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, it } from "vitest";
import { addSpare, drop, keep, takeSpare } from "../src/cli/handover.ts";

it("a thread holds little spare memory, however much comes back to it", () => {
  for (let at = 0; at < 100; at++) drop({ entities: new Uint8Array(10) });
  addSpare(Array.from({ length: 100 }, () => new SharedArrayBuffer(10)));
  let held = 0;
  for (let taken = takeSpare(); taken.length > 0; taken = takeSpare()) held += taken.length;
  expect(held).toBe(8);
});

it("a kept chunk stays as it was, in memory that was dropped before", () => {
  const first = keep({ entities: new Uint8Array([1, 2, 3]) });
  const { buffer } = first.entities;
  drop(first);
  const bytes = new Uint8Array([4, 5]);
  const second = keep({ entities: bytes, issues: "x" });
  bytes.fill(0);
  expect(second).toEqual({ entities: new Uint8Array([4, 5]), issues: "x" });
  expect(second.entities.buffer).toBe(buffer);
});

it("a chunk that was sent to another thread is still good in this one", () => {
  const kept = keep({ entities: new Uint8Array([1, 2, 3]) });
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(kept);
  const sent: unknown = receiveMessageOnPort(port2)?.message;
  port1.close();
  expect([kept, sent]).toEqual([
    { entities: new Uint8Array([1, 2, 3]) },
    { entities: new Uint8Array([1, 2, 3]) },
  ]);
});
