import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, it } from "vitest";
import { keep, memoryOf, takeBack } from "../src/cli/handover.ts";

it("a kept chunk stays as it was, in memory that was taken back before", () => {
  const memory = memoryOf(keep({ entities: new Uint8Array([1, 2, 3]) }));
  takeBack(memory);
  const bytes = new Uint8Array([4, 5]);
  const kept = keep({ entities: bytes, issues: "x" });
  bytes.fill(0);
  expect(kept).toEqual({ entities: new Uint8Array([4, 5]), issues: "x" });
  expect(memoryOf(kept)).toBe(memory);
});

it("a kept chunk shares its memory with the thread it is sent to", () => {
  const kept = keep({ entities: new Uint8Array([1, 2, 3]) });
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(kept);
  const sent = receiveMessageOnPort(port2)?.message;
  port1.close();
  expect(sent).toEqual({ entities: new Uint8Array([1, 2, 3]) });
  sent.entities[0] = 9;
  expect(kept.entities).toEqual(new Uint8Array([9, 2, 3]));
});

it("a chunk of one huge record is kept, and its memory is not kept for others", () => {
  const huge = new Uint8Array(3_000_000).fill(7);
  const kept = keep({ entities: huge });
  expect(Buffer.compare(kept.entities, huge)).toBe(0);
  takeBack(memoryOf(kept));
  expect(memoryOf(keep({ entities: new Uint8Array(1) }))).not.toBe(memoryOf(kept));
});
