import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, it } from "vitest";
import { chunkMemory, Parcel, takeBack } from "../../src/work/handover.ts";
import { type MapChunk, mapSource } from "../../src/work/map-source.ts";
import { emptyCounts } from "../../src/work/tally.ts";
import type { Part } from "../../src/work/work.ts";

/** A chunk of so many bytes, in memory for chunks. */
function chunk(length: number, byte: number): Part<"map"> & { kind: "chunk" } {
  const memory = length > 1 << 20 ? new Uint8Array(length) : chunkMemory();
  const entities = memory.subarray(0, length).fill(byte);
  return { kind: "chunk", chunk: { entities, issues: "", complaints: [], counts: emptyCounts() } };
}

const end: Part<"map"> = { kind: "end" };

const bytesOf = ({ parts }: Parcel<"map">): string[] =>
  parts.map((part) =>
    part.kind === "end" ? "end" : `${part.chunk.entities.length} of ${part.chunk.entities[0]}`,
  );

it("a parcel holds its parts as they were added", () => {
  const parcel = new Parcel<"map">();
  const sizes = [3, 500_000, 100_000, 0, 200_000, 250_000, 3_000_000, 260_000, 240_000, 200_000, 200_000];
  const parts = sizes.flatMap((size, at) => [chunk(size, at), end]);
  for (const part of parts) parcel.add(part);
  expect(bytesOf(parcel)).toEqual(
    sizes.flatMap((size, at) => [`${size} of ${size === 0 ? undefined : at}`, "end"]),
  );
});

it("small chunks are in one memory, and their own is used for others at once", () => {
  const parcel = new Parcel<"map">();
  const added = [chunk(10, 1), chunk(20, 2), chunk(30, 3)];
  for (const part of added) parcel.add(part);
  expect(bytesOf(parcel)).toEqual(["10 of 1", "20 of 2", "30 of 3"]);
  expect(parcel.memories.length).toBe(1);
  const own = added.map((part) => part.chunk.entities.buffer);
  expect(own).not.toContain(parcel.memories[0]);
  const next = new Set<ArrayBufferLike>(added.map(() => chunkMemory().buffer));
  expect(own.map((memory) => next.has(memory))).toEqual([true, true, true]);
});

it("a large chunk keeps its memory, which is taken back with the parcel's", () => {
  const parcel = new Parcel<"map">();
  const large = chunk(500_000, 1);
  parcel.add(large);
  expect(parcel.memories.length).toBe(1);
  expect(parcel.memories[0]).toBe(large.chunk.entities.buffer);
  takeBack(parcel.memories);
  expect(chunkMemory().buffer).toBe(large.chunk.entities.buffer);
});

it("a chunk of one huge record is in memory of its own, which is not kept for others", () => {
  const parcel = new Parcel<"map">();
  parcel.add(chunk(3_000_000, 1));
  expect(parcel.memories).toEqual([]);
});

it("a parcel shares its memory with the thread it is sent to", () => {
  const parcel = new Parcel<"map">();
  for (const part of [chunk(3, 1), chunk(400_000, 2)]) parcel.add(part);
  const { parts, memories } = parcel;
  const { port1, port2 } = new MessageChannel();
  port1.postMessage({ parts, memories });
  const sent = receiveMessageOnPort(port2)?.message;
  port1.close();
  for (const part of sent.parts) part.chunk.entities[0] = 9;
  expect(bytesOf(parcel)).toEqual(["3 of 9", "400000 of 9"]);
});

it("memory that a huge record outgrows is used for others", async () => {
  const memory = chunkMemory().buffer;
  takeBack([memory]);
  const page = { response: [{ epkey: "EP1", model: "x".repeat(2_000_000) }] };
  const source = {
    name: "huge.json",
    relativeName: "huge.json",
    modified: "2026-01-02T03:04:05Z",
    open: async () => ({ bytes: Buffer.from(JSON.stringify(page)) }),
  };
  const chunks: MapChunk[] = [];
  for await (const one of mapSource(source, { asElements: false, withIssues: false })) chunks.push(one);
  expect(chunks[0]?.entities.length).toBeGreaterThan(2_000_000);
  expect(chunkMemory().buffer).toBe(memory);
});
