import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { listFiles, readText } from "../support/files.ts";

/** The files that a file imports, types included. */
function importsOf(file: string): string[] {
  const paths = readText(file).matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+\.tsx?)"/g);
  return Array.from(paths, ([, path = ""]) => posix.join(posix.dirname(file), path));
}

/** The first circle of imports that is met, as the files in their order. */
function circleIn(files: readonly string[], imports: (file: string) => readonly string[]): string[] {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of imports(file)) {
      const circle = visit(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of files) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe("imports", () => {
  it("go round in no circle, not even for types", () => {
    const files = ["src", "playground"].flatMap((folder) =>
      [".ts", ".tsx"].flatMap((ending) => listFiles(folder, ending).map((file) => `${folder}/${file}`)),
    );
    expect(files).toContain("src/core/notes.ts");
    expect(importsOf("src/core/notes.ts")).toContain("src/core/reading.ts");
    expect(circleIn(files, importsOf)).toEqual([]);
  });

  it("that go round are found", () => {
    const imports = new Map([
      ["a", ["b", "c"]],
      ["c", ["d"]],
      ["d", ["c"]],
    ]);
    expect(circleIn(["a"], (file) => imports.get(file) ?? [])).toEqual(["c", "d", "c"]);
  });
});
