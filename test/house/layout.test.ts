import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { listFiles, readText } from "../support/files.ts";
import { blocksOf, rowsOf, sectionOf } from "../support/markdown.ts";

const DESIGN = "docs/design.md";

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

const files = ["src", "playground"].flatMap((folder) =>
  [".ts", ".tsx"].flatMap((ending) => listFiles(folder, ending).map((file) => `${folder}/${file}`)),
);

/** The room of a file below `src`. */
const roomOf = (file: string): string => /^src\/([a-z]+)\//.exec(file)?.[1] ?? "";

describe("imports", () => {
  it("go round in no circle, not even for types", () => {
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

describe("a command that works on files", () => {
  /** What a file loads when it is loaded itself: files, and modules of Node.js. */
  const loadedBy = (file: string, loaded = new Set<string>()): ReadonlySet<string> => {
    for (const [, name = ""] of readText(file).matchAll(
      /^(?:import|export) (?!type\b)[^;]*?from "([^"]+)"/gm,
    )) {
      const found = name.startsWith(".") ? posix.join(posix.dirname(file), name) : name;
      if (loaded.has(found)) continue;
      loaded.add(found);
      if (found.endsWith(".ts")) loadedBy(found, loaded);
    }
    return loaded;
  };

  it("loads nothing that talks over a network, which would make its start longer by a fifth", () => {
    expect(loadedBy("src/io/http.ts")).toContain("node:https");
    const commands = ["map", "check", "explain", "coverage", "table", "report", "compare", "scrub"];
    for (const command of ["run", ...commands.map((name) => `commands/${name}`)]) {
      const loaded = [...loadedBy(`src/cli/${command}.ts`)];
      expect(loaded.length).toBeGreaterThan(10);
      expect(loaded.filter((name) => /^node:(?:http|https|http2|tls|net|dns)$/.test(name))).toEqual([]);
    }
  });
});

describe("the rooms", () => {
  const lines =
    blocksOf(DESIGN)[0]
      ?.text.split("\n")
      .map((line) => line.trim().split(/\s+/)) ?? [];
  const inRooms = files.filter((file) => roomOf(file) !== "");
  /** The rooms outside of it that a room uses. */
  const usedBy = (room: string): string[] => {
    const used = inRooms.filter((file) => roomOf(file) === room).flatMap(importsOf);
    return [...new Set(used.map(roomOf))].filter((other) => other !== room).sort();
  };

  it("stand in docs/design.md, and use only rooms on the lines below their own", () => {
    const rooms = [...new Set(inRooms.map(roomOf))].sort();
    expect(lines.flat().sort()).toEqual(rooms);
    const wrong = lines.flatMap((line, at) =>
      line.flatMap((room) => {
        const below = at === lines.length - 1 ? line : lines.slice(at + 1).flat();
        return usedBy(room).flatMap((other) => (below.includes(other) ? [] : [`${room} uses ${other}`]));
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("use what the table says, besides core, profiles and text", () => {
    const said = rowsOf(sectionOf(DESIGN, "## The rooms")).flatMap(([name = "", , uses = ""]) => {
      const room = roomOf(`${name.replaceAll("`", "")}/`);
      if (room === "" || room === "cli") return [];
      return [[room, Array.from(uses.matchAll(/`([a-z]+)`/g), ([, other = ""]) => other).sort()]];
    });
    const found = said.map(([room]) => [
      room,
      usedBy(String(room)).filter((other) => !["core", "profiles", "text"].includes(other)),
    ]);
    expect(said).toEqual(found);
  });
});

it("keeps every file to 400 lines, but for the schemas", () => {
  const all = [
    ...files,
    ...["test", "scripts", "bench"].flatMap((folder) =>
      [".ts", ".mjs"].flatMap((ending) => listFiles(folder, ending).map((file) => `${folder}/${file}`)),
    ),
  ];
  const long = all.filter((file) => readText(file).split("\n").length > 401);
  expect(long.filter((file) => !file.endsWith(".schema.ts"))).toEqual([]);
});
