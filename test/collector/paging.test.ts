import { describe, expect, test } from "vitest";
import type { DuoPage } from "../../src/collector/duo.ts";
import { DuoApiError } from "../../src/collector/errors.ts";
import { Paging } from "../../src/collector/paging.ts";
import { readPage } from "../../src/core/page.ts";

function pageOf(offset: number, ids: readonly string[], metadata: object = {}): DuoPage {
  const document = { metadata, response: ids.map((user_id) => ({ user_id })), stat: "OK" };
  const totals = Object.entries(metadata).flatMap(([name, value]) =>
    name === "total_objects" ? [value] : [],
  );
  const page = readPage(document);
  const path = `/admin/v1/users?limit=2&offset=${offset}`;
  return {
    resource: "users",
    offset,
    limit: 2,
    path,
    body: Buffer.from(""),
    document,
    page,
    totalObjects: totals[0],
  };
}

/** What Duo's pages come to: where each next one starts, or the error's code and fault. */
function follow(...pages: readonly DuoPage[]): unknown[] {
  const paging = new Paging();
  let records = 0;
  const seen: unknown[] = [];
  try {
    for (const page of pages) {
      paging.accept(page);
      records += page.page.records.length;
      const next = paging.after(page);
      seen.push(next);
      if (next === undefined) paging.end(page, records);
    }
  } catch (error) {
    if (!(error instanceof DuoApiError)) throw error;
    seen.push(`${error.code}: ${error.detail.fault}`);
  }
  return seen;
}

describe("pages", () => {
  test("come to an end with the one that names no next", () => {
    expect(follow(pageOf(0, ["a", "b"], { next_offset: 2, total_objects: 3 }), pageOf(2, ["c"]))).toEqual([
      2,
      undefined,
    ]);
  });

  test("may be more or fewer than the limit, and overlap", () => {
    const pages = [
      pageOf(0, ["a", "b", "c"], { next_offset: 2, total_objects: 4 }),
      pageOf(2, ["c", "d"], { total_objects: 4 }),
    ];
    expect(follow(...pages)).toEqual([2, undefined]);
  });

  test.each([
    ["an empty page names a next one", [pageOf(0, [], { next_offset: 2 })]],
    [
      "the records of a page before came again",
      [pageOf(0, ["a", "b"], { next_offset: 2 }), pageOf(2, ["a", "b"], { next_offset: 4 })],
    ],
    [
      "the records of a page before came again",
      [
        pageOf(0, ["a", "b"], { next_offset: 2 }),
        pageOf(2, ["c", "d"], { next_offset: 4 }),
        pageOf(4, ["a", "b"], { next_offset: 6 }),
      ],
    ],
    [
      "metadata.next_offset lies beyond metadata.total_objects",
      [pageOf(0, ["a", "b"], { next_offset: 5, total_objects: 2 })],
    ],
    ["metadata.next_offset is not a number that grows", [pageOf(0, ["a"], { next_offset: 0 })]],
  ])("that would not come to an end are an error: %s", (fault, pages) => {
    expect(follow(...pages).at(-1)).toBe(`DUO_PAGING: ${fault}`);
  });

  test("whose records have no id are told apart by all that is in them, however deep", () => {
    const deep = (end: string, offset: number): DuoPage => {
      const text = `{"response": [{"a": ${"[".repeat(50_000)}${end}${"]".repeat(50_000)}}]}`;
      const document = { ...JSON.parse(text), metadata: { next_offset: offset + 1 } };
      return { ...pageOf(offset, []), body: Buffer.from(text), document, page: readPage(document) };
    };
    expect(follow(deep("1", 0), deep("2", 1))).toEqual([1, 2]);
    expect(follow(deep("1", 0), deep(" 1 ", 1))).toEqual([
      1,
      "DUO_PAGING: the records of a page before came again",
    ]);
  });

  test("may end up to one page behind total_objects, which may have shrunk", () => {
    expect(follow(pageOf(0, ["a", "b"], { next_offset: 4, total_objects: 2 }))).toEqual([4]);
  });

  test("that hold fewer records than announced at the first and at the last are an error", () => {
    const first = pageOf(0, ["a", "b"], { next_offset: 2, total_objects: 5 });
    expect(follow(first, pageOf(2, ["c"], { total_objects: 4 })).at(-1)).toBe("DUO_SHORT: 3 of 4 records");
    expect(follow(first, pageOf(2, ["c"], { total_objects: 3 })).at(-1)).toBe(undefined);
  });
});
