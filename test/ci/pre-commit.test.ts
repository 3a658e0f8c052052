import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { RESOURCES } from "../../src/core/resource.ts";
import { duoUdm } from "../support/cli.ts";
import { listFiles, readText } from "../support/files.ts";
import { markedBlock } from "../support/markdown.ts";

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly args: readonly string[];
}
const HOOKS: readonly Hook[] = parse(readText(".pre-commit-hooks.yaml"));
const [HOOK] = HOOKS;
if (HOOK === undefined) throw new Error("no hook");

/** Runs the hook as pre-commit does: its entry, its arguments, the names of the files. */
function runHook(args: readonly string[], ...files: readonly string[]) {
  const [command, ...words] = HOOK?.entry.split(" ") ?? [];
  expect(command).toBe("duo-udm");
  return duoUdm([...words, ...args, ...files]);
}

describe("the hook of pre-commit", () => {
  it("passes pages that are ready, also pages that make no entity", async () => {
    const files = listFiles("fixtures/pages/groups", ".json").map((name) => `fixtures/pages/groups/${name}`);
    expect(await runHook(HOOK.args, ...files)).toMatchObject({ status: 0 });
  });

  it("fails on a page that is not ready", async () => {
    expect(await runHook(HOOK.args, "fixtures/invalid/stat-fail.json")).toMatchObject({ status: 1 });
  });

  it("takes the files that collect writes, and no other JSON", () => {
    const takes = new RegExp(HOOK.files);
    const written = RESOURCES.flatMap((resource) => [
      `duo/context/2026/01/31/duo-${resource}-00000.json`,
      `duo-${resource}-12345.ndjson`,
      `pages/duo-${resource}-00000.json.gz`,
    ]);
    expect(written.filter((name) => !takes.test(name))).toEqual([]);
    const others = [
      "package.json",
      "duo/manifests/2026/01/31/0a1b.json",
      "duo-logs-00000.json",
      "my-duo-users-1.json",
    ];
    expect(others.filter((name) => takes.test(name))).toEqual([]);
  });

  it("is configured in the documentation with a hook that there is, and with arguments of check", async () => {
    const { version }: { readonly version: string } = JSON.parse(readText("package.json"));
    const { repos }: { readonly repos: readonly { rev: string; hooks: readonly Partial<Hook>[] }[] } = parse(
      markedBlock("docs/ci.md", "pre-commit").text,
    );
    expect(repos.map(({ rev }) => rev)).toEqual([`v${version}`]);
    const [hook] = repos[0]?.hooks ?? [];
    expect(hook?.id).toBe(HOOK.id);
    expect(new RegExp(hook?.files ?? "").test("pages/duo-users-00000.json")).toBe(true);
    expect(await runHook(hook?.args ?? [], "fixtures/pages/endpoints/managed-mac.json")).toMatchObject({
      status: 0,
    });
  });
});
