import { describe, expect, it } from "vitest";
import { ISSUES } from "../../src/core/issue.ts";
import { type MappedPage, mapPage } from "../../src/index.ts";
import { listFiles, readText } from "../support/files.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

type Invalid = { document: unknown } & Omit<MappedPage, "entities">;

const FILES = listFiles("fixtures/invalid", ".json");

function readInvalid(file: string): Invalid {
  return JSON.parse(readText(`fixtures/invalid/${file}`));
}

describe("an invalid document gives exactly its issues, loses nothing else, and counts every record", () => {
  it.each(FILES)("%s", (file) => {
    const { document, ...expected } = readInvalid(file);
    const { entities, ...mapped } = mapPage(document, { collectedAt: COLLECTED_AT });
    expect(mapped).toEqual(expected);
    expect(entities).toHaveLength(expected.records - expected.skipped.length);
  });
});

describe("the invalid documents", () => {
  it("show every code that the mapping of a JSON value can give", () => {
    const shown = new Set(FILES.flatMap((file) => readInvalid(file).issues.map(({ code }) => code)));
    // The registry has the codes of documents first, then those of the vendor's mapping up to NO_ASSET_IDENTITY.
    const codes = Object.keys(ISSUES);
    const mapping = codes.slice(
      codes.indexOf("DOCUMENT_NOT_RECORDS"),
      codes.indexOf("NO_ASSET_IDENTITY") + 1,
    );
    expect([...shown].sort()).toEqual(mapping.sort());
  });
});
