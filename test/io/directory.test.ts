import { mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeDirectory } from "../../src/io/directory.ts";

async function temporary(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "duo-udm-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const codeOf = (path: string): Promise<unknown> =>
  makeDirectory(path).then(
    () => undefined,
    (error) => error.code,
  );

describe("a directory", () => {
  it("is made with those above it, also by many at once", async () => {
    const path = join(await temporary(), "a/b/c");
    await Promise.all(Array.from({ length: 20 }, () => makeDirectory(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it("may be there, or a link to one", async () => {
    const folder = await temporary();
    await mkdir(join(folder, "there"));
    await symlink("there", join(folder, "link"));
    expect(await codeOf(join(folder, "there"))).toBeUndefined();
    expect(await codeOf(join(folder, "link"))).toBeUndefined();
    expect(await codeOf("/")).toBeUndefined();
  });

  it("is not made where a file is, or where nothing can be made", async () => {
    const folder = await temporary();
    await writeFile(join(folder, "file"), "");
    expect(await codeOf(join(folder, "file"))).toBe("EEXIST");
    expect(await codeOf(join(folder, "file/below"))).toBe("ENOTDIR");
  });

  // With Node's own option for this, the call never ends on Linux.
  it("is refused where the system makes none", async () => {
    expect(await codeOf("/proc/nowhere/below")).toMatch(/^E[A-Z]+$/);
  });
});
